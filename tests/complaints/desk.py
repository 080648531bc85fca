"""What tests of the desk share: a unit with its handler, a case taken down, the six steps, a case on its way."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from accounts.queries import names
from complaints import actions
from complaints.actions import IntakeSheet
from complaints.models import Case


def desk(cast):
    """Unit A has its handler (ORG-18) and its head; unit B a head only; above both the group department."""
    cast.units["GCD"].head = cast.staff["group_department"]
    cast.units["A"].complaint_handler, cast.units["A"].head = cast.staff["handler"], cast.staff["supervisor"]
    cast.units["B"].head = cast.staff["stranger_supervisor"]
    for code in ("GCD", "A", "B"):
        cast.units[code].save(update_fields=["complaint_handler", "head"])
    names.forget()
    return cast


def sheet(cast, kind="complaint", customer="gold", **values):
    """An intake of a kind that holds what it needs."""
    common = {
        "channel": "phone", "facts": "时间:昨晚\n地点:家里\n人物:客户本人\n经过:宽带断了两小时",
        "expectation": "尽快修好并减免当天费用" if kind in ("complaint", "quality") else "",
        "order_code": "roaming" if kind == "handling" else "",
        "category_code": "network" if kind == "complaint" else "",
    }  # fmt: skip
    return IntakeSheet(kind=kind, customer_id=cast.customers[customer].pk, **common | values)


def take(cast, kind="complaint", by=None, now=None, **values):
    """A case, taken down by the supervisor unless somebody else is named: he answers for none of them."""
    return actions.take_request(sheet=sheet(cast, kind, **values), by=by or cast.supervisor, now=now or timezone.now())


def step_data(step, today=None):
    """What each step must hold."""
    today = today or timezone.localdate()
    return {
        1: {"listened": True, "sympathy": True, "mood": "angry", "need": "希望有人负责"},
        2: {"apologised": True, "words": "真对不起,给您添麻烦了"},
        3: {"facts": "昨晚八点到十点断网", "restated": True, "understanding": True},
        4: {"information": "今晚检修线路", "options": ["减免三天月费", "换新光猫"], "expectation": "明天中午前恢复"},
        5: {"agreed": "减免三天并换光猫", "satisfaction": 4},
        6: {"apologised": True, "follow_up_on": today + timedelta(days=3)},
    }[step]  # fmt: skip


def record(case, steps, by, now=None):
    """Steps on record, in the order given."""
    for step in steps:
        actions.record_step(case_id=case.pk, step=step, data=step_data(step), by=by, now=now or timezone.now())


TOLD = {"text": "线路已修好,减免三天月费", "method": "phone"}


def bring(cast, state, kind="complaint", **values):
    """A case in a state, by the shortest way of the real deeds."""
    now = values.pop("now", None) or timezone.now()
    case = take(cast, kind, now=now, **values)
    by = cast.handler
    if state == "received":
        return fresh(case)
    actions.accept_case(case_id=case.pk, by=by, now=now)
    if state in ("waiting_customer", "appointed"):
        until = now + timedelta(hours=3) if state == "appointed" else None
        actions.pause_case(case_id=case.pk, state=state, reason="客户不在家", until_at=until, by=by, now=now)
    if state == "merged":
        other = take(cast, kind, now=now, **values)
        actions.merge_cases(survivor_id=other.pk, merged_id=case.pk, by=by, now=now)
    if state in ("replied", "closed"):
        answer(case, by, now, close=state == "closed")
    return fresh(case)


def answer(case, by, now, *, close=False):
    """The told result of an accepted case, after its steps; closed when asked."""
    if case.kind == "complaint":
        record(case, range(1, 6), by, now)
    if case.kind == "handling":
        for position in range(len(case.order_type.steps)):
            actions.finish_order_step(case_id=case.pk, position=position, by=by, now=now)
    actions.reply_case(case_id=case.pk, **TOLD, by=by, now=now)
    if close:
        if case.kind == "complaint":
            record(case, [6], by, now)
        actions.close_case(case_id=case.pk, by=by, now=now)


def fresh(case):
    """The case as it is in the table now."""
    return Case.unscoped.select_related("customer", "order_type").get(pk=case.pk)

"""Every deed × every state × everybody: the table of deeds, written out by hand a second time."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from complaints import actions
from complaints.actions.deeds import do_deed
from complaints.actions.reach import WrongState
from complaints.models import CaseEntry
from complaints.queries.cases import case_detail
from crm.core.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound
from tests.complaints.desk import bring, desk, fresh, step_data, take

pytestmark = pytest.mark.django_db
ALL = "received handling waiting_customer appointed replied closed merged"
OPEN = "received handling waiting_customer appointed replied"
WORK = "handling waiting_customer appointed"
# Deed → states, who may. "m" manager and handler handle, "s" supervisor and handler give, "j" the supervisor judges.
HANDLES, GIVES, JUDGES = {"manager", "handler"}, {"supervisor", "handler"}, {"supervisor"}
DEEDS = {
    "accept": ("received", HANDLES),
    "pause": ("handling", HANDLES),
    "appoint": ("handling", HANDLES),
    "resume": ("waiting_customer appointed", HANDLES),
    "reply": ("handling", HANDLES),
    "not_satisfied": ("replied", HANDLES | GIVES),
    "close": ("replied", HANDLES),
    "reopen": ("closed", HANDLES | GIVES),
    "merge": (OPEN, HANDLES | GIVES),
    "undo_merge": ("merged", HANDLES | GIVES),
    "assign": (OPEN, GIVES),
    "propose": (f"{WORK} replied closed", HANDLES),
    "judge": ("replied closed", JUDGES),
    "cause": (f"{WORK} replied closed", HANDLES | GIVES | JUDGES),
    "dispatch": (WORK, HANDLES | GIVES),
    "escalate": (WORK, HANDLES | GIVES),
    "note": (f"{OPEN} closed", HANDLES | GIVES | JUDGES),
    "said": (f"{OPEN} closed", HANDLES | GIVES),
    "update": (f"received {WORK}", HANDLES),
    "step": ("handling replied", HANDLES),
    "correct": (OPEN, HANDLES | GIVES),
    "attach": (f"{OPEN} closed", HANDLES | GIVES),
}
SEES = {"manager", "supervisor", "handler", "market_manager", "group_department", "service_director", "back_office",
        "director"}  # fmt: skip


def deed_on(cast, case, deed, other):
    """The deed with values that would do."""
    now = timezone.now()
    values = {
        "pause": {"reason": "等客户"},
        "appoint": {"reason": "约定上门", "until_at": now + timedelta(hours=2)},
        "reply": {"text": "已修好", "method": "phone"},
        "not_satisfied": {"reason": "仍断线"},
        "reopen": {"reason": "又断了"},
        "merge": {"into_id": other.pk},
        "assign": {"to_staff_id": cast.staff["manager"].pk},
        "propose": {"judgement": "justified"},
        "judge": {"judgement": "unjustified"},
        "cause": {"cause": "光缆老化"},
        "dispatch": {"to_unit_id": cast.units["SC"].pk, "text": "请勘察"},
        "escalate": {"reason": "超出权限"},
    }
    plain = {
        "note": (actions.add_note, {"text": "已联系"}),
        "said": (actions.add_said, {"text": "客户说还没好"}),
        "update": (actions.add_update, {"text": "正在查", "method": "phone"}),
        "correct": (actions.correct_case, {"changes": {"numbers": "13900000002"}}),
    }
    if deed in plain:
        action, given = plain[deed]
        return lambda by: action(case_id=case.pk, **given, by=by, now=now)
    if deed == "step":
        step = 6 if case.state == "replied" else 1
        return lambda by: actions.record_step(case_id=case.pk, step=step, data=step_data(step), by=by, now=now)
    if deed == "attach":
        return lambda by: actions.add_case_file(
            case_id=case.pk, upload=ContentFile("证据".encode(), name="a.txt"), by=by, now=now
        )
    return lambda by: do_deed(case_id=case.pk, deed=deed, values=values.get(deed, {}), by=by, now=now)


def outcome(act, by):
    """What becomes of it; every trace is taken back."""
    with transaction.atomic():
        try:
            act(by)
            found = "done"
        except NotFound:
            found = "unseen"
        except NotAllowed:
            found = "refused"
        except (WrongState, DomainError) as why:
            found = why.code
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("state", ALL.split())
def test_every_deed_by_everybody(cast, state):
    """PLT-7, CMP-1, CMP-4: unseen → 404, no right → 403, wrong state → 409, else done; the buttons say the same."""
    desk(cast)
    case, other = bring(cast, state), take(cast)
    case = fresh(case)
    wrong = {}
    for who, user in cast.users.items():
        buttons = case_detail(user.access, case.pk, now=timezone.now()).allowed if who in SEES else frozenset()
        for deed, (states, may) in DEEDS.items():
            found = outcome(deed_on(cast, case, deed, other), user)
            if who not in SEES:
                expected = "unseen"
            elif who not in may:
                expected = "refused"
            elif state not in states.split():
                expected = "wrong_state"
            elif (deed, state) in (("reply", "handling"), ("close", "replied")):
                expected = "steps_missing"
            else:
                expected = "done"
            if found != expected:
                wrong[who, deed] = f"{found} instead of {expected}"
            if (deed in buttons) != (expected == "done"):
                wrong[who, deed, "button"] = deed in buttons
    assert wrong == {}


def test_the_back_office_works_on_orders_only(cast):
    """SAL-41: business handling is the back office's too, from accepting to its last step; complaints are not."""
    desk(cast)
    now, case = timezone.now(), take(cast, "handling", order_code="open_account")
    complaint = take(cast)
    with pytest.raises(NotAllowed):
        actions.accept_case(case_id=complaint.pk, by=cast.back_office, now=now)
    actions.accept_case(case_id=case.pk, by=cast.back_office, now=now)
    with pytest.raises(NotAllowed):
        actions.finish_order_step(case_id=case.pk, position=0, by=cast.manager, now=now)
    for position in range(3):
        actions.finish_order_step(case_id=case.pk, position=position, by=cast.back_office, now=now)
    with pytest.raises(NotAllowed):
        actions.reply_case(case_id=case.pk, text="办好了", method="phone", by=cast.back_office, now=now)


def test_whoever_answers_for_a_case_may_handle_it(cast):
    """ORG-18: a complaint without a handler goes to the unit's head, whose post alone would not let him handle it."""
    cast.units["A"].head = cast.staff["supervisor"]
    cast.units["A"].save(update_fields=["head"])
    now, case = timezone.now(), take(cast, by=cast.manager)
    assert case.owner_id == cast.staff["supervisor"].pk
    assert "accept" in case_detail(cast.supervisor.access, case.pk, now=now).allowed
    actions.accept_case(case_id=case.pk, by=cast.supervisor, now=now)
    assert fresh(case).state == "handling"


def test_an_old_version_tells_what_has_changed(cast):
    """Safety 33, issue: two handlers on one case → a conflict that says who did what; nothing is lost."""
    desk(cast)
    now, case = timezone.now(), bring(cast, "handling")
    seen = case.version
    actions.add_note(case_id=case.pk, text="机密内容", by=cast.manager, now=now)
    actions.pause_case(case_id=case.pk, state="waiting_customer", reason="等回电", by=cast.manager, now=now)
    with pytest.raises(Conflict) as refusal:
        actions.resume_case(case_id=case.pk, version=seen, by=cast.handler, now=now)
    current = refusal.value.current
    assert (current["version"], current["state"]) == (seen + 2, "waiting_customer")
    assert [row["by"] for row in current["changes"]] == ["林晓", "林晓"]
    assert "机密" not in str(current)
    with pytest.raises(WrongState):
        actions.pause_case(
            case_id=case.pk, state="waiting_customer", reason="等回电", version=seen + 2, by=cast.handler, now=now
        )


def test_bulk_goes_through_the_same_guard(cast):
    """Issue: bulk trying to skip; decisions 14: one out of sight stops all, one refused stops only itself."""
    desk(cast)
    now = timezone.now()
    ready, early, done = bring(cast, "replied"), bring(cast, "handling"), bring(cast, "replied", "enquiry")
    foreign = take(cast, customer="strangers", by=cast.stranger)
    with pytest.raises(NotFound):
        actions.act_on_cases(case_ids=[done.pk, foreign.pk], deed="close", by=cast.handler, now=now)
    assert fresh(done).state == "replied"
    rows = actions.act_on_cases(case_ids=[ready.pk, early.pk, done.pk], deed="close", by=cast.handler, now=now)
    assert {row.case_id: row.code for row in rows} == {
        ready.pk: "steps_missing", early.pk: "wrong_state", done.pk: ""
    }  # fmt: skip
    assert (fresh(ready).state, fresh(early).state, fresh(done).state) == ("replied", "handling", "closed")
    with pytest.raises(Invalid):
        actions.act_on_cases(case_ids=[ready.pk], deed="reply", by=cast.handler, now=now)


def test_a_refused_deed_leaves_no_line(cast):
    """Safety 2: refused first, nothing written."""
    desk(cast)
    case = bring(cast, "handling")
    before = CaseEntry.unscoped.count(), case.version
    for act in (
        lambda: actions.close_case(case_id=case.pk, by=cast.handler, now=timezone.now()),
        lambda: actions.judge_case(case_id=case.pk, judgement="justified", by=cast.manager, now=timezone.now()),
    ):
        with pytest.raises(DomainError):
            act()
    assert (CaseEntry.unscoped.count(), fresh(case).version) == before

"""The intake, the page of a case and each of its deeds; beside the row of desk_cases one in each other state."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from complaints.models import Case, CaseClock, CaseMerge, CasePause, CaseStep, OrderType
from tests.guards.rooms.desk_cases import CASE_READERS, SEES_CASES
from tests.guards.route_rows import VISITORS, get, page, post

TAKERS = f"{VISITORS} handler service_centre"
# A complaint in the hands of its manager: who handles, who gives, who judges (rules.cases).
HANDLE, ASSIGN, JUDGE = "manager handler", "supervisor handler", "supervisor"
EITHER = "manager supervisor handler"
# Deed → the case it is done to, and who has the right to it.
DEEDS = {
    "accept": ("case_received", HANDLE), "pause": ("case", HANDLE), "appoint": ("case", HANDLE),
    "resume": ("case_paused", HANDLE), "reply": ("case_ready", HANDLE), "not_satisfied": ("case_replied", EITHER),
    "close": ("case_replied", HANDLE), "reopen": ("case_closed", EITHER), "assign": ("case", ASSIGN),
    "merge": ("case", EITHER), "undo_merge": ("case_merged", EITHER), "dispatch": ("case", EITHER),
    "escalate": ("case", EITHER), "propose": ("case", HANDLE), "judge": ("case_replied", JUDGE),
    "cause": ("case", EITHER), "correct": ("case", EITHER), "attach": ("case", EITHER), "note": ("case", EITHER),
    "said": ("case", EITHER), "update": ("case", HANDLE), "order_step": ("case_order", f"{HANDLE} back_office"),
    "step": ("case", HANDLE),
}  # fmt: skip


# Above the supervisor nobody is left to report to in this house.
ALSO = {"escalate": {"supervisor": 400}}


def _without(who: str) -> str:
    """Those who see the case and have no right to a deed."""
    return " ".join(name for name in SEES_CASES.split() if name not in who.split())


ROUTES = [
    page("complaints:case_new", "", get(TAKERS),
         post(TAKERS, but={"teammate stranger stranger_supervisor": 404})),
    page("complaints:case_customers", "", get(TAKERS), post(TAKERS, status=200)),
    page("complaints:case_known", "", post(TAKERS, status=200)),
    page("complaints:case_guide", "", get(TAKERS)),
    page("complaints:case_detail", "case", get(CASE_READERS, SEES_CASES)),
    page("complaints:case_of_clock", "case_clock", get(CASE_READERS, SEES_CASES, status=302)),
    page("complaints:case_receipt", "case", get(TAKERS, "supervisor")),
    page("complaints:case_file", "case case_file", get(CASE_READERS, SEES_CASES)),
    *(
        page(f"complaints:case_{name}", case, get(CASE_READERS, SEES_CASES, but={_without(who): 403}),
             post(CASE_READERS, SEES_CASES, but={_without(who): 403} | ALSO.get(name, {})))
        for name, (case, who) in DEEDS.items()
    ),
]  # fmt: skip


def _intake(w: Any) -> dict[str, Any]:
    return {
        "kind": "complaint", "customer": w.rows["a"]["customer"].pk, "channel": "phone", "facts": "昨晚断网",
        "expectation": "尽快修好", "client_key": "6f0c6f0e-6f50-4f0a-8d7d-1f3c5b7a9e01", "level": "ordinary",
    }  # fmt: skip


def _moment(days: int) -> str:
    return f"{timezone.localtime() + timedelta(days=days):%Y-%m-%dT%H:%M}"


BODIES: dict[str, Any] = {
    "complaints:case_new": _intake,
    "complaints:case_customers": lambda w: {"q": "不是号码"},
    "complaints:case_known": lambda w: {
        "customer": w.rows["a"]["customer"].pk,
        "kind": "complaint",
        "category_code": "network",
        "facts": "昨晚断网",
    },
    "complaints:case_pause": lambda w: {"reason": "等客户回电"},
    "complaints:case_appoint": lambda w: {"reason": "约好上门", "until_at": _moment(1)},
    "complaints:case_reply": lambda w: {"text": "已修好", "method": "phone"},
    "complaints:case_not_satisfied": lambda w: {"reason": "还是断"},
    "complaints:case_reopen": lambda w: {"reason": "又断了"},
    "complaints:case_assign": lambda w: {"to_staff_id": w.cast.staff["supervisor"].pk},
    "complaints:case_merge": lambda w: {"into_id": w.rows["a"]["case_received"].pk},
    "complaints:case_dispatch": lambda w: {"to_unit_id": w.cast.units["BSC"].pk, "text": "请查线路"},
    "complaints:case_escalate": lambda w: {"reason": "本级解决不了"},
    "complaints:case_propose": lambda w: {"judgement": "justified", "note": "属实"},
    "complaints:case_judge": lambda w: {"judgement": "justified", "note": "属实"},
    "complaints:case_cause": lambda w: {"cause": "线路老化"},
    "complaints:case_correct": lambda w: {"level": "serious", "facts": "前晚断网", "expectation": "道歉"},
    "complaints:case_attach": lambda w: {"file": SimpleUploadedFile("a.txt", b"note", "text/plain")},
    "complaints:case_note": lambda w: {"text": "已联系网络部"},
    "complaints:case_said": lambda w: {"text": "还是断"},
    "complaints:case_update": lambda w: {"text": "正在抢修", "method": "phone"},
    "complaints:case_order_step": lambda w: {"position": 0},
    "complaints:case_step": lambda w: {"step": 2, "apologised": "on"},
}
PROBES = {
    "complaints:case_new": ("customer={customer}&kind=complaint", "q={number}&find=1"),
    "complaints:case_customers": ("q={number}",),
}
# A page of many parts, one statement each.
MOST = {"complaints:case_detail": 17}
LISTS = frozenset({"complaints:case_detail", "complaints:case_new"})
# Ticks of a step: there or not.
FLAGS = frozenset({"apologised"})
QUIET = frozenset({"complaints:case_customers", "complaints:case_known"})


def furnish(cast: Any, rows: dict[str, Any], who: Any) -> None:
    """A case of the side's manager in every state that a deed begins in."""
    now, word, by = timezone.now(), rows["word"], rows["manager_user"]

    def case(name: str, state: str, **more: Any) -> Case:
        common = {
            "number": f"TS-2020{len(rows):04d}-{rows['unit'].pk:04d}", "kind": "complaint", "channel": "phone",
            "customer": rows["customer"], "facts": word, "expectation": word, "received_at": now - timedelta(hours=2),
            "received_by": rows["boss_user"], "logged_at": now, "manager": rows["manager"], "unit": rows["unit"],
            "owner": rows["manager"], "state": state,
        }  # fmt: skip
        rows[name] = Case.unscoped.create(**common | more)
        return rows[name]

    case("case_received", "received")
    pause = {"state": "waiting_customer", "reason": word, "began_at": now, "began_by": by}
    CasePause.unscoped.create(case=case("case_paused", "waiting_customer"), **pause)
    told = {"result": word, "reply_method": "phone", "replied_at": now}
    ready, replied = case("case_ready", "handling"), case("case_replied", "replied", **told)
    for row, last in ((ready, 5), (replied, 6)):
        CaseStep.unscoped.bulk_create(
            CaseStep(case=row, step=step, data={"need": word}, done_at=now, done_by=by) for step in range(1, last + 1)
        )
    rows["case_clock"] = CaseClock.unscoped.create(
        case=rows["case"], kind="solution", hours="office", target_minutes=60, started_at=now,
        due_at=now + timedelta(hours=1), state="void", round=9,
    )  # fmt: skip
    case("case_closed", "closed", closed_at=now, closed_by=by, **told)
    merged = case("case_merged", "merged", merged_into=rows["case"])
    CaseMerge.unscoped.create(
        survivor=rows["case"], merged=merged, state_before="handling", reason=word, merged_at=now, merged_by=by
    )
    case("case_order", "handling", kind="handling", order_type=OrderType.objects.get(code="roaming"), numbers=word)

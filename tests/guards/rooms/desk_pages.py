"""The intake, the page of a case and each of its deeds; their rows are those of the room desk_cases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from tests.guards.rooms.desk_cases import CASE_READERS, SEES_CASES
from tests.guards.route_rows import VISITORS, get, page, post

TAKERS = f"{VISITORS} handler service_centre"
# A complaint in the hands of its manager: who handles, who gives, who judges (rules.cases).
HANDLE, ASSIGN, JUDGE = "manager handler", "supervisor handler", "supervisor"
EITHER = "manager supervisor handler"
# Deed → who has the right, and what its post answers in this state (409: not in this state, 400: nothing to choose).
DEEDS = {
    "accept": (HANDLE, 409), "pause": (HANDLE, 302), "appoint": (HANDLE, 302), "resume": (HANDLE, 409),
    "reply": (HANDLE, 409), "not_satisfied": (EITHER, 409), "close": (HANDLE, 409), "reopen": (EITHER, 409),
    "assign": (ASSIGN, 302), "merge": (EITHER, 400), "undo_merge": (EITHER, 409), "dispatch": (EITHER, 302),
    "escalate": (EITHER, 302), "propose": (HANDLE, 302), "judge": (JUDGE, 409), "cause": (EITHER, 302),
    "correct": (EITHER, 302), "attach": (EITHER, 302), "note": (EITHER, 302), "said": (EITHER, 302),
    "update": (HANDLE, 302), "order_step": (HANDLE, 400), "step": (HANDLE, 302),
}  # fmt: skip


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
    page("complaints:case_receipt", "case", get(TAKERS, "supervisor")),
    page("complaints:case_file", "case case_file", get(CASE_READERS, SEES_CASES)),
    *(
        page(f"complaints:case_{name}", "case", get(CASE_READERS, SEES_CASES, but={_without(who): 403}),
             post(CASE_READERS, SEES_CASES, status, but={_without(who): 403}))
        for name, (who, status) in DEEDS.items()
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
    "complaints:case_known": _intake,
    "complaints:case_pause": lambda w: {"reason": "等客户回电"},
    "complaints:case_appoint": lambda w: {"reason": "约好上门", "until_at": _moment(1)},
    "complaints:case_reply": lambda w: {"text": "已修好", "method": "phone"},
    "complaints:case_not_satisfied": lambda w: {"reason": "还是断"},
    "complaints:case_reopen": lambda w: {"reason": "又断了"},
    "complaints:case_assign": lambda w: {"to_staff_id": w.cast.staff["supervisor"].pk},
    "complaints:case_merge": lambda w: {"into_id": w.rows["a"]["case"].pk},
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
LISTS = frozenset({"complaints:case_detail", "complaints:case_new"})
QUIET = frozenset({"complaints:case_customers", "complaints:case_known"})

"""Assigned tasks: the side's task is the manager's, given by his supervisor."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Task
from tests.guards.route_rows import READERS, get, page, post

SEES = f"{READERS} service_centre"
GIVERS = "supervisor stranger_supervisor group_department director"
OF_A = "manager supervisor market_manager group_department director"
ROUTES = [
    page("accounts:task_list", "", get(SEES)),
    page("accounts:task_figures", "", get(SEES)),
    page("accounts:task_new", "", get(GIVERS), post(GIVERS, but={"stranger_supervisor": 400})),
    page("accounts:task_detail", "order", get(SEES, OF_A), post(SEES, OF_A, 403, but={"manager": 302})),
    page("accounts:task_return", "finished_order",
         post(GIVERS, "supervisor group_department director", 403, but={"supervisor": 302})),
    page("accounts:task_withdraw", "order",
         post(GIVERS, "supervisor group_department director", 403, but={"supervisor": 302})),
]  # fmt: skip
BODIES = {
    "accounts:task_new": lambda w: {
        "staff_number": w.rows["a"]["manager_user"].username,
        "title": "收集名单",
        "source": "city",
        "due_on": str(timezone.localdate() + timedelta(days=2)),
    },
    "accounts:task_detail": lambda w: {"result": "已交"},
    "accounts:task_return": lambda w: {"remark": "再补"},
}
PROBES = {"accounts:task_list": ("tab=given", "tab=mine", "tab=team&state=all", "tab=team&staff={manager}")}
LISTS = {"accounts:task_list"}
EMPTY = {"accounts:task_list": ("manager", ""), "accounts:task_figures": ("manager", "")}
NOTHING_FOUND = {"accounts:task_list": ("manager", "?state=overdue")}


def made(rows: dict[str, Any], **more: Any) -> Task:
    """A task of the side, of no customer."""
    now = timezone.now()
    values = {
        "kind": "assigned", "staff": rows["manager"], "title": rows["word"], "reason": rows["word"], "source": "city",
        "due_on": timezone.localdate(now) + timedelta(days=1), "created_at": now, "created_by": rows["boss"].user,
    } | more  # fmt: skip
    return Task.unscoped.create(**values)


def furnish(cast: Any, rows: dict[str, Any], who: str) -> None:
    """One open, one finished."""
    rows["order"] = made(rows)
    rows["finished_order"] = made(rows, state="done", result=rows["word"], closed_at=timezone.now())


def gather(world: Any, rows: dict[str, Any], number: int) -> None:
    """So many more."""
    for _index in range(number):
        made(rows, title="事")

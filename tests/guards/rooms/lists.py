"""Saved views of lists and the choice of their columns; the side's view is its manager's alone."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from crm.core.models import SavedView
from tests.guards.crowd import copy
from tests.guards.route_rows import ALL, READERS, get, page, post

ROUTES = [
    page("core:list_tools", "customers", get(READERS)),
    page("core:list_columns", "customers", post(READERS)),
    page("core:view_new", "customers", post(READERS)),
    page("core:view_open", "saved_view", get(ALL, "manager", 302)),
    page("core:view_edit", "saved_view", get(ALL, "manager"), post(ALL, "manager")),
    page("core:view_delete", "saved_view", post(ALL, "manager")),
]
BODIES: dict[str, Any] = {
    "core:list_columns": lambda w: {"columns": ["name", "tier", "district"], "query": "overdue=1"},
    "core:view_new": lambda w: {"name": "新视图", "shown_to": "me", "query": "overdue=1", "columns": "name,tier"},
    "core:view_edit": lambda w: {"name": "改名", "shown_to": "me", "query": "overdue=1", "columns": ""},
}
PROBES = {"core:list_tools": ("manager={manager}", "unit={unit}", "q={part}", "cols=name,tier")}


def furnish(cast: Any, rows: dict[str, Any], who: Any) -> None:
    """A view of the manager's own."""
    rows["saved_view"] = SavedView.objects.create(
        list_key="customers", name=rows["word"], query=f"q={rows['word']}", owner=rows["manager_user"],
        saved_at=timezone.now(),
    )  # fmt: skip


def gather(world: Any, rows: dict[str, Any], number: int) -> None:
    """So many more views."""
    SavedView.objects.bulk_create(copy(rows["saved_view"], name=f"视图{place}") for place in range(number))


LISTS = frozenset({"core:list_tools"})
# Of one list: without it there is no such address.
NEVER_EMPTY = {"core:list_tools"}
FLAGS = frozenset({"is_default"})

"""What the templates of the customer list are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from accounts.choices import AlertLevel, CustomerKind, CustomerState
from accounts.filters import CustomerQuery
from accounts.queries import names
from accounts.queries.list_page import MORE, CustomerRow, ListPage
from crm.core.abilities import Access
from crm.core.addresses import with_values, without
from crm.core.asked import Asked
from crm.core.marks import ListMarks, amount
from crm.core.pages import render_rows

QUICK = (
    ("overdue", "1", gettext_noop("Overdue")),
    ("due_soon", "1", gettext_noop("At risk")),
    ("complaints", "1", gettext_noop("Open complaint")),
    ("alerts", "1", gettext_noop("Open alert")),
    ("important", "1", gettext_noop("Important VIP")),
    ("incomplete", "1", gettext_noop("Profile incomplete")),
    ("unsynced", "1", gettext_noop("Not synced yet")),
)


def more_columns(request: Asked) -> tuple[str, ...]:
    """The columns beyond the usual ones that somebody asked for."""
    return tuple(key for key in request.listed.columns if key in MORE)


def rows_context(access: Access, page: ListPage, today: date, more: Sequence[str] = ()) -> dict[str, Any]:
    """The rows, drawn at once, and what their frame must know."""
    shown = {
        "rows": _drawn(page.rows, today, _more_cells(more)),
        "more": [(str(MORE_LABELS[key]), key == "completeness") for key in more],
        "can_assign": access.can("assign_customers"),
        "can_merge": access.can("merge_customers"),
        "can_log": access.can("log_visits"),
        "can_see_cases": access.can("view_cases"),
        "show_manager": access.can_any("view_team", "assign_customers") or not access.scope.manager_ids,
    }
    return shown | {"is_empty": not page.rows, "table_rows": render_rows("accounts/customer_rows.html", shown)}


MORE_LABELS = {
    "kind": gettext_lazy("Kind"),
    "state": gettext_lazy("State"),
    "district": gettext_lazy("District"),
    "completeness": gettext_lazy("Completeness"),
    "alert": gettext_lazy("Open alert"),
    "joined": gettext_lazy("Joined on"),
}


def _more_cells(more: Sequence[str]) -> list[tuple[str, bool, Callable[[Any], Any]]]:
    """Label, whether it is a number, and what draws a value, of each further column."""
    words = {
        "kind": {value: str(label) for value, label in CustomerKind.choices},
        "state": {value: str(label) for value, label in CustomerState.choices},
        "alert": {value: str(label) for value, label in AlertLevel.choices},
    }
    draw: dict[str, Callable[[Any], Any]] = {name: partial(_word, known) for name, known in words.items()}
    draw |= {"completeness": "{} %".format, "joined": lambda day: day.isoformat() if day else ""}
    return [(str(MORE_LABELS[key]), key == "completeness", draw.get(key, str)) for key in more]


def _word(known: Mapping[str, str], value: str) -> str:
    return known.get(value, value)


def _drawn(
    rows: Sequence[CustomerRow], today: date, more: Sequence[tuple[str, bool, Callable[[Any], Any]]] = ()
) -> list[tuple[Any, ...]]:
    """The rows with their marks: drawn here, because a call from the template costs more than the mark."""
    marks = ListMarks(today)
    return [
        (
            *row[:5],
            marks.tier(row.tier),
            row.duty_state == "overdue",
            marks.duty(row.duty_state, row.next_due_on),
            marks.ago(row.last_visit_on),
            row.manager,
            row.unit,
            amount(row.value),
            row.can_dial,
            row.open_complaints,
            [(label, is_number, draw(value)) for (label, is_number, draw), value in zip(more, row.more, strict=True)],
        )
        for row in rows
    ]


def frame_context(request: Asked, query: CustomerQuery) -> dict[str, Any]:
    """Search box, quick filters, sort links."""
    return {
        "query": query,
        "quick": _quick(request, query),
        "sorts": _sorts(request, query),
        "clear_url": "?",
    }


def _quick(request: Asked, query: CustomerQuery) -> list[dict[str, Any]]:
    """Chips to switch on and off with one tap: tiers, kinds, what is owed."""
    found = [_chip(request, query, "tier", view.code, view.label()) for view in names.tiers(CustomerKind.VIP)]
    found += [
        _chip(request, query, "kind", kind.value, str(kind.label))
        for kind in (CustomerKind.GROUP, CustomerKind.CHANNEL)
    ]
    found += [_chip(request, query, name, value, _(label)) for name, value, label in QUICK]
    if request.access.can("assign_customers"):
        found.append(_chip(request, query, "unassigned", "1", _("Without manager")))
    return found


def _chip(request: Asked, query: CustomerQuery, name: str, value: str, label: str) -> dict[str, Any]:
    is_on = query.given.get(name) == value
    url = without(request.GET, name) if is_on else with_values(request.GET, **{name: value})
    return {"label": label, "url": url, "is_on": is_on}


def _sorts(request: Asked, query: CustomerQuery) -> list[dict[str, Any]]:
    words = {"value": _("Monthly value"), "due": _("Due"), "last_visit": _("Last visit"), "name": _("Name")}
    return [
        {"label": label, "url": with_values(request.GET, sort=name), "is_on": query.sort == name}
        for name, label in words.items()
    ]

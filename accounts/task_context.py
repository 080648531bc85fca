"""What the pages of assigned tasks are given."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.choices import TaskSource
from accounts.queries import names
from accounts.queries.assigned import ASSIGNS, STATES, TaskFilters, TaskRow, TaskShare, doers_of
from accounts.rules.periods import period_end
from crm.core.abilities import Access
from crm.core.addresses import Chip, given_of, unknown_value, with_values, without
from crm.core.errors import Invalid

NAMES = ("tab", "state", "source", "staff", "due", "cursor")
TABS = ("mine", "given", "team")


def month_of(raw: str, name: str) -> tuple[date, date]:
    """First and last day of a month of the address ("2026-11")."""
    try:
        first = date.fromisoformat(f"{raw}-01") if len(raw) == 7 else None
    except ValueError:
        first = None
    if first is None or not 1900 <= first.year <= 2200:
        raise Invalid(_("%(value)s is no date."), code="invalid_date", field=name, params={"value": raw[:20]})
    return first, period_end("month", first)


def read_tasks(request: HttpRequest, today: date) -> tuple[dict[str, str], TaskFilters]:
    """The address of the list; a value nobody knows is a 400."""
    access: Access = request.access  # type: ignore[attr-defined]
    given = dict(given_of(request.GET, NAMES))
    tab = given.get("tab") or ("team" if access.can("view_team") else "mine")
    for name, value, known in (
        ("tab", tab, TABS), ("state", given.get("state", "open"), STATES),
        ("source", given.get("source", "above"), ("above", *TaskSource.values)),
    ):  # fmt: skip
        if value not in known:
            raise unknown_value(name)
    staff = given.get("staff")
    if staff is not None and (not staff.isascii() or not staff.isdigit() or names.staff_card(int(staff[:18])) is None):
        raise unknown_value("staff")
    first, last = month_of(given["due"], "due") if "due" in given else (None, None)
    if last is not None:
        last = min(last, today - timedelta(days=1))  # what was due: as the figures count
    filters = TaskFilters(
        tab, given.get("state", "open"), given.get("source", ""), int(staff) if staff else None, first, last
    )
    return given, filters


def list_context(
    request: HttpRequest, given: dict[str, str], filters: TaskFilters, rows: Sequence[TaskRow], more: str | None,
    today: date,
) -> dict[str, Any]:  # fmt: skip
    """Tabs, quick filters, rows with what is late about each."""
    access: Access = request.access  # type: ignore[attr-defined]
    tabs = [("mine", _("Given to me")), ("given", _("Given by me")), ("team", _("Of the team"))]
    shown = {"mine": True, "given": access.can(ASSIGNS), "team": access.can("view_team")}
    states = [("open", _("To do")), ("overdue", _("Past due")), ("done", _("Completed")), ("all", _("All"))]
    chips = [
        Chip(words, without(request.GET, name))
        for name, words in (
            ("source", _source(filters.source)), ("staff", names.staff_name(filters.staff_id)),
            ("due", date_format(filters.first, "YEAR_MONTH_FORMAT") if filters.first else ""),
        )
        if words
    ]  # fmt: skip
    return {
        "tabs": [{"label": label, "url": f"?tab={code}", "is_current": code == filters.tab}
                 for code, label in tabs if shown[code]],
        "states": [(label, with_values(request.GET, state=code, cursor=""), code == filters.state)
                   for code, label in states],
        "chips": chips,
        "rows": [(row, row.is_overdue(today)) for row in rows],
        "more_url": with_values(request.GET, cursor=more) if more else "",
        "can_assign": access.can(ASSIGNS),
        "is_narrowed": bool(chips) or filters.state != "open",
        "show_staff": filters.tab != "mine",
        "today": today,
    }  # fmt: skip


def _source(code: str) -> str:
    return _("Province and city") if code == "above" else str(TaskSource(code).label) if code else ""


def shares_context(access: Access, rows: Sequence[TaskShare], first: date, today: date) -> dict[str, Any]:
    """F36: a month by person, every number with the address of its rows."""
    mine = doers_of(access)
    after = period_end("month", first) + timedelta(days=1)

    def url(row: TaskShare, **more: str) -> str:
        tab = "mine" if row.staff_id in mine else "team"
        own = {"tab": tab, "staff": str(row.staff_id), "due": f"{first:%Y-%m}", "state": "all"}
        return f"{reverse('accounts:task_list')}?{urlencode(own | more)}"

    return {
        "first": first,
        "before": f"{first - timedelta(days=1):%Y-%m}",
        "after": f"{after:%Y-%m}" if after <= today else "",
        "lines": [
            {
                "row": row, "above": url(row, source="above"),
                "above_in_time": url(row, source="above", state="timely"),
                "due": url(row), "in_time": url(row, state="timely"),
            }
            for row in rows
        ],
    }  # fmt: skip

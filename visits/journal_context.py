"""What the templates of the journal are given: switches, check-in book, day logs, reviews, special visits."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.choices import Line
from accounts.queries import names
from accounts.queries.staff import unit_rows
from crm.core.abilities import Access
from crm.core.addresses import Chip, given_of, unknown_value, with_values, without
from crm.core.errors import NotFound
from crm.core.scope import Scope
from visits.choices import ReviewState
from visits.filters import read_day, read_id
from visits.queries import switches
from visits.queries.journal.day_logs import DayPage, LogFilters, LogRow, log_list


def switches_context(access: Access, unit_id: int | None, today: date) -> dict[str, Any]:
    """The table of switches from tomorrow's point of view, and the units one may set them for."""
    units = list(unit_rows(access.scope_for("configure")).values_list("id", "name", "path"))
    if unit_id is not None and unit_id not in {unit[0] for unit in units}:
        raise NotFound
    return {
        "lines": [Line(line).label for line in switches.LINES],
        "table": switches.switch_table(unit_id, today),
        "planned": switches.planned_switches(today),
        "units": [
            {"id": pk, "name": "　" * (path.count("/") - 2) + name, "is_current": pk == unit_id}
            for pk, name, path in units
        ],
        "unit_id": unit_id,
        "place": names.unit_name(unit_id) or _("The whole house"),
        "tomorrow": today + timedelta(days=1),
    }


# --- Work logs


def people_of(access: Access) -> Scope:
    """Whose days somebody may read: his own and covered ones, and those of the teams he leads."""
    return access.scope_for("serve_customers").union(access.scope_for("view_team"))


def log_list_context(request: HttpRequest, today: date) -> dict[str, Any]:
    """The list with its filters as they stand in the address."""
    access: Access = request.access  # type: ignore[attr-defined]
    given = dict(given_of(request.GET, ("staff", "state", "from", "to", "kept", "cursor")))
    filters, chips = _log_filters(request, given)
    people = people_of(access)
    rows, following = log_list(people, filters, given.get("cursor"))
    return {
        "rows": [_log_row(row, today) for row in rows],
        "chips": chips,
        "more_url": with_values(request.GET, cursor=following) if following else "",
        "views": _log_views(given),
        "show_staff": access.can("view_team") or len(people.manager_ids) > 1,
        "today_url": day_url(access.staff_id, today) if access.can("serve_customers") and access.staff_id else "",
    }


def day_url(staff_id: int, on: date) -> str:
    """The page of one manager's day."""
    return reverse("visits:day_log", args=[staff_id, on.isoformat()])


def _log_filters(request: HttpRequest, given: dict[str, str]) -> tuple[LogFilters, list[Chip]]:
    chips: list[Chip] = []

    def chip(name: str, label: str) -> None:
        chips.append(Chip(label, without(request.GET, name)))

    staff_id = read_id(given["staff"], "staff") if "staff" in given else None
    if staff_id is not None:
        if names.staff_card(staff_id) is None:
            raise unknown_value("staff")
        chip("staff", names.staff_name(staff_id))
    state = given.get("state", "")
    if state:
        if state not in ReviewState.values:
            raise unknown_value("state")
        chip("state", str(ReviewState(state).label))
    days = {name: read_day(given[name], name) for name in ("from", "to") if name in given}
    for name, day in days.items():
        chip(name, f"{_('From day') if name == 'from' else _('Until day')} {date_format(day, 'SHORT_DATE_FORMAT')}")
    kept = {"1": True, "0": False, None: None}.get(given.get("kept"), "")
    if kept == "":
        raise unknown_value("kept")
    if isinstance(kept, bool):
        chip("kept", _("With a log") if kept else _("Empty, closed by itself"))
    is_kept = kept if isinstance(kept, bool) else None
    return LogFilters(staff_id, state, days.get("from"), days.get("to"), is_kept), chips


def _log_views(given: dict[str, str]) -> list[dict[str, Any]]:
    state = given.get("state", "")
    views = [("", _("All work logs")), *((value, str(label)) for value, label in ReviewState.choices)]
    return [
        {"label": label, "url": f"?state={value}" if value else "?", "is_current": state == value}
        for value, label in views
    ]


def _log_row(row: LogRow, today: date) -> dict[str, Any]:
    return {"row": row, "url": day_url(row.staff_id, row.on), "weekday": date_format(row.on, "D"), "today": today}


def day_context(request: HttpRequest, page: DayPage, today: date) -> dict[str, Any]:
    """One day: its rows, its neighbours, and whether this reader may still write the sentence."""
    access: Access = request.access  # type: ignore[attr-defined]
    is_own = access.can("serve_customers") and access.staff_id == page.staff_id
    return {
        "page": page,
        "is_today": page.on == today,
        "is_future": page.on > today,
        "can_write": is_own and page.on <= today and not (page.log and page.log.is_locked(today)),
        "before_url": day_url(page.staff_id, page.on - timedelta(days=1)),
        "after_url": day_url(page.staff_id, page.on + timedelta(days=1)) if page.on < today else "",
        "list_url": reverse("visits:day_log_list") + f"?staff={page.staff_id}",
        "rows_url": f"{reverse('visits:visit_list')}?staff={page.staff_id}&on={page.on.isoformat()}",
        "weekday": date_format(page.on, "l"),
    } | day_rows(page)


def day_rows(page: DayPage) -> dict[str, Any]:
    """The visits of a day with what is remarkable about each."""
    return {
        "visit_rows": [
            {"row": row, "is_late": page.is_late(row), "is_unplanned": row.id in page.unplanned_ids}
            for row in page.visits
        ]
    }

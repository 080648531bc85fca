"""What the templates of the journal are given: switches, check-in book, day logs, reviews, special visits."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.choices import Line
from accounts.queries import names
from accounts.queries.staff import unit_rows
from crm.core.abilities import Access
from crm.core.addresses import Chip, given_of, unknown_value, with_values, without
from crm.core.errors import NotFound
from crm.core.marks import dated
from crm.core.scope import Scope
from visits.choices import PlanPeriod, ReviewState
from visits.filters import read_day, read_id
from visits.models import Plan
from visits.page_context import Month
from visits.parts import OpenPart, PartContext, PartCustomer, open_parts
from visits.queries import switches
from visits.queries.journal import special
from visits.queries.journal.check_ins import sign_rates
from visits.queries.journal.day_logs import (
    DayPage,
    LogRow,
    day_page,
    log_place,
    reviews_of_plan,
)
from visits.queries.journal.log_list import LogFilters, log_list
from visits.queries.journal.reviews import queue, review_rates
from visits.queries.plans.page import period_words, plan_url
from visits.queries.plans.paper import plan_paper
from visits.queries.voices import key_change_delays


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

FLAGS: dict[str, dict[str, Any]] = {
    "kept": {"1": gettext_lazy("With a log"), "0": gettext_lazy("Empty, closed by itself")},
    "owed": {"1": gettext_lazy("Working days")},
    "reviewed": {"1": gettext_lazy("Reviewed or returned")},
    "asked": {"1": gettext_lazy("Remarkable or drawn")},
}


def people_of(access: Access) -> Scope:
    """Whose days somebody may read: his own and covered ones, and those of the teams he leads."""
    return access.scope_for("serve_customers").union(access.scope_for("view_team"))


def log_list_context(request: HttpRequest, today: date) -> dict[str, Any]:
    """The list with its filters as they stand in the address."""
    access: Access = request.access  # type: ignore[attr-defined]
    given = dict(given_of(request.GET, ("staff", "state", "from", "to", *FLAGS, "cursor")))
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
    flags: dict[str, bool] = {}
    for flag, words in FLAGS.items():
        if flag in given:
            if given[flag] not in words:
                raise unknown_value(flag)
            flags[flag] = given[flag] == "1"
            chip(flag, str(words[given[flag]]))
    return LogFilters(staff_id, state, days.get("from"), days.get("to"), **flags), chips


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


# --- Review


def review_list_context(request: HttpRequest, staff_id: int | None) -> dict[str, Any]:
    """The queue in its three parts; narrowed to one manager when asked."""
    access: Access = request.access  # type: ignore[attr-defined]
    everything = queue(access)
    found = everything.of(staff_id) if staff_id is not None else everything
    return {
        "queue": found,
        "people": [
            {"name": names.staff_name(pk), "url": f"?staff={pk}", "is_on": pk == staff_id}
            for pk in sorted({item.staff_id for item in everything.items}, key=names.staff_name)
        ],
        "staff_id": staff_id,
        "first_url": found.items[0].url if found.items else "",
    }


def review_context(request: HttpRequest, kind: str, pk: int) -> dict[str, Any]:
    """One piece of work as the reviewer reads it, with its neighbours in the queue."""
    access: Access = request.access  # type: ignore[attr-defined]
    if kind not in ("log", "plan"):
        raise NotFound
    found = queue(access)
    before, after = found.neighbours(kind, pk)
    item = next((item for item in found.items if (item.kind, item.id) == (kind, pk)), None)
    shown = _log_to_review(access, pk) if kind == "log" else _plan_to_review(access, pk)
    return shown | {
        "item": item,
        "kind": kind,
        "number": pk,
        "prev_url": before.url if before else "",
        "next_url": after.url if after else reverse("visits:review_list"),
        "has_next": after is not None,
        "left": len(found.items),
    }


def _log_to_review(access: Access, pk: int) -> dict[str, Any]:
    staff_id, on = log_place(access.scope_for("review_work"), pk)
    page = day_page(access.scope_for("review_work"), access.scope, staff_id, on)
    return {
        "page": page,
        "staff_id": staff_id,
        "staff_name": page.staff_name,
        "title": dated(on, "SHORT_DATE_FORMAT", "l"),
        "rows_url": f"{reverse('visits:visit_list')}?staff={staff_id}&on={on.isoformat()}",
    } | day_rows(page)


def _plan_to_review(access: Access, pk: int) -> dict[str, Any]:
    plan = Plan.visible_to(access.scope_for("review_work")).filter(pk=pk).first()
    if plan is None:
        raise NotFound
    return {
        "paper": plan_paper(access.scope, plan),
        "plan": plan,
        "staff_id": plan.staff_id,
        "staff_name": names.staff_name(plan.staff_id),
        "title": f"{PlanPeriod(plan.period).label} {period_words(plan.period, plan.starts_on)}",
        "plan_url": plan_url(plan.period, plan.starts_on, plan.staff_id),
        "reviews": reviews_of_plan(pk),
    }


# --- Special visits


def special_list_context(request: HttpRequest, now: datetime) -> dict[str, Any]:
    """The list with its filters as they stand in the address."""
    access: Access = request.access  # type: ignore[attr-defined]
    given = dict(given_of(request.GET, ("state", "staff", "manager", "customer", "from", "to", "cursor")))
    state = given.get("state", "")
    if state and state not in special.STATES:
        raise unknown_value("state")
    numbers = {name: read_id(given[name], name) for name in ("staff", "manager", "customer") if name in given}
    days = {name: read_day(given[name], name) for name in ("from", "to") if name in given}
    filters = special.SpecialFilters(
        state, numbers.get("staff"), numbers.get("customer"), days.get("from"), days.get("to"), numbers.get("manager")
    )
    rows, following = special.special_list(access.scope, filters, given.get("cursor"), now=now)
    words = [("", _("All special visits")), ("open", _("Still waiting")), ("late", _("Late")), ("timely", _("In time"))]
    chips = [
        Chip(names.staff_name(numbers[name]), without(request.GET, name))
        for name in ("staff", "manager")
        if name in numbers
    ]
    chips += [
        Chip(f"{label} {date_format(days[name], 'SHORT_DATE_FORMAT')}", without(request.GET, name))
        for name, label in (("from", _("From day")), ("to", _("Until day")))
        if name in days
    ]
    return {
        "rows": [{"row": row, "delay": row.delay_text(now), "is_late": row.is_late(now)} for row in rows],
        "views": [
            {"label": label, "url": f"?state={code}" if code else "?", "is_current": code == state}
            for code, label in words
        ],
        "chips": chips,
        "more_url": with_values(request.GET, cursor=following) if following else "",
        "is_narrowed": bool(state or chips or filters.customer_id),
    }


def on_site_parts(request: HttpRequest, customer: special.SpecialCustomer, today: date) -> list[OpenPart]:
    """What an on-site visit to this customer carries (CON-25), as on the log sheet; bound to what was typed."""
    access: Access = request.access  # type: ignore[attr-defined]
    about = PartContext((PartCustomer(customer.id, customer.kind, customer.unit_id),), access.staff_id or 0, today)
    return [item for item in open_parts(about, request.POST or None) if item.part.on_site]


# --- Figures


def journal_figures_context(access: Access, month: Month, today: date) -> dict[str, Any]:
    """F26, F28, F29 and F50 of a month, by manager; the running month up to yesterday."""
    last = min(month.last, today - timedelta(days=1))
    people: dict[int, dict[str, Any]] = {
        rate.staff_id: {"review": rate} for rate in review_rates(access, first=month.first, last=last, today=today)
    }
    for key, rates in (
        ("signed", sign_rates(access.scope, first=month.first, last=month.last)),
        ("special", special.special_rates(access.scope, first=month.first, last=month.last, today=today)),
        ("change", key_change_delays(access.scope, month.first, month.last)),
    ):
        for rate in rates:
            people.setdefault(rate.staff_id, {})[key] = rate
    days = {"from": month.first.isoformat(), "to": month.last.isoformat()}
    period, ended = urlencode(days), urlencode(days | {"to": last.isoformat()})
    logs, visits, specials = (reverse(f"visits:{name}") for name in ("day_log_list", "visit_list", "special_list"))
    plans, changes = reverse("visits:plan_item_list"), f"{reverse('visits:voice_list')}?kind=key_change"
    return {
        "month": month,
        "rows": [
            {
                "name": names.staff_name(staff_id),
                **found,
                "kept_url": f"{logs}?{ended}&staff={staff_id}&owed=1&kept=1",
                "days_url": f"{logs}?{ended}&staff={staff_id}&owed=1",
                "reviewed_url": f"{logs}?{ended}&staff={staff_id}&asked=1&reviewed=1",
                "logs_url": f"{logs}?{ended}&staff={staff_id}&asked=1",
                "plans_reviewed_url": f"{plans}?{ended}&staff={staff_id}&state=plans_reviewed",
                "plans_url": f"{plans}?{ended}&staff={staff_id}&state=plans_asked",
                "change_url": f"{changes}&reported={month.first:%Y-%m}&staff={staff_id}",
                "signed_url": f"{visits}?{period}&staff={staff_id}&book=customer",
                "asked_url": f"{visits}?{period}&staff={staff_id}&book=asked",
                "timely_url": f"{specials}?{period}&manager={staff_id}&state=timely",
                "special_url": f"{specials}?{period}&manager={staff_id}",
            }
            for staff_id, found in sorted(people.items(), key=lambda pair: names.staff_name(pair[0]))
        ],
    }

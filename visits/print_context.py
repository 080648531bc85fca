"""What the forms on paper are given."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import Customer
from accounts.queries import names
from crm.core.abilities import Access
from crm.core.addresses import given_of
from crm.core.errors import NotFound
from visits.filters import read_id, read_query
from visits.print_forms import BLANKS, BOOKS, JOURNAL, OFFICIAL, RECEPTION, REPORTS, PrintForm
from visits.queries.journal.check_ins import book_facts
from visits.queries.reports import ReportRow
from visits.queries.rows import VisitRow
from visits.queries.visit_list import visit_list

MOST_LINES = 500
WEEK = timedelta(days=6)
BLANK_LINES = 12
ALWAYS = {"book": {"book": "all"}, "reception": {"direction": "inbound"}, "journal": {}}


def frame(request: HttpRequest, form: PrintForm, staff_id: int | None, now: datetime) -> dict[str, Any]:
    """What every form says about itself: unit, person, who printed it and when."""
    access: Access = request.access  # type: ignore[attr-defined]
    card = names.staff_card(staff_id)
    own = names.staff_card(access.staff_id)
    unit_id = card.unit_id if card else own.unit_id if own else None
    return {
        "form": form,
        "unit": names.unit_name(unit_id),
        "person": f"{card.name} {card.number}" if card else _("All"),
        "printed_by": f"{own.name} {own.number}" if own else "",
        "printed_at": now,
    }


def report_frame(request: HttpRequest, row: ReportRow, *, now: datetime) -> dict[str, Any]:
    """The frame of a report, under the official name of its kind."""
    return frame(request, REPORTS[row.kind], row.staff_id, now) | {
        "unit": row.unit,
        "period": _period_words(row.starts_on, row.ends_on),
        "back": reverse("visits:report_detail", args=[row.id]),
    }


def forms_context(request: HttpRequest) -> dict[str, Any]:
    """Every form with where it is printed from; one whose page this person may not open is left out."""
    access: Access = request.access  # type: ignore[attr-defined]
    return {
        "official": [card for form in OFFICIAL if (card := _card(form, access))],
        "books": [card for form in (RECEPTION, JOURNAL) if (card := _card(form, access))],
        "staff_id": access.staff_id if access.can("serve_customers") else None,
    }


def _card(form: PrintForm, access: Access) -> dict[str, Any] | None:
    if form.abilities and not access.can_any(*form.abilities):
        return None
    try:
        return {"form": form, "url": reverse(form.url_name, args=form.args) + form.query}
    except NoReverseMatch:
        return None


def book_context(request: HttpRequest, layout: str, *, now: datetime) -> dict[str, Any]:
    """The rows of a book, the oldest first; without a period it is the last seven days."""
    if layout not in BOOKS:
        raise NotFound
    access: Access = request.access  # type: ignore[attr-defined]
    today = timezone.localdate(now)
    params = request.GET.copy()
    for name, value in _period(params, today).items() | ALWAYS[layout].items():
        params[name] = value
    query = read_query(params, access.scope, today)
    rows = list(visit_list(access.scope, query.filters, limit=MOST_LINES).rows)[::-1]
    facts = book_facts([row.id for row in rows]) if layout == "book" else {}
    first, last = query.filters.first or today, query.filters.last or today
    return {
        "lines": [{"row": row, "book": facts.get(row.id), "number": place} for place, row in enumerate(rows, 1)],
        "period": _period_words(first, last),
        "first": first.isoformat(),
        "last": last.isoformat(),
        "given": {name: value for name, value in query.given.items() if name not in ("from", "to", "on", "book")},
        "is_cut": len(rows) == MOST_LINES,
        "blank_lines": range(max(0, 6 - len(rows))),
    } | frame(request, BOOKS[layout], query.filters.staff_id or _only_one(rows), now)


def _period(params: Any, today: date) -> dict[str, str]:
    """From–to of the address; one day, or the last week."""
    if params.get("on") or params.get("from") or params.get("to"):
        return {}
    return {"from": (today - WEEK).isoformat(), "to": today.isoformat()}


def _period_words(first: date, last: date) -> str:
    words = [date_format(day, "SHORT_DATE_FORMAT") for day in dict.fromkeys((first, last))]
    return " – ".join(words)


def _only_one(rows: list[VisitRow]) -> int | None:
    """The one person all rows are of."""
    people = {row.staff_id for row in rows}
    return people.pop() if len(people) == 1 else None


def blank_context(request: HttpRequest, layout: str, *, now: datetime) -> dict[str, Any]:
    """An empty form; the customer of the address, when he may be seen, stands in its head."""
    if layout not in BLANKS:
        raise NotFound
    access: Access = request.access  # type: ignore[attr-defined]
    given = dict(given_of(request.GET, ("customer",)))
    customer = None
    if "customer" in given:
        found = Customer.visible_to(access.scope).filter(pk=read_id(given["customer"], "customer"))
        customer = found.values("name", "number", "manager_id").first()
        if customer is None:
            raise NotFound
    staff_id = customer["manager_id"] if customer else access.staff_id
    return {
        "customer": customer,
        "period": "",
        "blank_lines": range(BLANK_LINES),
        "ratings": [_("Organisation"), _("Contents"), _("Attitude of the staff"), _("Gifts and service")],
        "grades": [_("Very satisfied"), _("Satisfied"), _("Fair"), _("Dissatisfied")],
    } | frame(request, BLANKS[layout], staff_id, now)

"""The row rules of a visit: one function for form, API, bulk and import (decisions 36)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core import parameters
from crm.core.errors import FieldProblem, Invalid
from crm.core.text import clean_text
from visits.actions.sheet import VisitSheet
from visits.choices import Direction, LoggedFrom, Mood
from visits.queries.catalogue import Catalogue, ChannelEntry, OccasionEntry, OutcomeEntry

MAX_CUSTOMERS = 200
MAX_LENGTH = timedelta(hours=24)
MAX_YEARS_AHEAD = 10
RECEPTION = "reception"
PHONE = "phone"
TEXTS = {
    "content": (2000, True),
    "result": (500, False),
    "place": (100, False),
    "next_step": (200, False),
    "opinion": (500, False),
    "problem": (500, False),
}


@dataclass(frozen=True, slots=True)
class CheckedSheet:
    """A sheet that can be written: cleaned, its codes looked up, its local day known."""

    sheet: VisitSheet
    channel: ChannelEntry
    outcome: OutcomeEntry
    occasion: OccasionEntry | None
    direction: str
    occurred_on: date


class _Problems:
    """Collects every problem of a sheet, so that the form shows all of them at once."""

    def __init__(self) -> None:
        self.found: list[FieldProblem] = []

    def add(self, field: str, code: str, message: Any) -> None:
        self.found.append(FieldProblem(field, code, message))

    def clean(self, given: str, field: str, **rules: Any) -> str:
        """The text as it is stored; empty when it is refused."""
        try:
            return clean_text(given, field=field, **rules)
        except Invalid as refusal:
            self.found.extend(refusal.problems)
            return ""


def check_sheet(sheet: VisitSheet, *, catalogue: Catalogue, now: datetime) -> CheckedSheet:
    """Everything about a sheet that needs no customer; raises one Invalid with all problems (CON-7, CON-34)."""
    problems = _Problems()
    sheet = _clean_texts(sheet, problems)
    channel = _choose(catalogue.channels, sheet.channel, "channel", problems)
    outcome = _choose(catalogue.outcomes, sheet.outcome, "outcome", problems)
    occasion = _choose(catalogue.occasions, sheet.occasion, "occasion", problems) if sheet.occasion else None
    if channel is not None and not channel.is_offered and sheet.logged_from == LoggedFrom.FORM:
        problems.add("channel", "invalid_choice", _("This channel is written by other pages."))
    if sheet.mood and sheet.mood not in Mood.values:
        problems.add("mood", "invalid_choice", _("This is not one of the choices."))
    if sheet.direction and sheet.direction not in Direction.values:
        problems.add("direction", "invalid_choice", _("This is not one of the choices."))
    _check_shape(sheet, problems)
    occurred_on = _check_times(sheet, now, problems)
    if problems.found or channel is None or outcome is None:
        raise Invalid(errors=problems.found)
    direction = sheet.direction or (Direction.INBOUND if channel.code == RECEPTION else Direction.OUTBOUND)
    return CheckedSheet(sheet, channel, outcome, occasion, str(direction), occurred_on)


def _clean_texts(sheet: VisitSheet, problems: _Problems) -> VisitSheet:
    changed: dict[str, Any] = {}
    for name, (limit, multiline) in TEXTS.items():
        given = getattr(sheet, name)
        if given:
            changed[name] = problems.clean(given, name, max_length=limit, multiline=multiline)
    if sheet.new_persons:
        changed["new_persons"] = tuple(
            (customer_id, problems.clean(name, "new_persons", max_length=50, blank=False))
            for customer_id, name in sheet.new_persons
        )
    return replace(sheet, **changed) if changed else sheet


def _choose(entries: dict[str, Any], code: str, field: str, problems: _Problems) -> Any:
    entry = entries.get(code)
    if entry is None or not entry.is_active:
        if code:
            problems.add(field, "invalid_choice", _("This is not one of the choices."))
        else:
            problems.add(field, "required", _("Please choose one."))
        return None
    return entry


def _check_shape(sheet: VisitSheet, problems: _Problems) -> None:
    if not sheet.customer_ids:
        problems.add("customer_ids", "required", _("Please choose a customer."))
    if len(sheet.customer_ids) > MAX_CUSTOMERS:
        problems.add("customer_ids", "too_many", _("A log sheet takes at most 200 customers."))
    if sheet.external_id and (not sheet.source or len(sheet.customer_ids) > 1):
        problems.add("external_id", "invalid", _("An external id needs its source and one customer."))
    if sheet.learned and len(sheet.customer_ids) > 1:
        problems.add("learned", "one_customer", _("Facts learned can be saved for one customer only."))
    if any(customer_id not in sheet.customer_ids for customer_id, __ in sheet.new_persons):
        problems.add("new_persons", "not_found", _("This customer is not on the sheet."))


def _check_times(sheet: VisitSheet, now: datetime, problems: _Problems) -> date:
    """CON-34: at most 3 local days back and not in the future; no office hours anywhere (CON-36)."""
    today = timezone.localdate(now)
    latest = now + timedelta(minutes=parameters.value("future_minutes", today))
    occurred_on = timezone.localdate(sheet.occurred_at)
    if sheet.occurred_at > latest:
        problems.add("occurred_at", "in_future", _("A visit cannot be logged before it takes place."))
    limit = int(parameters.value("back_dating_days", today))
    if not sheet.is_imported and (today - occurred_on).days > limit:
        problems.add(
            "occurred_at",
            "too_late",
            _("A visit can be logged at most %(days)d days later.") % {"days": limit},
        )
    if occurred_on.year < 1900:
        problems.add("occurred_at", "out_of_range", _("This date is out of range."))
    if sheet.ended_at is not None:
        _check_end(sheet.occurred_at, sheet.ended_at, latest, problems)
    if sheet.next_on is not None and not (
        occurred_on <= sheet.next_on <= today + timedelta(days=366 * MAX_YEARS_AHEAD)
    ):
        problems.add("next_on", "out_of_range", _("The next step cannot lie before the visit."))
    if sheet.next_on is not None and not sheet.next_step:
        problems.add("next_step", "required", _("Please say what the next step is."))
    return occurred_on


def _check_end(start: datetime, end: datetime, latest: datetime, problems: _Problems) -> None:
    if end < start:
        problems.add("ended_at", "ends_before_start", _("The end lies before the start."))
    elif end - start > MAX_LENGTH:
        problems.add("ended_at", "out_of_range", _("A visit lasts at most 24 hours."))
    elif end > latest:
        problems.add("ended_at", "in_future", _("A visit cannot end in the future."))

"""What is asked of a log sheet, or the end of a day, that a phone kept while it was without signal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from crm.core.errors import Conflict, Invalid
from crm.core.pages import form_problems
from visits.actions import Logged, VisitSheet, journal, log_visit
from visits.actions.facts import HandedOver
from visits.models import DayLog, Visit
from visits.parts import OpenPart
from visits.queries.catalogue import catalogue
from workbench.forms import LogSheetForm

if TYPE_CHECKING:
    from crm.core.models import User

NEAR = timedelta(minutes=30)
"""Two records of one way and outcome so close together are perhaps one visit, logged on two devices."""


def valid_sheet(form: LogSheetForm, parts: Sequence[OpenPart]) -> LogSheetForm:
    """The form when it and every part are right in shape; else one `Invalid` with all problems."""
    forms = [("", form), *((f"{item.part.code}-", item.form) for item in parts)]
    problems = [problem for prefix, one in forms for problem in form_problems(one, prefix)]
    if problems:
        raise Invalid(errors=problems)
    return form


def refuse_other_user(user: str, by: User) -> None:
    """Decisions 18: a queue is sent for the person who filled it, never for who signed in after him."""
    if user != str(by.pk):
        raise Conflict(_("Somebody else has signed in."), code="other_user")


def log_kept(sheet: VisitSheet, *, anyway: bool, by: User, now: datetime) -> Logged:
    """Log a kept sheet; what stands against it is a conflict with two sides, not a right that is missing."""
    if not anyway:
        refuse_twin(sheet, staff_id=by.access.staff_id or 0)
    try:
        return log_visit(sheet=sheet, by=by, now=now)
    except HandedOver as handed:
        raise Conflict(str(handed), code=handed.code, current={"manager": handed.params["manager"]}) from handed


def close_kept_day(*, on: date, sentence: str, anyway: bool, by: User, now: datetime) -> DayLog:
    """Close a day that a phone kept; sent twice it is closed once. Another sentence is a conflict with two sides."""
    try:
        return journal.close_day(on=on, sentence=sentence, by=by, now=now)
    except Conflict as other:
        if other.code != "closed":
            raise
        if anyway:
            return journal.close_day(on=on, sentence=sentence, version=other.current["version"], by=by, now=now)
        sides = {"when": on.isoformat(), "content": other.current["sentence"]}
        raise Conflict(str(other), code=other.code, current=sides) from other


def refuse_twin(sheet: VisitSheet, *, staff_id: int) -> None:
    """Both sides are shown when the visit seems to be logged already: on the desk, or on another phone."""
    known = catalogue()
    channel, outcome = known.channels.get(sheet.channel), known.outcomes.get(sheet.outcome)
    twin = (
        Visit.unscoped.filter(
            customer__in=sheet.customer_ids,
            staff=staff_id,
            channel=channel.id if channel else None,
            outcome=outcome.id if outcome else None,
            occurred_at__range=(sheet.occurred_at - NEAR, sheet.occurred_at + NEAR),
            undone_at=None,
        )
        .exclude(client_key=sheet.client_key)
        .select_related("customer")
        .order_by("id")
        .first()
    )
    if twin is None:
        return
    raise Conflict(
        _("A visit like this is logged already."),
        code="logged_already",
        current={
            "customer": twin.customer.name,
            "when": timezone.localtime(twin.occurred_at).strftime("%Y-%m-%d %H:%M"),
            "channel": channel.label if channel else "",
            "outcome": outcome.label if outcome else "",
            "content": twin.content,
            "visit": twin.pk,
        },
    )

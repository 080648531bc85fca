"""Two small parts of the log sheet: a journey the customer spoke of (ENG-1), an interrupted service (SKL-9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.core.fields import DayInput
from visits.actions.care import forget_interruption, note_interruption, note_trip
from visits.parts import PartContext, PartData, SheetPart

if TYPE_CHECKING:
    from crm.core.models import User
    from visits.models import Visit


class TripForm(forms.Form):
    """He is going on a journey: a good word is due before he leaves."""

    leaves_on = forms.DateField(label=_("Leaves on"), widget=DayInput, required=False)
    destination = forms.CharField(label=_("Destination"), max_length=50, required=False)


class InterruptionForm(forms.Form):
    """SKL-9: the service was interrupted; the customer was asked."""

    was_interrupted = forms.BooleanField(
        label=_("The service was interrupted; I asked him and apologised"),
        required=False,
        help_text=_("“Excuse me, a customer is calling, let me take this.”"),
    )
    reason = forms.CharField(label=_("What was so urgent?"), max_length=200, required=False)


def make_trip_form(_context: PartContext, data: Any, _files: Any, prefix: str) -> forms.Form:
    """The part's form."""
    return TripForm(data, prefix=prefix)


def attach_trip(visits: Sequence[Visit], data: PartData, by: User, now: datetime) -> None:
    """One trip note per customer of the sheet."""
    if data.get("leaves_on"):
        for visit in visits:
            note_trip(
                customer_id=visit.customer_id, leaves_on=data["leaves_on"], destination=data.get("destination", ""),
                by=by, now=now,
            )  # fmt: skip


def make_interruption_form(_context: PartContext, data: Any, _files: Any, prefix: str) -> forms.Form:
    """The part's form."""
    return InterruptionForm(data, prefix=prefix)


def attach_interruption(visits: Sequence[Visit], data: PartData, by: User, now: datetime) -> None:
    """SKL-9: tick and reason stand on the visit."""
    if data.get("was_interrupted") or data.get("reason"):
        note_interruption(visits, reason=data.get("reason", ""), by=by, now=now)


def detach_interruption(visit_ids: Sequence[int], by: User, now: datetime) -> None:
    """With an undone visit its tick goes."""
    forget_interruption(visit_ids)


TRIP = SheetPart("trip", _("Customer's journey"), make_trip_form, attach_trip)
INTERRUPTED = SheetPart(
    "interrupted", _("Interrupted"), make_interruption_form, attach_interruption, detach=detach_interruption
)

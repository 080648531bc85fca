"""Arrival and place as a part of the log sheet, where the customer's line has the check-in book (CON-23)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from visits.actions.journal.check_ins import arrive
from visits.choices import Feature
from visits.forms.journal import ArrivalForm
from visits.parts import PartContext, PartData, SheetPart
from visits.queries.switches import is_on

if TYPE_CHECKING:
    from crm.core.models import User
    from visits.models import Visit


def make_form(_context: PartContext, data: Any, _files: Any, prefix: str) -> forms.Form:
    """The part's form."""
    return ArrivalForm(data, prefix=prefix)


def applies(context: PartContext) -> bool:
    """Whether one of the customers is on a line with the book today."""
    return any(
        is_on(Feature.CHECK_IN, line=customer.kind, unit_id=customer.unit_id, on=context.today)
        for customer in context.customers
    )


def attach(visits: Sequence[Visit], data: PartData, by: User, now: datetime) -> None:
    """The line of the book, with when and where."""
    arrive([visit.pk for visit in visits], data, by=by, now=now)


CHECK_IN = SheetPart(
    code="check_in",
    title=_("Check-in"),
    make_form=make_form,
    attach=attach,
    applies=applies,
    template="visits/check_in_part.html",
    on_site=True,
)

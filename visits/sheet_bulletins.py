"""Bulletins on the log sheet: tick what was passed on (CON-17)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.core.scope import Scope
from visits.actions.bulletins import deliver, take_back
from visits.bulletin_context import condition_of
from visits.parts import PartContext, PartData, SheetPart
from visits.queries.bulletins import MOST_ON_A_SHEET, bulletins, open_for

if TYPE_CHECKING:
    from crm.core.models import User
    from visits.models import Visit


class BulletinsForm(forms.Form):
    """What was passed on."""

    passed_on = forms.TypedMultipleChoiceField(
        label=_("Passed on"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, choices: Sequence[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["passed_on"].choices = list(choices)  # type: ignore[attr-defined]


def make_form(context: PartContext, data: Any, _files: Any, prefix: str) -> forms.Form:
    """Offered: what concerns one of the customers and was not passed on yet; taken: whatever is current."""
    rows = bulletins(is_open=True, limit=MOST_ON_A_SHEET)
    if data is None and rows:
        ids = [customer.id for customer in context.customers]
        wanted = open_for([(row.id, condition_of(row.query, Scope.ALL, context.today)) for row in rows], ids)
        rows = [row for row in rows if row.id in wanted]
    return BulletinsForm(data, prefix=prefix, choices=[(row.id, row.title) for row in rows])


def attach(visits: Sequence[Visit], data: PartData, by: User, now: datetime) -> None:
    """One delivery per bulletin and customer."""
    deliver(data.get("passed_on") or (), visits)


def detach(visit_ids: Sequence[int], by: User, now: datetime) -> None:
    """The visit was undone."""
    take_back(visit_ids)


BULLETINS = SheetPart(
    "bulletin", _("Bulletins to pass on"), make_form, attach, detach=detach, template="visits/part_bulletins.html"
)

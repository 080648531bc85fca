"""Forms of the targets in time and of the office hours; the actions hold the rules."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.organisation import IdChoice
from complaints.actions.targets import Cell
from complaints.choices import CaseKind, CaseLevel, Hours
from complaints.queries.sla import category_choices, tier_choices
from crm.core.fields import DayInput, offer
from crm.core.rules import DayHours

ANY = [("", _("All"))]
MOST_MINUTES = 365 * 24 * 60


class TimeInput(forms.TimeInput):
    """The browser's own picker of a time."""

    input_type = "time"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%H:%M")


def _minutes(label: Any, help_text: Any = "") -> forms.IntegerField:
    return forms.IntegerField(
        label=label, required=False, min_value=1, max_value=MOST_MINUTES, help_text=help_text,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )  # fmt: skip


class TargetForm(forms.Form):
    """A row of the table of targets (CMP-2)."""

    kind = forms.ChoiceField(label=_("Kind of case"), choices=CaseKind.choices)
    category_id = IdChoice(label=_("Category"), required=False)
    tier_id = IdChoice(label=_("Tier"), required=False)
    level = forms.ChoiceField(label=_("How grave"), choices=[*ANY, *CaseLevel.choices], required=False)
    first_reply_minutes = _minutes(_("First reply (minutes)"), _("Empty: no such clock runs."))
    update_minutes = _minutes(_("Next update (minutes)"))
    solution_minutes = _minutes(_("Solution (minutes)"))
    hours = forms.ChoiceField(label=_("Counted in"), choices=Hours.choices, initial=Hours.OFFICE)
    effective_from = forms.DateField(label=_("Holds from"), widget=DayInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "category_id", [*ANY, *category_choices()])
        offer(self, "tier_id", [*ANY, *tier_choices()])

    def cell(self) -> Cell:
        """What was entered, for the action."""
        return Cell(**self.cleaned_data)


class OfficeHoursForm(forms.Form):
    """Office hours from a day on; lunch may be empty."""

    opens = forms.TimeField(label=_("Opens"), widget=TimeInput())
    lunch_from = forms.TimeField(label=_("Lunch from"), required=False, widget=TimeInput())
    lunch_to = forms.TimeField(label=_("Lunch to"), required=False, widget=TimeInput())
    closes = forms.TimeField(label=_("Closes"), widget=TimeInput())
    effective_from = forms.DateField(label=_("Holds from"), widget=DayInput())

    def row(self) -> DayHours:
        """What was entered, for the action."""
        return DayHours(**self.cleaned_data)

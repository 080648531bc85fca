"""Forms of entered results; the actions hold the rules."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from accounts.forms.organisation import EMPTY, IdChoice, unit_choices
from crm.core.fields import offer
from crm.core.scope import Scope
from crm.core.text import narrow
from kpi.actions.entries import Given
from kpi.models import Indicator
from kpi.queries.competence import managers_in
from kpi.queries.indicators import all_indicators
from kpi.rules.entry_text import read_period


def _number(label: Any, help_text: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, max_digits=12, decimal_places=2, min_value=0, help_text=help_text,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )  # fmt: skip


class EntryForm(forms.Form):
    """One result from outside with its evidence."""

    indicator_id = IdChoice(label=_("Indicator"))
    period = forms.CharField(
        label=_("Period"), max_length=12, help_text=_("A month as 2026-04, a quarter as 2026Q2, a year as 2026.")
    )
    unit_id = IdChoice(label=_("Unit"))
    manager_id = IdChoice(label=_("Manager"), required=False, help_text=_("Empty: the result is that of the unit."))
    numerator = _number(_("Numerator"), _("Points reached, or how many were satisfied or right."))
    denominator = _number(_("Denominator"), _("Of how many: 100 points, or everybody who was asked."))
    evidence = forms.CharField(
        label=_("Evidence"), max_length=300, help_text=_("Who surveyed, when, how many; where the report is kept.")
    )
    file = forms.FileField(label=_("File"), required=False, help_text=_("Report, minutes or picture, at most 10 MB."))

    def __init__(self, *args: Any, scope: Scope, indicators: Mapping[int, Indicator], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.indicators = indicators
        labels = {row.id: row.label() for row in all_indicators()}
        named = ((pk, f"{row.code} {labels.get(pk, '')}") for pk, row in indicators.items())
        offer(self, "indicator_id", [*EMPTY, *named])
        offer(self, "unit_id", [*EMPTY, *unit_choices(scope)])
        people = ((row.pk, f"{row.name} {row.number} · {row.unit.name}") for row in managers_in(scope))
        offer(self, "manager_id", [*EMPTY, *people])

    def clean(self) -> dict[str, Any]:
        """The period in the writing of the indicator's kind."""
        values = super().clean() or self.cleaned_data
        row = self.indicators.get(values.get("indicator_id") or 0)
        if row is not None and "period" in values:
            values["period_on"] = read_period(row.period, narrow(values["period"]))
            if values["period_on"] is None:
                self.add_error("period", _now("Write a month as 2026-04, a quarter as 2026Q2, a year as 2026."))
        return values

    def given(self) -> Given:
        """What was entered, for the action."""
        values = self.cleaned_data
        first: date = values["period_on"]
        return Given(
            self.indicators[values["indicator_id"]], first, values["unit_id"], values["manager_id"],
            values["numerator"], values["denominator"], values["evidence"],
        )  # fmt: skip


class EntryFileForm(forms.Form):
    """Many results from one file."""

    file = forms.FileField(
        label=_("File"), widget=forms.FileInput(attrs={"accept": ".csv,text/csv,text/plain"}),
        help_text=_("Comma separated values with a first row of names, as in the example below."),
    )  # fmt: skip


class RefuseForm(forms.Form):
    """Why an entered result goes back."""

    remark = forms.CharField(label=_("Reason"), max_length=300)

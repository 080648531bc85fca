"""The shape of what people enter about conduct; nothing here saves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.queries.lines import LineRow
from visits.forms import MomentInput
from visits.forms.visits import MOMENTS


class OutingForm(forms.Form):
    """Where to, what for, from when to when (SEC-7)."""

    destination = forms.CharField(label=_("Where to"), max_length=200)
    purpose = forms.CharField(label=_("What for"), max_length=200)
    leaves_at = forms.DateTimeField(label=_("Leaving at"), widget=MomentInput, input_formats=MOMENTS)
    returns_at = forms.DateTimeField(label=_("Back by"), widget=MomentInput, input_formats=MOMENTS)
    leaving = forms.BooleanField(label=_("I am leaving now"), required=False)


class CallDetailForm(forms.Form):
    """Which number, which month, what for, and the customer's authorisation (SEC-6)."""

    line = forms.TypedChoiceField(label=_("Line number"), coerce=int)
    month = forms.ChoiceField(label=_("Month"))
    purpose = forms.CharField(label=_("Purpose"), max_length=200)
    authorised_by = forms.CharField(
        label=_("Authorised by"), max_length=50, help_text=_("Who of the customer's side wants the details.")
    )
    upload = forms.FileField(label=_("Authorisation on paper"), required=False)
    drawing = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, lines: Sequence[LineRow], months: Sequence[date], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        line: Any = self.fields["line"]
        line.choices = [(row.id, f"{row.number} {row.member}".strip()) for row in lines]
        month: Any = self.fields["month"]
        month.choices = [(one.isoformat(), f"{one:%Y-%m}") for one in months]

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        values = dict(self.cleaned_data)
        values["line_id"], values["month"] = values.pop("line"), date.fromisoformat(values["month"])
        return values


class PrintDecisionForm(forms.Form):
    """Register the print, or refuse it."""

    grant = forms.ChoiceField(choices=[("yes", _("Register the print")), ("no", _("Refuse"))])
    remark = forms.CharField(required=False, max_length=200)

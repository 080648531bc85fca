"""What people enter about missed calls (CON-13)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.core.fields import offer
from visits.forms.visits import MOMENTS, MomentInput
from visits.queries.catalogue import catalogue


class MissedCallForm(forms.Form):
    """Somebody called and nobody answered: the number and when."""

    number = forms.CharField(
        label=_("Calling number"),
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        help_text=_("The number on the display; the customer is found by it."),
    )
    called_at = forms.DateTimeField(label=_("Called at"), widget=MomentInput, input_formats=MOMENTS)
    note = forms.CharField(label=_("What it was about"), max_length=200, required=False)


class CallBackForm(forms.Form):
    """The call-back: reached or not, and one sentence."""

    outcome = forms.ChoiceField(
        label=_("Outcome"), widget=forms.RadioSelect, error_messages={"required": _("Choose the outcome.")}
    )
    content = forms.CharField(
        label=_("In one sentence"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    key = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        offer(self, "outcome", [(entry.code, entry.label) for entry in catalogue().offered_outcomes()])


class DropForm(forms.Form):
    """Why nothing is to be done."""

    reason = forms.CharField(label=_("Reason"), max_length=200)

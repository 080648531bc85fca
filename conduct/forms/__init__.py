"""The shape of what people enter about conduct; nothing here saves."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from visits.forms import MomentInput
from visits.forms.visits import MOMENTS


class OutingForm(forms.Form):
    """Where to, what for, from when to when (SEC-7)."""

    destination = forms.CharField(label=_("Where to"), max_length=200)
    purpose = forms.CharField(label=_("What for"), max_length=200)
    leaves_at = forms.DateTimeField(label=_("Leaving at"), widget=MomentInput, input_formats=MOMENTS)
    returns_at = forms.DateTimeField(label=_("Back by"), widget=MomentInput, input_formats=MOMENTS)
    leaving = forms.BooleanField(label=_("I am leaving now"), required=False)

"""What people enter about weather and journeys (ENG-1)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.core.fields import DayInput


class WeatherForm(forms.Form):
    """A change of weather in a district."""

    district = forms.CharField(label=_("District"), max_length=30)
    text = forms.CharField(label=_("What comes"), max_length=200, help_text=_("One sentence the managers may pass on."))
    starts_on = forms.DateField(label=_("First day"), widget=DayInput)
    ends_on = forms.DateField(label=_("Last day"), widget=DayInput)


class TripNoteForm(forms.Form):
    """A customer is going on a journey."""

    leaves_on = forms.DateField(label=_("Leaves on"), widget=DayInput)
    returns_on = forms.DateField(label=_("Back on"), widget=DayInput, required=False)
    destination = forms.CharField(label=_("Destination"), max_length=50, required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

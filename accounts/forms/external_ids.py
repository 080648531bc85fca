"""A customer's id in another system."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class ExternalIdForm(forms.Form):
    """One source and the id there; `seen` is what stood there when the page was opened."""

    source = forms.CharField(label=_("Source"), max_length=40)
    external_id = forms.CharField(label=_("External id"), max_length=100)
    seen = forms.CharField(max_length=100, required=False, widget=forms.HiddenInput)

"""The owner of a field."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _


class OwnerForm(forms.Form):
    """One field and its source, none when empty; `seen` is who owned it when the page was opened."""

    field = forms.CharField(max_length=40, widget=forms.HiddenInput)
    source = forms.CharField(label=_("Source"), max_length=39, required=False)
    seen = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

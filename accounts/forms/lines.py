"""What somebody hears from a customer who wants to leave (RET-3)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import SignalKind


class SignalForm(forms.Form):
    """One signal; `key` makes a form that was sent twice one signal."""

    kind = forms.ChoiceField(label=_("What happened"), choices=SignalKind.choices, initial=SignalKind.ASKED_TO_LEAVE)
    text = forms.CharField(
        label=_("What was said"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

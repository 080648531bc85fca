"""The form of a service phrase, and the field that looks for phrases while one types."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _


class PhraseArea(forms.Textarea):
    """A text of ours: static/js/phrases.js underlines service phrases. Not for the customer's own words (CMP-16)."""

    def __init__(self, rows: int = 3, **attrs: Any) -> None:
        super().__init__(attrs={"rows": rows, "data-phrases": reverse_lazy("complaints:phrase_words"), **attrs})


class PhraseForm(forms.Form):
    """One phrase of the list."""

    text = forms.CharField(
        label=_("The phrase"),
        max_length=200,
        required=False,
        help_text=_("As it stands in the list; an empty place is not looked for."),
    )
    wordings = forms.CharField(
        label=_("Wordings that mean it"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("One a line. With 。 or ! at its end it counts at the end of a clause only; up to three"
                    " characters count as a clause of their own only."),
    )  # fmt: skip
    kinder = forms.CharField(
        label=_("Kinder wording"),
        max_length=200,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Offered while one types."),
    )
    is_active = forms.BooleanField(label=_("Look for it"), required=False, initial=True)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1, required=False)

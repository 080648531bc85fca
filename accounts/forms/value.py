"""The form of a value assessment."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.rules.value import HIGHEST, LOWEST

STEPS = [(step, str(step)) for step in range(LOWEST, HIGHEST + 1)]


def _factor(label: Any, help_text: Any) -> forms.TypedChoiceField:
    return forms.TypedChoiceField(
        label=label, help_text=help_text, coerce=int, choices=STEPS, widget=forms.RadioSelect(attrs={"class": "steps"})
    )


class ValueForm(forms.Form):
    """Three factors from 1 to 5 (CUS-16)."""

    volume = _factor(_("Current volume"), _("1 little, 5 among the greatest; filled in from the monthly spend."))
    growth = _factor(_("Growth to come"), _("1 shrinking, 3 as it is, 5 growing fast."))
    potential = _factor(
        _("Overall revenue it may bring"), _("1 nothing beyond today, 5 much more across all business.")
    )
    note = forms.CharField(
        label=_("Reasons"), max_length=300, required=False, widget=forms.Textarea,
        help_text=_("What the judgement rests on."),
    )  # fmt: skip

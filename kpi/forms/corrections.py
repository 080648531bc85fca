"""The forms of a correction: what is wrong with a frozen figure, and the second signature."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.records import ExportForm

__all__ = ["CorrectionForm", "DecisionForm", "ExportForm"]

NUMBER: dict[str, Any] = {"max_digits": 12, "decimal_places": 2, "required": False}


class CorrectionForm(forms.Form):
    """What is added to the figure (less than 0: taken away), and why."""

    numerator = forms.DecimalField(
        label=_("Add to what counts"), help_text=_("1: it was met after all; -1: it does not count."), **NUMBER
    )
    denominator = forms.DecimalField(
        label=_("Add to what is counted"), help_text=_("-1: it should not have been owed; 0: it stays."), **NUMBER
    )
    reason = forms.CharField(
        label=_("Reason and evidence"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What happened, and where it can be looked up."),
    )

    def clean_numerator(self) -> Decimal:
        """Left empty it is nothing."""
        return self.cleaned_data["numerator"] or Decimal(0)

    def clean_denominator(self) -> Decimal:
        """Left empty it is nothing."""
        return self.cleaned_data["denominator"] or Decimal(0)


class DecisionForm(forms.Form):
    """Sign or refuse, with a remark."""

    grant = forms.ChoiceField(choices=[("yes", _("Sign")), ("no", _("Refuse"))])
    remark = forms.CharField(max_length=300, required=False)

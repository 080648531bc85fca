"""The form of a product."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.core.fields import DayInput


class ProductForm(forms.Form):
    """Words, and the minimum price from a day on."""

    code = forms.CharField(label=_("Code"), max_length=30)
    name = forms.CharField(label=_("Name"), max_length=60)
    minimum = forms.DecimalField(label=_("Minimum retail price (CNY)"), max_digits=8, decimal_places=2, required=False)
    effective_from = forms.DateField(label=_("Price holds from"), widget=DayInput, required=False)
    is_active = forms.BooleanField(label=_("On sale"), required=False, initial=True)

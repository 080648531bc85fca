"""The form of a product."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.choices import ProductCategory
from crm.core.fields import DayInput


class ProductForm(forms.Form):
    """Words, and the minimum price from a day on."""

    code = forms.CharField(label=_("Code"), max_length=30)
    name = forms.CharField(label=_("Name"), max_length=60)
    label_en = forms.CharField(label=_("English name"), max_length=80, required=False)
    category = forms.ChoiceField(
        label=_("Category"), choices=ProductCategory.choices, initial=ProductCategory.GOODS, required=False
    )
    min_uses_per_member = forms.IntegerField(
        label=_("Uses a month from which a member is active"),
        min_value=1,
        max_value=10_000,
        required=False,
        help_text=_("Empty: the product has no such rule."),
    )
    minimum = forms.DecimalField(label=_("Minimum retail price (CNY)"), max_digits=8, decimal_places=2, required=False)
    effective_from = forms.DateField(label=_("Price holds from"), widget=DayInput, required=False)
    is_active = forms.BooleanField(label=_("On sale"), required=False, initial=True)

    def clean_category(self) -> str:
        """Goods, when nothing is said."""
        return str(self.cleaned_data.get("category") or ProductCategory.GOODS)

"""Forms of policies and enrolments."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.queries import names
from crm.core.fields import DayInput, offer
from engagement.choices import PolicyKind

TEXTS = ("label_zh", "label_en", "benefits", "benefits_en")


class PolicyForm(forms.Form):
    """A policy of the catalogue (ENG-6)."""

    code = forms.CharField(
        label=_("Code"), max_length=30, help_text=_("Small letters, digits and underscores; stays what it is.")
    )
    kind = forms.ChoiceField(label=_("Kind of policy"), choices=PolicyKind.choices)
    label_zh = forms.CharField(label=_("Name (Chinese)"), max_length=60)
    label_en = forms.CharField(label=_("Name (English)"), max_length=80)
    benefits = forms.CharField(
        label=_("What it gives (Chinese)"), max_length=1000, required=False, widget=forms.Textarea
    )
    benefits_en = forms.CharField(
        label=_("What it gives (English)"), max_length=1500, required=False, widget=forms.Textarea
    )
    cost = forms.DecimalField(
        label=_("Cost a year (CNY)"), max_digits=10, decimal_places=2, min_value=0, initial=0,
        help_text=_("For one customer; counts against the limit of who offers it."),
    )  # fmt: skip
    tiers = forms.TypedMultipleChoiceField(
        label=_("For whom"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Nobody ticked: for everybody."),
    )  # fmt: skip
    starts_on = forms.DateField(label=_("Given from"), required=False, widget=DayInput)
    ends_on = forms.DateField(label=_("Given until"), required=False, widget=DayInput)
    is_active = forms.BooleanField(label=_("In use"), required=False, initial=True)

    def __init__(self, *args: Any, is_new: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not is_new:
            del self.fields["code"]
        offer(self, "tiers", [(view.id, view.label()) for view in names.tiers()])

    def written(self) -> dict[str, Any]:
        """What the action takes."""
        values = dict(self.cleaned_data)
        texts = {name: values.pop(name) for name in TEXTS}
        return {"texts": texts, "tier_ids": values.pop("tiers"), **values}


class _Span(forms.Form):
    policy = forms.TypedChoiceField(label=_("Service policy"), coerce=int)
    starts_on = forms.DateField(label=_("Enjoys it from"), widget=DayInput)
    ends_on = forms.DateField(
        label=_("Until and including"), required=False, widget=DayInput, help_text=_("Empty: for good.")
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

    def __init__(self, *args: Any, policies: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "policy", policies)

    def written(self) -> dict[str, Any]:
        """What the action takes."""
        values = dict(self.cleaned_data)
        return {"policy_id": values.pop("policy"), **values}


class EnrolForm(_Span):
    """Enrol one customer."""


class BulkForm(_Span):
    """Enrol the ticked customers."""

    ids = forms.TypedMultipleChoiceField(label=_("Customers"), coerce=int, widget=forms.MultipleHiddenInput)

    def __init__(self, *args: Any, ids: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "ids", [(pk, str(pk)) for pk in ids])

    def written(self) -> dict[str, Any]:
        """What the action takes."""
        values = super().written()
        return {"customer_ids": values.pop("ids"), **values}


class EnrolmentForm(forms.Form):
    """Renew, end, note the use (ENG-7)."""

    ends_on = forms.DateField(
        label=_("Until and including"), required=False, widget=DayInput, help_text=_("Empty: for good.")
    )
    used_on = forms.DateField(
        label=_("Last used on"), required=False, widget=DayInput,
        help_text=_("When the customer last made use of it; empty: a benefit he has not used yet."),
    )  # fmt: skip
    note = forms.CharField(label=_("Note"), max_length=300, required=False)

"""Forms of dunning, credit and guarantees; what may be is decided by the actions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.core.fields import DayInput, offer
from sales.money_choices import CreditChangeKind, DunningChannel, DunningResult

MOST = Decimal(10_000_000)


def _amount(label: Any, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, min_value=0, max_value=MOST, max_digits=14, decimal_places=2,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "0.01", "min": "0"}), **more,
    )  # fmt: skip


class DunningForm(forms.Form):
    """The customer was asked: how, what came of it, and until when he promised to pay."""

    channel = forms.ChoiceField(label=_("How was he asked?"), choices=DunningChannel.choices, widget=forms.RadioSelect)
    result = forms.ChoiceField(label=_("What came of it?"), choices=DunningResult.choices, widget=forms.RadioSelect)
    promise_on = forms.DateField(
        label=_("Promised to pay on"), required=False, widget=DayInput(), help_text=_("Only with a promise.")
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False, widget=forms.Textarea)

    def __init__(self, *args: Any, may_stop: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_stop:
            offer(self, "channel", [choice for choice in DunningChannel.choices if choice[0] != DunningChannel.STOP])


class PaymentForm(forms.Form):
    """Something was paid of a bill."""

    amount = _amount(_("Amount paid"))
    paid_on = forms.DateField(label=_("Payment day"), widget=DayInput())


class CreditForm(forms.Form):
    """Another limit, or use above it until a day."""

    kind = forms.ChoiceField(label=_("What for?"), choices=CreditChangeKind.choices, widget=forms.RadioSelect)
    amount = _amount(
        _("Amount (CNY)"), help_text=_("Of a limit: the new limit. Of overuse: what he may owe above the limit.")
    )
    until = forms.DateField(
        label=_("Overuse ends on"), required=False, widget=DayInput(), help_text=_("Only for overuse.")
    )
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea)


class GuaranteeForm(forms.Form):
    """What a manager vouches for, and which papers come when."""

    business = forms.CharField(label=_("Business"), max_length=100, help_text=_("For example: opening five lines."))
    amount = _amount(_("Amount (CNY)"))
    reason = forms.CharField(label=_("Reason"), max_length=300, widget=forms.Textarea)
    papers = forms.CharField(
        label=_("Papers owed"), max_length=300, help_text=_("For example: business licence, letter of introduction.")
    )
    papers_due_on = forms.DateField(label=_("Papers due on"), widget=DayInput())


class DeedForm(forms.Form):
    """One button of a page that has several, with a remark."""

    deed = forms.ChoiceField(choices=())
    remark = forms.CharField(label=_("Decision note"), max_length=300, required=False)

    def __init__(self, *args: Any, deeds: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "deed", [(deed, deed) for deed in deeds])


class TierCreditForm(forms.Form):
    """The limit of each tier; what is left empty stays as it is."""

    def __init__(self, *args: Any, tiers: list[tuple[str, str, Decimal | None]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label, limit in tiers:
            self.fields[name] = _amount(label, required=False, initial=limit)

    def limits(self) -> dict[int, Decimal]:
        """Tier → limit."""
        given = {name: self.cleaned_data.get(name) for name in self.fields}
        return {int(name.removeprefix("tier")): limit for name, limit in given.items() if limit is not None}

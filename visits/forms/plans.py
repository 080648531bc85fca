"""The shape of what people enter about plans."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.core.fields import DayInput, offer
from visits.actions.plans.items import ItemWish
from visits.choices import HalfDay
from visits.queries.catalogue import catalogue

Choices = Sequence[tuple[Any, Any]]


class MoveForm(forms.Form):
    """Where an item goes; `seen_on` and `seen_half` are where the mover saw it."""

    on = forms.DateField(label=_("Day"))
    half = forms.ChoiceField(label=_("Half-day"), choices=HalfDay.choices)
    place = forms.IntegerField(required=False, min_value=0, max_value=500)
    seen_on = forms.DateField(required=False)
    seen_half = forms.ChoiceField(required=False, choices=[("", ""), *HalfDay.choices])

    @property
    def seen(self) -> tuple[date, str] | None:
        """Where it was, when the form says so."""
        on, half = self.cleaned_data["seen_on"], self.cleaned_data["seen_half"]
        return (on, half) if on is not None and half else None


class ItemForm(forms.Form):
    """An item of a week: when, how, what for, with whom."""

    on = forms.TypedChoiceField(label=_("Day"), widget=forms.RadioSelect, coerce=date.fromisoformat)
    half = forms.ChoiceField(label=_("Half-day"), widget=forms.RadioSelect, choices=HalfDay.choices)
    channel = forms.ChoiceField(label=_("How"), required=False)
    purpose = forms.CharField(label=_("What it is for"), max_length=200, required=False)
    helpers = forms.TypedMultipleChoiceField(
        label=_("Who helps"), widget=forms.CheckboxSelectMultiple, coerce=int, required=False
    )
    seen_on = forms.DateField(required=False, widget=forms.HiddenInput)
    seen_half = forms.CharField(required=False, widget=forms.HiddenInput, max_length=2)

    def __init__(self, *args: Any, days: Choices, colleagues: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        offer(self, "on", days)
        offer(self, "channel", [("", "—"), *((row.code, row.label) for row in catalogue().offered_channels())])
        offer(self, "helpers", colleagues)
        if not colleagues:
            del self.fields["helpers"]

    @property
    def wish(self) -> ItemWish:
        """What the action takes."""
        given = self.cleaned_data
        return ItemWish(
            on=given["on"], half=given["half"], customer_id=given.get("customer"), channel=given["channel"],
            purpose=given["purpose"], helper_ids=tuple(given.get("helpers") or ()),
        )  # fmt: skip

    @property
    def seen(self) -> tuple[date, str] | None:
        """Where the item was when the form was drawn."""
        on, half = self.cleaned_data["seen_on"], self.cleaned_data["seen_half"]
        return (on, half) if on is not None and half in HalfDay.values else None


class AddForm(ItemForm):
    """One more customer in a week."""

    customer = forms.TypedChoiceField(label=_("Customer"), coerce=int)
    field_order = ("customer", "on", "half", "channel", "purpose", "helpers")

    def __init__(self, *args: Any, customers: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        offer(self, "customer", [("", "—"), *customers])


class LongItemForm(forms.Form):
    """Something of one's own in a month or year: a segment, a customer, or a matter in words."""

    purpose = forms.CharField(label=_("What it is for"), max_length=200, required=False)
    segment = forms.TypedChoiceField(label=_("Segment"), coerce=int, required=False, empty_value=None)
    customer = forms.TypedChoiceField(label=_("Customer"), coerce=int, required=False, empty_value=None)
    on = forms.DateField(label=_("Planned for"), widget=DayInput)
    target = forms.IntegerField(label=_("Contacts"), min_value=1, max_value=10_000, initial=1)

    def __init__(self, *args: Any, customers: Choices, segments: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        offer(self, "customer", [("", "—"), *customers])
        offer(self, "segment", [("", "—"), *segments])
        if not segments:
            del self.fields["segment"]

    @property
    def wish(self) -> ItemWish:
        """What the action takes."""
        given = self.cleaned_data
        return ItemWish(
            on=given["on"], customer_id=given["customer"], segment_id=given.get("segment"), purpose=given["purpose"],
            target=given["target"],
        )  # fmt: skip


class LeaveOutForm(forms.Form):
    """Why somebody is left out."""

    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)


class FocusForm(forms.Form):
    """What the period is about."""

    focus = forms.CharField(label=_("Focus"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    version = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

"""The shape of what people enter about plans."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
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
    seen = forms.CharField(required=False, widget=forms.HiddenInput, max_length=4000)

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
    def drawn(self) -> dict[str, Any] | None:
        """The item as it was when the form was drawn; None when the form does not say."""
        try:
            found = json.loads(self.data.get("seen", ""))
        except ValueError:
            return None
        return found if isinstance(found, dict) else None

    def take(self, current: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Somebody else changed the item: both values of every field of his, and what this writer left alone is taken.

        The form shows the result, and is sent against the newer item.
        """
        before, data, rows = self.drawn or {}, QueryDict(mutable=True), []
        data.update(self.data)
        for name in [name for name in current if name in self.fields]:
            mine = self.cleaned_data.get(name)
            mine = mine.isoformat() if isinstance(mine, date) else sorted(mine) if isinstance(mine, list) else mine
            if current[name] in (mine, before.get(name)):
                continue
            is_taken = mine == before.get(name)
            words = {"mine": self._words(name, mine), "theirs": self._words(name, current[name])}
            rows.append({"label": self.fields[name].label, "is_taken": is_taken, **words})
            if is_taken:
                data.setlist(name, current[name] if isinstance(current[name], list) else [current[name]])
        data["seen"] = json.dumps(dict(current))
        self.data = data
        return rows

    def _words(self, name: str, value: Any) -> str:
        choices = getattr(self.fields[name], "choices", None)
        if choices is None:
            return str(value or "")
        known = {str(key): str(label) for key, label in choices}
        return "、".join(known.get(str(one), str(one)) for one in (value if isinstance(value, list) else [value]))


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

"""Forms of an irregularity report and its hops (CMP-34, CMP-35, ORG-15)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from complaints.choices import IrregularityKind
from complaints.forms.quality import PicturesField
from crm.core.fields import offer
from visits.forms.visits import MOMENTS, MomentInput


class ReportForm(forms.Form):
    """What was found: kind, whom it is about, place, facts, photos, when."""

    kind = forms.ChoiceField(label=_("Kind"), choices=IrregularityKind.choices, widget=forms.RadioSelect)
    subject = forms.CharField(
        label=_("Whom it is about"), max_length=100, help_text=_("A person or a shop; it need not be a customer.")
    )
    place = forms.CharField(label=_("Place"), max_length=200)
    found_at = forms.DateTimeField(label=_("Found at"), widget=MomentInput, input_formats=MOMENTS)
    facts = forms.CharField(label=_("Facts"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    photos = PicturesField(label=_("Photos"), required=False)
    customer = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1, max_value=2**62)
    client_key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)

    def reported(self) -> dict[str, Any]:
        """What the action takes."""
        values = dict(self.cleaned_data)
        return {"customer_id": values.pop("customer"), **values}


class _Versioned(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1, required=False)


class UnitForm(_Versioned):
    """To which department outside; offered are those of one type."""

    unit = forms.TypedChoiceField(label=_("To"), coerce=int)

    def __init__(self, *args: Any, units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "unit", units)


class ResultForm(_Versioned):
    """What the enforcement department did."""

    result = forms.CharField(label=_("Result"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class CloseForm(_Versioned):
    """Everything is done."""

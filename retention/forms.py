"""Forms of losses and churn reports."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.core.fields import DayInput, offer
from retention.choices import FeatureGroup, LossKind


class Versioned(forms.Form):
    """A form that knows which version of the row it was filled in from."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1, required=False)


class LossForm(Versioned):
    """How, to whom and why."""

    kind = forms.ChoiceField(label=_("Way of leaving"), choices=LossKind.choices, widget=forms.RadioSelect)
    competitor = forms.TypedChoiceField(
        label=_("Rival"), coerce=int, empty_value=None, required=False, help_text=_("Who has the customer now.")
    )
    cause = forms.CharField(
        label=_("Cause"), max_length=500, required=False, widget=forms.Textarea,
        help_text=_("Price, network, service, moved away …: in the customer's words, if he said so."),
    )  # fmt: skip

    def __init__(self, *args: Any, competitors: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "competitor", [("", _("No competitor involved")), *competitors])

    def explained(self) -> dict[str, Any]:
        """What the action takes."""
        values = dict(self.cleaned_data)
        return {"competitor_id": values.pop("competitor"), **values}


class SubmitForm(Versioned):
    """The unit confirms the figures."""

    comment = forms.CharField(
        label=_("Remark of the unit"), max_length=1000, required=False, widget=forms.Textarea,
        help_text=_("What stands out in this month, and what is done about it."),
    )  # fmt: skip


class CheckForm(Versioned):
    """Headquarters accepts or returns."""

    decision = forms.ChoiceField(choices=[("accepted", ""), ("returned", "")], widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason"), max_length=500, required=False, widget=forms.Textarea,
        help_text=_("Needed when you return it: what is to be put right."),
    )  # fmt: skip


class PointsForm(forms.Form):
    """Why points are changed; the points themselves are read beside the table they belong to."""

    note = forms.CharField(
        label=_("What was changed, and why"), max_length=300, widget=forms.Textarea(attrs={"rows": 2})
    )


class VersionForm(forms.Form):
    """Which way: a challenger takes over, or an earlier version again; `seen` was in force when it was asked."""

    deed = forms.ChoiceField(choices=[("promote", "promote"), ("back", "back")])
    seen = forms.IntegerField(min_value=1, max_value=2**31 - 1)


class ColumnFileForm(forms.Form):
    """A table whose further columns are to tell who may leave."""

    file = forms.FileField(
        label=_("File"), help_text=_("CSV, Excel workbook, gzip or JSON lines; the first row names the columns."),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.gz,.ndjson,text/csv,text/plain"}),
    )  # fmt: skip
    customer = forms.CharField(
        label=_("Column that names the customer"), max_length=100, required=False,
        help_text=_("Empty: it is found by its usual names."),
    )  # fmt: skip
    source = forms.CharField(
        label=_("Whose ids these are"), max_length=40, required=False,
        help_text=_("Short name of the system that numbers customers like this; empty: our own customer numbers."),
    )  # fmt: skip
    as_of = forms.DateField(label=_("Day of the values"), widget=DayInput)
    are_features = forms.BooleanField(label=_("Let scores look at new columns at once"), required=False, initial=True)


class ColumnForm(forms.Form):
    """What a column is called, what it tells of, and whether scores look at it."""

    label_zh = forms.CharField(label=_("Name in Chinese"), max_length=60)
    label_en = forms.CharField(label=_("Name in English"), max_length=60)
    group = forms.ChoiceField(label=_("What it tells of"), choices=FeatureGroup.choices)
    is_feature = forms.BooleanField(label=_("Scores look at it"), required=False)

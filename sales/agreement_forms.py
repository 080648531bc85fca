"""Forms of applications, agreements and needs: shape, labels and choices; the rows' rules check (decisions 36)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.core.fields import DayInput, offer
from sales.actions.applications import Answer
from sales.choices import AgreementKind, NeedStage
from sales.queries.agreements import CheckLine

PAPERS = "image/*,.pdf,.doc,.docx"
Choices = Iterable[tuple[Any, Any]]


def _day(label: Any, help_text: Any = "", *, required: bool = False) -> forms.CharField:
    return forms.CharField(label=label, help_text=help_text, required=required, strip=False, widget=DayInput())


class _Versioned(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1, required=False)


class ApplicationForm(forms.Form):
    """A group asks to join."""

    text = forms.CharField(
        label=_("What is applied for"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Size of the group, products asked for, who made the contact …"),
    )  # fmt: skip


class CheckForm(_Versioned):
    """The checklist: each line met or not, with a note."""

    result_note = forms.CharField(
        label=_("Opinion"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, lines: Sequence[CheckLine], english: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = lines
        words = [("yes", _("Fulfilled")), ("no", _("Not fulfilled"))]
        for line in lines:
            label = line.rule.label_en if english else line.rule.label_zh
            initial = "" if line.is_met is None else "yes" if line.is_met else "no"
            self.fields[f"rule_{line.rule.pk}"] = forms.ChoiceField(
                label=label, choices=words, required=False, initial=initial, widget=forms.RadioSelect
            )
            self.fields[f"note_{line.rule.pk}"] = forms.CharField(
                label=_("Note"), max_length=200, required=False, initial=line.note
            )

    def rows(self) -> list[tuple[Any, Any]]:
        """The two fields of each line."""
        return [(self[f"rule_{line.rule.pk}"], self[f"note_{line.rule.pk}"]) for line in self.lines]

    def answers(self) -> dict[int, Answer]:
        """What was answered, by rule."""
        found: dict[int, Answer] = {}
        for line in self.lines:
            given = self.cleaned_data.get(f"rule_{line.rule.pk}")
            if given:
                note = str(self.cleaned_data.get(f"note_{line.rule.pk}", "")).strip()
                found[line.rule.pk] = (given == "yes", note)
        return found


class AgreementForm(forms.Form):
    """A signed agreement."""

    number = forms.CharField(
        label=_("Agreement number"), strip=False, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    kind = forms.ChoiceField(label=pgettext_lazy("agreement", "Kind"), choices=AgreementKind.choices)
    signed_on = _day(_("Signed on"), required=True)
    starts_on = _day(_("Takes effect on"), _("Empty: the day it was signed."))
    ends_on = _day(_("Up to and including"), _("Empty: without an end."))
    our_signer = forms.ChoiceField(label=_("Signed for us by"), required=False)
    their_signer = forms.ChoiceField(label=_("Signed for the customer by"), required=False)
    scan = forms.FileField(
        label=_("Scan"), required=False, help_text=_("Photo, PDF, Office or text; at most 20 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": PAPERS}),
    )  # fmt: skip
    note = forms.CharField(label=_("Note"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, ours: Choices, theirs: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "our_signer", [("", "—"), *ours])
        offer(self, "their_signer", [("", "—"), *theirs])

    def values(self) -> dict[str, Any]:
        """What the action takes, without the file."""
        return {name: value for name, value in self.cleaned_data.items() if name != "scan"}


class EndForm(_Versioned):
    """An agreement ends early."""

    ends_on = forms.DateField(label=_("Last day"), widget=DayInput)
    reason = forms.CharField(label=_("Reason"), max_length=300)


class ScanForm(forms.Form):
    """The signed paper."""

    scan = forms.FileField(
        label=_("Scan"), help_text=_("Photo, PDF, Office or text; at most 20 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": PAPERS}),
    )  # fmt: skip


class NeedForm(_Versioned):
    """A need, with what lies behind it (SAL-10)."""

    type = forms.ChoiceField(label=_("Type of need"))
    found_on = _day(_("Found on"))
    text = forms.CharField(label=_("What he needs"), strip=False, widget=forms.Textarea(attrs={"rows": 3}))
    pain = forms.CharField(
        label=_("What hurts"), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("What goes wrong today, and what it costs him."),
    )  # fmt: skip
    budget = forms.CharField(
        label=_("Budget (yuan)"), required=False, strip=False, widget=forms.TextInput(attrs={"inputmode": "decimal"})
    )
    decision_maker = forms.ChoiceField(label=_("Who decides"), required=False)
    wanted_on = _day(_("Wanted by"))
    competitor = forms.CharField(label=_("Competitors in it"), required=False, strip=False)

    def __init__(self, *args: Any, types: Choices, people: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "type", types)
        offer(self, "decision_maker", [("", "—"), *people])

    def values(self) -> dict[str, Any]:
        """What the action takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


class NeedStepForm(_Versioned):
    """The next stage of a need."""

    to_stage = forms.ChoiceField(label=_("Next stage"), choices=NeedStage.choices, widget=forms.RadioSelect)
    routed_to = forms.TypedChoiceField(label=_("Department"), coerce=int, empty_value=None, required=False)
    note = forms.CharField(
        label=_("What was proposed, or why"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(self, *args: Any, stages: Choices, units: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer(self, "to_stage", stages)
        offer(self, "routed_to", [("", "—"), *units])


class ExportForm(forms.Form):
    """Why the figures leave the house (SEC-1)."""

    reason = forms.CharField(label=_("What for"), max_length=200)

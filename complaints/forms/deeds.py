"""Forms of the deeds on a case: shape only; what may be done and what it needs is asked in the actions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.choices import CaseLevel, Judgement, ReplyMethod
from complaints.forms.phrases import PhraseArea
from crm.core.fields import offer

Choices = Sequence[tuple[Any, str | Promise]]
MOMENTS = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]


class MomentInput(forms.DateTimeInput):
    """The browser's own picker of day and time."""

    input_type = "datetime-local"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%dT%H:%M")


class ReasonArea(forms.Textarea):
    """A reason: two lines."""

    def __init__(self) -> None:
        super().__init__(attrs={"rows": 2})


class DeedForm(forms.Form):
    """What every deed carries: the version of the case that the doer saw; a deed without input needs no more."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1, required=False)
    offers: dict[str, str] = {}

    def give(self, choices: Mapping[str, Choices]) -> None:
        """Fill the choice fields of this form."""
        for name, kind in self.offers.items():
            offer(self, name, choices[kind])

    def values(self) -> dict[str, Any]:
        """What the action is called with; what was left empty is left out."""
        return {
            name: value
            for name, value in self.cleaned_data.items()
            if name != "version" and (value not in (None, "") or name in ("cause",))
        }

    def accept_version(self, version: int) -> None:
        """Somebody saved first: the next try is made knowing it."""
        typed = self.data
        if isinstance(typed, QueryDict):
            self.data = again = typed.copy()
            again["version"] = str(version)


class ReasonForm(DeedForm):
    """Why."""

    reason = forms.CharField(label=_("Reason"), max_length=200, widget=ReasonArea)


class AppointForm(DeedForm):
    """An appointment: until when, and what was agreed."""

    until_at = forms.DateTimeField(label=_("Agreed for"), widget=MomentInput, input_formats=MOMENTS)
    reason = forms.CharField(label=_("What was agreed"), max_length=200, widget=ReasonArea)


class ReplyForm(DeedForm):
    """The result as the customer was told it (CMP-1)."""

    text = forms.CharField(label=_("What the customer was told"), max_length=2000, widget=PhraseArea(rows=4))
    method = forms.ChoiceField(
        label=_("How he was told"), choices=ReplyMethod.choices, widget=forms.RadioSelect, initial=ReplyMethod.PHONE
    )
    told_at = forms.DateTimeField(
        label=_("When he was told"),
        widget=MomentInput,
        input_formats=MOMENTS,
        required=False,
        help_text=_("Empty: now."),
    )


class SettledReplyForm(ReplyForm):
    """The same for an enquiry, a business handling, a need: was it settled?"""

    is_resolved = forms.ChoiceField(
        label=_("Result"),
        choices=[("yes", _("Settled")), ("no", _("Not carried out"))],
        widget=forms.RadioSelect,
        initial="yes",
    )

    def values(self) -> dict[str, Any]:
        """Yes or no as truth."""
        found = super().values()
        return found | {"is_resolved": found["is_resolved"] == "yes"}


class AssignForm(DeedForm):
    """To whom."""

    offers = {"to_staff_id": "takers"}
    to_staff_id = forms.TypedChoiceField(label=_("Who answers for it"), coerce=int)
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=ReasonArea, required=False)


class MergeForm(DeedForm):
    """Into which open case of the same customer."""

    offers = {"into_id": "twins"}
    into_id = forms.TypedChoiceField(label=_("Into which case"), coerce=int, widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason"), max_length=200, widget=ReasonArea, required=False)


class JudgementForm(DeedForm):
    """Justified or not, and why (CMP-4)."""

    judgement = forms.ChoiceField(
        label=_("Judgement"),
        choices=[(one.value, one.label) for one in (Judgement.JUSTIFIED, Judgement.UNJUSTIFIED)],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(label=_("Grounds"), max_length=300, widget=ReasonArea, required=False)


class CauseForm(DeedForm):
    """The root cause."""

    cause = forms.CharField(
        label=_("Root cause"),
        max_length=200,
        required=False,
        help_text=_("In a few words, the same words for the same."),
    )


class DispatchForm(DeedForm):
    """派单: what another unit is asked, and until when."""

    offers = {"to_unit_id": "units"}
    to_unit_id = forms.TypedChoiceField(label=_("To which unit"), coerce=int)
    text = forms.CharField(label=_("What they are asked"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    reply_due_at = forms.DateTimeField(
        label=_("Reply by"),
        widget=MomentInput,
        input_formats=MOMENTS,
        required=False,
        help_text=_("Empty: the usual working days."),
    )


class OrderStepForm(DeedForm):
    """The next step of a business handling."""

    position = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=100)


class NoteForm(DeedForm):
    """For the colleagues."""

    text = forms.CharField(label=_("Internal note"), max_length=2000, widget=PhraseArea(rows=3))


class SaidForm(DeedForm):
    """The customer's own words: never looked through for phrases (CMP-16)."""

    text = forms.CharField(label=_("The customer said"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class UpdateForm(DeedForm):
    """An interim word."""

    text = forms.CharField(label=_("What the customer was told"), max_length=2000, widget=PhraseArea(rows=3))
    method = forms.ChoiceField(
        label=_("How he was told"), choices=ReplyMethod.choices, widget=forms.RadioSelect, initial=ReplyMethod.PHONE
    )


class AttachForm(DeedForm):
    """A file."""

    file = forms.FileField(label=_("File"), help_text=_("Photo, PDF, Office or text; at most 20 MB."))


class CorrectForm(DeedForm):
    """An intake put right."""

    offers = {"category_code": "categories", "product_id": "products", "caused_by_id": "visits"}
    category_code = forms.ChoiceField(label=_("Category"), required=False)
    product_id = forms.TypedChoiceField(label=_("Product"), coerce=int, empty_value=None, required=False)
    level = forms.ChoiceField(
        label=_("How grave"),
        choices=CaseLevel.choices,
        widget=forms.RadioSelect,
        help_text=_("A major matter is reported up at once."),
    )
    facts = forms.CharField(label=_("Course of events"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}))
    expectation = forms.CharField(
        label=_("What the customer hopes for"), max_length=500, widget=ReasonArea, required=False
    )
    numbers = forms.CharField(label=_("Business numbers"), max_length=200, required=False)
    caused_by_id = forms.TypedChoiceField(label=_("Visit that caused it"), coerce=int, empty_value=None, required=False)

    def values(self) -> dict[str, Any]:
        """Everything, emptied fields too."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}

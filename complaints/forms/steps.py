"""Forms of the six steps, made from their rule (complaints.rules.steps): nothing is said twice."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.choices import CustomerMood
from complaints.forms.deeds import DeedForm, ReasonArea
from complaints.forms.phrases import PhraseArea
from complaints.rules.steps import FIRST, LAST, STEP_FIELDS, StepField
from crm.core.fields import DayInput

SCORES = [(str(score), str(score)) for score in range(1, 6)]
LABELS: Mapping[tuple[int, str], str | Promise] = {
    (1, "listened"): _("Heard him out"),
    (1, "sympathy"): _("Showed concern and sympathy"),
    (1, "mood"): _("The customer's mood"),
    (1, "need"): _("What he needs, as I see it"),
    (2, "apologised"): _("Apologised sincerely"),
    (2, "words"): _("In which words"),
    (2, "need_met"): _("He feels taken seriously"),
    (3, "facts"): _("The facts, from open questions"),
    (3, "restated"): _("Repeated his feeling in my words"),
    (3, "understanding"): _("Showed that I understand"),
    (4, "information"): _("What he was told about the matter"),
    (4, "expectation"): _("What he may expect"),
    (4, "expected_on"): _("Until when"),
    (4, "options"): _("Solutions offered, one a line"),
    (5, "agreed"): _("What was agreed"),
    (5, "agreed_on"): _("Agreed on"),
    (5, "satisfaction"): _("How satisfied he is, 1 to 5"),
    (6, "apologised"): _("Apologised once more and thanked him"),
    (6, "words"): _("In which words"),
    (6, "follow_up_on"): _("Next contact on"),
}
HELP: Mapping[tuple[int, str], str | Promise] = {
    (3, "facts"): _("How, what, where: his account, summed up."),
    (4, "options"): _("Two or more: a choice calms."),
    (6, "follow_up_on"): _("Becomes a follow-up task by itself."),
}


def step_form(step: int, data: Any = None, *, version: int, today: date, follow_up_days: int) -> DeedForm:
    """The form of one step; an unknown one has no fields, and the action says so."""
    first: dict[str, Any] = {"version": version, "step": step}
    if step == LAST:
        first["follow_up_on"] = today + timedelta(days=min(3, follow_up_days))
    elif step == LAST - 1:
        first["agreed_on"] = today
    form = StepForm(data, initial=first)
    for field in STEP_FIELDS.get(step, ()):
        form.fields[field.name] = _field(step, field)
    return form


class StepForm(DeedForm):
    """One of the six steps."""

    step = forms.IntegerField(widget=forms.HiddenInput, min_value=FIRST, max_value=LAST)

    def data_of(self) -> dict[str, Any]:
        """The fields of the step."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("version", "step")}


def _field(step: int, rule: StepField) -> forms.Field:
    """Nothing is required here: the action says what is missing, in its own words, to every door alike."""
    common: dict[str, Any] = {"label": LABELS[step, rule.name], "required": False}
    common["help_text"] = HELP.get((step, rule.name), "")
    if rule.holds == "tick":
        return forms.BooleanField(**common)
    if rule.holds == "mood":
        return forms.ChoiceField(choices=CustomerMood.choices, widget=forms.RadioSelect, **common)
    if rule.holds == "score":
        return forms.ChoiceField(choices=SCORES, widget=forms.RadioSelect, **common)
    if rule.holds == "day":
        return forms.DateField(widget=DayInput, **common)
    area = PhraseArea(rows=3 if rule.holds == "options" else 2) if rule.is_ours else ReasonArea()
    return forms.CharField(widget=area, max_length=None if rule.holds == "options" else rule.longest, **common)

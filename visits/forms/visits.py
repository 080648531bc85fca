"""The shape of what people enter about visits, excuses and what counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.fields import DayInput
from visits.choices import Direction, ExcuseKind, Mood
from visits.queries.catalogue import catalogue
from visits.queries.counting import cell_name, known_cells
from visits.queries.rows import VisitRow
from visits.rules.counting import Cell

MOMENTS = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]
Choices = Sequence[tuple[str, Any]]


class MomentInput(forms.DateTimeInput):
    """The browser's own picker of day and time."""

    input_type = "datetime-local"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%dT%H:%M")


class MendForm(forms.Form):
    """A visit as its author may still change it; what is computed is not in it."""

    channel = forms.ChoiceField(label=_("How"), widget=forms.RadioSelect)
    outcome = forms.ChoiceField(label=_("Outcome"), widget=forms.RadioSelect)
    occasion = forms.ChoiceField(label=_("Occasion"), widget=forms.RadioSelect, required=False)
    direction = forms.ChoiceField(label=_("Direction"), widget=forms.RadioSelect, choices=Direction.choices)
    occurred_at = forms.DateTimeField(label=_("When"), widget=MomentInput, input_formats=MOMENTS)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=1440, required=False)
    met_person_ids = forms.TypedMultipleChoiceField(
        label=_("Whom met"), widget=forms.CheckboxSelectMultiple, coerce=int, required=False
    )
    content = forms.CharField(
        label=_("In one sentence"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    result = forms.CharField(label=_("What came of it"), max_length=500, required=False)
    place = forms.CharField(label=_("Place"), max_length=100, required=False)
    mood = forms.ChoiceField(label=_("Mood"), widget=forms.RadioSelect, required=False)
    next_step = forms.CharField(label=_("Next step"), max_length=200, required=False)
    next_on = forms.DateField(label=_("Planned for"), widget=DayInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=2**31 - 1)

    def __init__(self, *args: Any, row: VisitRow, persons: Choices, **more: Any) -> None:
        super().__init__(*args, **more)
        self.row = row
        known = catalogue()
        self._offer("channel", [(entry.code, entry.label) for entry in known.offered_channels()])
        self._offer("outcome", [(entry.code, entry.label) for entry in known.offered_outcomes()])
        self._offer("occasion", [(entry.code, entry.label) for entry in known.offered_occasions()])
        self._offer("mood", Mood.choices)
        self._offer("met_person_ids", persons)
        if not persons:
            del self.fields["met_person_ids"]
        channels = self.fields["channel"].choices  # type: ignore[attr-defined]
        if row.channel_code not in dict(channels):
            self._offer("channel", [*channels, (row.channel_code, row.channel)])

    def _offer(self, name: str, choices: Choices) -> None:
        self.fields[name].choices = list(choices)  # type: ignore[attr-defined]

    def changes(self) -> dict[str, Any]:
        """What the action takes: only the fields that differ from what was shown."""
        values = dict(self.cleaned_data)
        values.pop("version")
        minutes = values.pop("minutes")
        changed = {name: values[name] for name in values if name in self.changed_data}
        if "met_person_ids" in changed:
            changed["met_person_ids"] = tuple(changed["met_person_ids"])
        if "minutes" in self.changed_data or "occurred_at" in self.changed_data:
            start = changed.get("occurred_at", self.row.occurred_at)
            changed["ended_at"] = None if minutes is None else start + timedelta(minutes=minutes)
        return changed

    def labels(self) -> dict[str, Any]:
        """Names of the facts in words, for the comparison of two versions."""
        return {name: field.label for name, field in self.fields.items() if name not in ("version", "met_person_ids")}

    def accept_version(self, version: int) -> None:
        """After a conflict was shown, saving again is meant."""
        sent = QueryDict(mutable=True)
        sent.update(self.data)
        sent["version"] = str(version)
        self.data = sent


def mend_initial(row: VisitRow, met: Sequence[int]) -> dict[str, Any]:
    """What the form shows first."""
    known = catalogue()
    return {
        "channel": row.channel_code,
        "outcome": known.outcomes_by_id[row.outcome_id].code,
        "occasion": known.occasions_by_id[row.occasion_id].code if row.occasion_id else "",
        "direction": row.direction,
        "occurred_at": timezone.localtime(row.occurred_at).replace(second=0, microsecond=0),
        "minutes": row.minutes,
        "met_person_ids": list(met),
        "content": row.content,
        "result": row.result,
        "place": row.place,
        "mood": row.mood,
        "next_step": row.next_step,
        "next_on": row.next_on,
        "version": row.version,
    }


class SaidForm(forms.Form):
    """A remark or a note."""

    text = forms.CharField(label=_("Text"), max_length=500, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 500}))


class ExcuseForm(forms.Form):
    """Why a duty should be left out of the count."""

    kind = forms.ChoiceField(label=_("Reason"), widget=forms.RadioSelect, choices=ExcuseKind.choices)
    text = forms.CharField(
        label=_("In one sentence"),
        help_text=_("What did the customer say? Needed when he wants no contact."),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 300}),
    )


class DecisionForm(forms.Form):
    """Grant or refuse, with a sentence for the asker."""

    remark = forms.CharField(
        label=_("Note on the decision"),
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "maxlength": 300}),
    )
    grant = forms.ChoiceField(choices=[("yes", _("Grant")), ("no", _("Refuse"))])


class CountingForm(forms.Form):
    """The day from which the ticks hold; the ticks are read beside it, because there are a hundred of them."""

    effective_from = forms.DateField(label=_("Holds from"), widget=DayInput)


def ticked_cells(params: QueryDict) -> dict[Cell, bool]:
    """Every cell of the matrix with its tick; names that are none of ours are simply not there."""
    return {cell: cell_name(cell) in params for cell in known_cells()}


def person_choices(persons: Mapping[int, str]) -> Choices:
    """Contact persons as chips."""
    return [(str(person_id), name) for person_id, name in persons.items()]

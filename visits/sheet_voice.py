"""客户反映 on the log sheet: what it is about, who should hear of it, what is proposed (CON-18, CUS-20, PLAN-19)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.queries.dispatches import units_to_ask
from crm.core.errors import Invalid
from crm.core.pages import add_problem
from visits.actions.voices import Heard, check_heard, take_heard_back, write_heard
from visits.choices import Reliability, VoiceKind, VoiceTopic
from visits.parts import PartContext, PartData, SheetPart

if TYPE_CHECKING:
    from crm.core.models import User
    from visits.models import Visit

CODE = "heard"
TEXTS = ("kind", "text", "topic", "suggestion", "reliability")


class HeardForm(forms.Form):
    """What the customer said: kind and words; the rest only where it helps."""

    kind = forms.ChoiceField(label=_("What the customer said"), choices=VoiceKind.choices, required=False,
                             widget=forms.RadioSelect)  # fmt: skip
    text = forms.CharField(label=_("In the customer's words"), max_length=500, required=False)
    topic = forms.ChoiceField(label=_("What it is about"), required=False)
    suggestion = forms.CharField(label=_("What do you propose?"), max_length=500, required=False)
    to_unit_id = forms.TypedChoiceField(label=_("Who should hear of it and reply"), coerce=int, required=False,
                                        empty_value=None)  # fmt: skip
    reliability = forms.ChoiceField(label=_("How sure it is"), required=False)

    def __init__(self, *args: Any, today: date, **more: Any) -> None:
        super().__init__(*args, **more)
        self.today = today
        self.fields["kind"].choices = VoiceKind.choices  # type: ignore[attr-defined]
        self.fields["topic"].choices = [("", "–"), *VoiceTopic.choices]  # type: ignore[attr-defined]
        self.fields["reliability"].choices = [("", "–"), *Reliability.choices]  # type: ignore[attr-defined]
        self.fields["to_unit_id"].choices = [("", _("nobody")), *units_to_ask()]  # type: ignore[attr-defined]
        for name in ("text", "suggestion"):
            self.fields[name].widget.attrs |= {"autocomplete": "off", "data-text": ""}

    def clean(self) -> dict[str, Any]:
        """Words without a kind are an opinion; a kind without words is nothing."""
        values = super().clean() or self.cleaned_data
        if values.get("text") and not values.get("kind"):
            values["kind"] = VoiceKind.OPINION.value
        if values.get("text") and not self.errors:
            try:
                check_heard(heard_of(values), today=self.today, has_visit=True)
            except Invalid as refusal:
                for problem in refusal.problems:
                    add_problem(self, problem)
        return values


def heard_of(values: PartData) -> Heard:
    """What the action takes."""
    texts: dict[str, Any] = {name: values.get(name) or "" for name in TEXTS}
    return Heard(**texts, to_unit_id=values.get("to_unit_id"))


def make_form(context: PartContext, data: Any, _files: Any, prefix: str) -> forms.Form:
    """The part's form."""
    return HeardForm(data, prefix=prefix, today=context.today)


def attach(visits: Sequence[Visit], data: PartData, by: User, now: datetime) -> None:
    """One row per customer of the sheet; a key change and a dispatch follow at once."""
    if not data.get("text"):
        return
    write_heard(visits, heard_of(data), by=by, now=now)


def detach(visit_ids: Sequence[int], by: User, now: datetime) -> None:
    """An undone visit takes back what was sent to other units because of it."""
    take_heard_back(visit_ids, by=by, now=now)


HEARD = SheetPart(
    CODE, _("What the customer said"), make_form, attach, detach=detach, template="visits/part_voice.html"
)

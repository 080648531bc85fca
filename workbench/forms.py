"""The shape of what people enter on the pages of the day; nothing here saves."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.choices import BaseChoiceIterator
from django.utils.translation import gettext_lazy as _

from crm.core.errors import DomainError
from visits.actions.sheet import VisitSheet
from visits.choices import ExcuseKind
from visits.parts import OpenPart, filled_parts, put_beside

MAX_ON_ONE_SHEET = 20
SAID = "heard-text"
"""What the customer said, as the part of the log sheet sends it."""
Choices = Sequence[tuple[str, str]]


class Offered(BaseChoiceIterator):
    """Choices that are pairs already: the form looks no deeper into each of them, four times per sheet."""

    def __init__(self, pairs: Choices) -> None:
        self.pairs = pairs

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.pairs)


class IdsField(forms.Field):
    """Ids that come as repeated values of one name; not looked up here, the action reads them through the scope."""

    widget = forms.MultipleHiddenInput
    default_error_messages: ClassVar[dict[str, Any]] = {
        "invalid": _("This choice is not known any more. Please choose again."),
        "too_many": _("At most %(max)d at once."),
    }

    def __init__(self, *, limit: int = MAX_ON_ONE_SHEET, **more: Any) -> None:
        self.limit = limit
        super().__init__(**more)

    def to_python(self, value: Any) -> tuple[int, ...]:
        """Distinct positive whole numbers in the order given."""
        ids: dict[int, None] = {}
        for raw in value or ():
            text = str(raw).strip()
            if not text:
                continue
            if not (text.isascii() and text.isdigit() and len(text) <= 18):
                raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
            ids[int(text)] = None
        if len(ids) > self.limit:
            raise forms.ValidationError(self.error_messages["too_many"], code="too_many", params={"max": self.limit})
        return tuple(ids)


class DateInput(forms.DateInput):
    """The browser's own date picker, whatever the language of the page."""

    input_type = "date"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class MomentInput(forms.DateTimeInput):
    """The browser's own picker of day and time, to the second where a call was timed."""

    input_type = "datetime-local"

    def __init__(self, **attrs: Any) -> None:
        super().__init__(attrs=attrs, format="%Y-%m-%dT%H:%M:%S")


class HiddenMoment(MomentInput):
    """The same, filled in by the page."""

    input_type = "hidden"


class KeptKey(forms.TextInput):
    """A hidden key that a draft keeps (a draft leaves hidden inputs out): a sheet that comes back is the same sheet."""

    def __init__(self) -> None:
        super().__init__(attrs={"hidden": True, "tabindex": "-1", "autocomplete": "off"})


MOMENTS = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"]


class LogSheetForm(forms.Form):
    """A visit as it is logged (CON-7): what is computed is never asked, what is rare is under "More"."""

    customer = IdsField(error_messages={"required": _("Choose the customer.")})
    channel = forms.ChoiceField(label=_("How"), widget=forms.RadioSelect)
    outcome = forms.ChoiceField(
        label=_("Outcome"), widget=forms.RadioSelect, error_messages={"required": _("Choose the outcome.")}
    )
    occasion = forms.ChoiceField(label=_("Occasion"), widget=forms.RadioSelect, required=False)
    started_at = forms.DateTimeField(label=_("When"), widget=MomentInput, input_formats=MOMENTS)
    ended_at = forms.DateTimeField(widget=HiddenMoment, input_formats=MOMENTS, required=False)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=1440, required=False)
    is_inbound = forms.BooleanField(label=_("The customer contacted me"), required=False)
    met = IdsField(required=False, limit=50)
    new_person = forms.CharField(label=_("Somebody new"), max_length=50, required=False)
    companion = IdsField(required=False, limit=20)
    content = forms.CharField(label=_("In one sentence"), max_length=2000, required=False)
    result = forms.CharField(label=_("What came of it"), max_length=500, required=False)
    mood = forms.ChoiceField(label=_("Mood"), widget=forms.RadioSelect, required=False)
    place = forms.CharField(label=_("Place"), max_length=100, required=False)
    next_step = forms.CharField(label=_("Next step"), max_length=200, required=False)
    next_on = forms.DateField(label=_("On which day"), widget=DateInput, required=False)
    client_key = forms.UUIDField(widget=KeptKey)
    tap = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=2**62, required=False)

    def __init__(self, *args: Any, choices: Mapping[str, Choices], learn: Iterable[str] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        for name, offered in choices.items():
            self.fields[name].choices = Offered(offered)  # type: ignore[attr-defined]
        self.learn = [name for name in learn if f"learn_{name}" in self.data]
        for name in self.learn:
            self.fields[f"learn_{name}"] = forms.CharField(max_length=1000, required=False)

    def learned(self) -> dict[str, str]:
        """Facts learned on the way: profile field → value; their rules are those of the profile (CUS-9)."""
        found = ((name, self.cleaned_data.get(f"learn_{name}", "")) for name in self.learn)
        return {name: value for name, value in found if value}

    def clean(self) -> dict[str, Any]:
        """The length in minutes, once typed, stands for the end that the page measured."""
        values = super().clean() or self.cleaned_data
        started, ended = values.get("started_at"), values.get("ended_at")
        if isinstance(started, datetime) and isinstance(ended, datetime) and ended < started:
            values["ended_at"] = None
        return values


class RemarkForm(forms.Form):
    """Grant or refuse, with a sentence."""

    remark = forms.CharField(label=_("Remark"), max_length=200, required=False)
    grant = forms.ChoiceField(choices=[("yes", _("Grant")), ("no", _("Refuse"))])

    def decision(self, name: str) -> dict[str, Any]:
        """The decision under the name the action knows it by."""
        return {name: self.cleaned_data["grant"] == "yes", "remark": self.cleaned_data["remark"]}


class UrgeForm(forms.Form):
    """A sentence that goes with the figures."""

    text = forms.CharField(label=_("A sentence"), max_length=200, required=False)


class CoverForm(forms.Form):
    """Who stands in, from when to when (both days inclusive)."""

    substitute_id = forms.TypedChoiceField(label=_("Who stands in"), coerce=int)
    starts_on = forms.DateField(label=_("First day"), widget=DateInput)
    ends_on = forms.DateField(label=_("Last day"), widget=DateInput)
    reason = forms.CharField(label=_("Reason"), max_length=200, required=False)

    def __init__(self, *args: Any, choices: Sequence[tuple[int, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["substitute_id"].choices = [("", "–"), *choices]  # type: ignore[attr-defined]

    def arranged(self, *, is_preview: bool) -> dict[str, Any]:
        """What the action takes; a preview needs no reason."""
        return {name: value for name, value in self.cleaned_data.items() if name != "reason" or not is_preview}


class PostponeForm(forms.Form):
    """Another day for a suggestion; empty: the next working day."""

    to = forms.DateField(label=_("Day"), widget=DateInput, required=False)


class ExcuseForm(forms.Form):
    """Why a duty should be left out of the count."""

    kind = forms.ChoiceField(label=_("Reason"), choices=ExcuseKind.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("In one sentence"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )


class PassOnForm(forms.Form):
    """A visit that could not be logged any more, on its way to the manager who has the customer now."""

    customer = IdsField()
    client_key = forms.UUIDField(required=False)
    content = forms.CharField(max_length=2000, required=False)
    result = forms.CharField(max_length=500, required=False)
    next_step = forms.CharField(max_length=200, required=False)

    def message(self) -> dict[str, Any]:
        """What is sent on: every sentence that was written, one a line."""
        values = self.cleaned_data
        said = str(self.data.get(SAID, ""))[:500]
        written = (text.strip() for text in (values["content"], values["result"], values["next_step"], said))
        text = "\n".join(part for part in written if part)
        return {"customer": values["customer"], "client_key": values["client_key"], "text": text}


def put_errors(
    form: forms.Form, refusal: DomainError, names: dict[str, str] | None = None, *, parts: Iterable[OpenPart] = ()
) -> None:
    """Put what an action refused beside its field; what belongs to no field of the form goes to the top."""
    for problem in put_beside(list(parts), refusal.problems):
        name = (names or {}).get(problem.field, problem.field)
        name = name if name in form.fields else f"learn_{name}"
        form.add_error(name if name in form.fields else None, forms.ValidationError(str(problem), code=problem.code))


def parse_day(text: str) -> date | None:
    """A day of an address, or None."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def sheet_of(form: LogSheetForm, parts: Sequence[OpenPart] = ()) -> VisitSheet:
    """The sheet that the action takes, of forms that are valid in shape."""
    values = form.cleaned_data
    start = values["started_at"]
    minutes = values["minutes"]
    customers: tuple[int, ...] = values["customer"]
    new_person = values["new_person"].strip()
    return VisitSheet(
        customer_ids=customers,
        channel=values["channel"],
        outcome=values["outcome"],
        occurred_at=start,
        client_key=values["client_key"],
        direction="inbound" if values["is_inbound"] else "",
        occasion=values["occasion"],
        ended_at=values["ended_at"] if minutes is None else start + timedelta(minutes=minutes),
        content=values["content"],
        result=values["result"],
        mood=values["mood"],
        place=values["place"],
        next_step=values["next_step"],
        next_on=values["next_on"],
        met_person_ids=values["met"],
        new_persons=((customers[0], new_person),) if new_person else (),
        companion_ids=values["companion"],
        learned=form.learned(),
        dial_tap_id=values["tap"],
        parts=filled_parts(parts),
    )


SHEET_NAMES = {
    "customer_ids": "customer",
    "occurred_at": "started_at",
    "ended_at": "minutes",
    "met_person_ids": "met",
    "new_persons": "new_person",
    "companion_ids": "companion",
    "direction": "is_inbound",
}
"""Names of a sheet's facts in the action → fields of the form beside which a problem is shown."""

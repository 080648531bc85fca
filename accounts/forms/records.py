"""Forms of records whose values the row rules check: the form gives shape, labels and choices, nothing else."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.choices import (
    ContactRole,
    CustomerKind,
    FileCategory,
    MarketBand,
    MemberState,
    PreferredChannel,
    Sex,
    SimKind,
)
from accounts.field_labels import field_label
from accounts.rules import PERSON_FIELDS, has_field
from crm.core.fields import DayInput

CHOICES: dict[str, Any] = {
    "sex": Sex,
    "market_band": MarketBand,
    "preferred_channel": PreferredChannel,
    "sim_kind": SimKind,
    "role": ContactRole,
}
DAYS = frozenset(
    {"joined_on", "sim_issued_on", "sim_replaced_on", "birthday", "licence_until", "consent_on", "changed_on"}
)
CLOCKS = frozenset({"dnd_from", "dnd_to"})
LONG = frozenset({"service_notes", "family_background"})
FLAGS = frozenset({"no_marketing", "is_lunar_birthday", "is_active"})
PHONES = frozenset({"phone", "other_phone", "msisdn"})

BASIC = (
    "name", "phone", "other_phone", "email", "district", "business_address", "credit_code", "industry",
    "market_band", "monthly_spend", "joined_on", "sex", "birthday", "is_lunar_birthday", "sim_kind",
    "sim_issued_on", "sim_replaced_on",
)  # fmt: skip
PREFERENCES = (
    "preferred_channel", "preferred_time", "dnd_from", "dnd_to", "no_marketing", "personality", "sports",
    "reward_preference", "service_notes",
)  # fmt: skip
CONTACT = ("name", "position", "role", "phone", "birthday", "relation_strength")
PRIVATE = (
    "consent_on", "consent_note", "home_address", "id_number", "occupation", "employer", "position",
    "family_background",
)  # fmt: skip


def field_for(name: str) -> forms.Field:
    """The form field of a column; its rules are not here but in accounts.rules."""
    label = field_label(name)
    if name in CHOICES:
        return forms.ChoiceField(label=label, required=False, choices=[("", "—"), *CHOICES[name].choices])
    if name in FLAGS:
        return forms.BooleanField(label=label, required=False)
    widget: Any = forms.TextInput()
    if name in DAYS:
        widget = DayInput()
    elif name in CLOCKS:
        widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    elif name in LONG:
        widget = forms.Textarea(attrs={"rows": 3})
    elif name in PHONES:
        widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})
    return forms.CharField(label=label, required=False, widget=widget, strip=False)


class RecordForm(forms.Form):
    """Any record: the named fields, the version the person has read, and what each field showed then."""

    version = forms.IntegerField(required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, names: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.names = tuple(names)
        for name in names:
            self.fields[name] = field_for(name)
        self.initial["seen"] = self._memory(self.initial)

    @property
    def groups(self) -> list[list[Any]]:
        """All bound fields as one group; forms with more say so."""
        return [[self[name] for name in self.names]]

    def values(self) -> dict[str, Any]:
        """What was entered, by column."""
        return {name: self.cleaned_data[name] for name in self.names}

    def accept(self, current: Mapping[str, Any]) -> list[dict[str, Any]]:
        """After a conflict: what differs, yours and saved; a field you have not touched takes the saved value over.

        The next save is meant for the version that is shown now.
        """
        typed = QueryDict(mutable=True)
        typed.update(self.data)
        seen = self._seen()
        rows: list[dict[str, Any]] = []
        for name in self.names:
            mine, theirs = self._typed(name), self._shown(name, current.get(name))
            if name not in current or mine == theirs:
                continue
            is_taken = mine == seen.get(name)
            if is_taken:
                self._put(typed, name, theirs)
            rows.append(
                {"label": self.fields[name].label, "mine": self._words(name, mine), "theirs": self._words(name, theirs),
                 "is_taken": is_taken}
            )  # fmt: skip
        typed["version"] = str(current["version"])
        typed["seen"] = self._memory(current)
        self.data = typed
        return rows

    def _memory(self, values: Mapping[str, Any]) -> str:
        """What every field shows, for the next save to tell what was touched."""
        return json.dumps({name: self._shown(name, values.get(name)) for name in self.names}, ensure_ascii=False)

    def _seen(self) -> dict[str, Any]:
        """What the fields showed when the page was loaded; nothing when somebody has tampered with it."""
        try:
            seen = json.loads(self.cleaned_data.get("seen") or "{}")
        except (ValueError, RecursionError):
            return {}
        return seen if isinstance(seen, dict) else {}

    def _shown(self, name: str, value: Any) -> str:
        """A value as its field shows it; "on" or nothing for a tick."""
        field = self.fields[name]
        if isinstance(field, forms.BooleanField):
            return "on" if value else ""
        shown = field.widget.format_value(field.prepare_value(value))
        shown = "".join(shown) if isinstance(shown, list) else shown
        return str(shown or "").replace("\r\n", "\n")

    def _typed(self, name: str) -> str:
        """What the field held when it was sent."""
        return self._shown(name, self.fields[name].widget.value_from_datadict(self.data, self.files, name))

    def _put(self, typed: QueryDict, name: str, text: str) -> None:
        """Let the field show this; a tick that is not there is not sent."""
        typed.pop(name, None)
        if text or not isinstance(self.fields[name], forms.BooleanField):
            typed[name] = text

    def _words(self, name: str, text: str) -> str:
        """What the person reads of it: a choice by its label."""
        field: Any = self.fields[name]
        if isinstance(field, forms.BooleanField):
            return str(_("yes")) if text else str(_("no"))
        if hasattr(field, "choices"):
            return str({str(value): label for value, label in field.choices}.get(text, text))
        return text


class CustomerForm(RecordForm):
    """Basic data and preferences of a customer of one kind (CUS-6, CUS-7, CUS-29)."""

    def __init__(self, kind: str, *args: Any, **kwargs: Any) -> None:
        persons = kind in (CustomerKind.VIP, CustomerKind.ORDINARY)
        fits = [
            name for name in (*BASIC, *PREFERENCES) if has_field(kind, name) and (persons or name not in PERSON_FIELDS)
        ]
        super().__init__(fits, *args, **kwargs)
        self.fields["name"].required = True

    @property
    def basic(self) -> list[Any]:
        """Bound fields of the basic group."""
        return [self[name] for name in self.names if name in BASIC]

    @property
    def preferences(self) -> list[Any]:
        """Bound fields of the preferences."""
        return [self[name] for name in self.names if name in PREFERENCES]


class NewCustomerForm(forms.Form):
    """The least one must say of a new customer; the profile may be partial (CUS-9)."""

    kind = forms.ChoiceField(label=_("Customer kind"), choices=CustomerKind.choices)
    name = forms.CharField(label=_("Name"), max_length=50)
    phone = forms.CharField(label=_("Phone"), required=False, widget=forms.TextInput(attrs={"inputmode": "tel"}))
    district = forms.CharField(label=_("District"), required=False, max_length=30)


class FileForm(forms.Form):
    """A file for the archive (CUS-12)."""

    title = forms.CharField(
        label=_("Title"), max_length=100, help_text=_("The same title again becomes the next version.")
    )
    category = forms.ChoiceField(label=_("Category"), choices=FileCategory.choices)
    upload = forms.FileField(label=_("File"))


class MemberForm(forms.Form):
    """A subscriber line of a group (CUS-28)."""

    msisdn = forms.CharField(label=_("Line number"), widget=forms.TextInput(attrs={"inputmode": "tel"}))
    name = forms.CharField(label=_("Name"), required=False, max_length=50)
    state = forms.ChoiceField(label=_("State"), choices=MemberState.choices)


class FamilyForm(forms.Form):
    """A family member; needs recorded consent (CUS-8)."""

    relation = forms.CharField(label=_("Relation"), max_length=30)
    name = forms.CharField(label=_("Name"), max_length=50)
    birthday = forms.CharField(label=_("Birthday"), required=False, widget=DayInput())


class JobForm(forms.Form):
    """A change of job (CUS-8)."""

    changed_on = forms.CharField(label=_("Changed on"), widget=DayInput())
    employer_before = forms.CharField(label=_("Employer before"), required=False, max_length=100)
    employer_after = forms.CharField(label=_("Employer after"), required=False, max_length=100)


class ExportForm(forms.Form):
    """Why a list leaves the house (SEC-1)."""

    reason = forms.CharField(
        label=_("Reason"), max_length=200, help_text=_("For example: list for the symposium on 12 December.")
    )

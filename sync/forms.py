"""Forms of the import pages: the file, and what its columns mean."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from accounts.actions.books import BOTH, KNOWN_ONLY, NEW_ONLY
from accounts.choices import CustomerKind, CustomerState
from accounts.queries import names
from accounts.queries.portfolio import managers
from crm.core.errors import DomainError
from crm.core.scope import Scope
from sync import queries
from sync.imports.guesses import Guess
from sync.imports.kinds import ImportKind
from sync.imports.mapping import READINGS, SOURCE_FORM, parse_mapping

NUMBER_OR_DATE = re.compile(r"^[\d\s.,/:¥-]+$")
READING_WORDS: dict[str, Any] = {
    "DD/MM/YYYY": _("date, day first"),
    "MM/DD/YYYY": _("date, month first"),
    "excel_serial": _("day number of Excel"),
    "days_of_tenure": _("days with us"),
    "months_of_tenure": _("months with us"),
    "years_of_tenure": _("years with us"),
    "fen": _("amount in fen"),
    "wan": _("amount in 10,000 yuan"),
}
MODE_WORDS = ((BOTH, _("Create and update")), (NEW_ONLY, _("Only create new ones")), (KNOWN_ONLY, _("Only update")))


class UploadForm(forms.Form):
    """The file, what it holds and where it comes from."""

    kind = forms.ChoiceField(label=_("What it holds"), required=False)
    source = forms.CharField(
        label=_("Source"),
        max_length=40,
        help_text=_("Short name of the system the file comes from, such as billing. Its external ids are its own."),
        widget=forms.TextInput(attrs={"list": "import-sources", "autocapitalize": "none", "autocomplete": "off"}),
    )
    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "CSV in UTF-8 or GB18030 (comma, semicolon, tab, bar), an Excel workbook (first sheet) or JSON lines;"
            " gzip too. The first row names the columns."
        ),
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx,.ndjson,.jsonl,.gz,text/csv,text/plain"}),
    )

    def __init__(self, *args: Any, kinds: Sequence[ImportKind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("As its headings say")), *((kind.key, kind.label) for kind in kinds)]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]

    def clean_source(self) -> str:
        """Small letters, digits and a few marks: it stands beside every external id."""
        source = str(self.cleaned_data["source"]).strip().lower()
        if not SOURCE_FORM.match(source):
            raise forms.ValidationError(_("A source is named by small letters, digits, “_”, “.” and “-”, at most 40."))
        return source


@dataclass(frozen=True)
class ColumnRow:
    """One line of the mapping table."""

    column: str
    samples: list[str]
    field: BoundField
    reading: BoundField | None
    values: BoundField | None


class MappingForm(forms.Form):
    """What each column means, and what rows get where the file says nothing."""

    mode = forms.ChoiceField(label=_("What to do"), choices=MODE_WORDS, required=False)
    atomic = forms.BooleanField(
        label=_("All rows or none"),
        required=False,
        help_text=_("Without this a bad row never stops the good ones. For files of up to 10,000 rows."),
    )
    expected_rows = forms.IntegerField(
        label=_("Rows announced"), required=False, min_value=0, max_value=10**9,
        help_text=_("When the sender says how many there are: another number stops the import."),
    )  # fmt: skip
    sum_column = forms.ChoiceField(label=_("Column of the control sum"), required=False)
    sum_total = forms.DecimalField(label=_("Control sum"), required=False, max_digits=20, decimal_places=4)

    def __init__(
        self,
        *args: Any,
        preview: queries.ImportPreview,
        scope: Scope,
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.source, self.kind = preview.source, preview.kind
        self.guesses, self.remembered = preview.guesses, preview.remembered
        known = self.remembered.fields if self.remembered is not None else {}
        self.constant_names = [name for name in self.kind.constants if name in self.kind.fields]
        for place, guess in enumerate(self.guesses):
            entry = known.get(guess.field)
            self._add_column(place, guess, entry if entry is not None and entry.column == guess.column else None)
        self._add_constants(known, scope, today)
        if len(self.kind.matches) > 1:
            choices = [(name, self.kind.fields[name].label) for name in self.kind.matches]
            first = self.remembered.key if self.remembered else None
            self.fields["match"] = forms.ChoiceField(
                label=_("Rows are known by"), choices=choices, required=False, initial=first
            )
        columns = [(guess.column, guess.column) for guess in self.guesses]
        self.fields["sum_column"].choices = [("", "–"), *columns]  # type: ignore[attr-defined]
        self.fields["mode"].initial = self.remembered.mode if self.remembered else BOTH

    def _add_column(self, place: int, guess: Guess, entry: Any) -> None:
        choices = [("", "–"), *((name, field.label) for name, field in self.kind.fields.items())]
        self.fields[f"field-{place}"] = forms.ChoiceField(
            label=guess.column, choices=choices, required=False, initial=guess.field
        )
        looks = bool(guess.samples) and all(NUMBER_OR_DATE.match(sample) for sample in guess.samples)
        if looks and (not guess.field or self.kind.fields[guess.field].column_type in READINGS):
            self.fields[f"as-{place}"] = forms.ChoiceField(
                label=guess.column, choices=[("", _("as it stands")), *_readings()], required=False,
                initial=entry.reading if entry else ("months_of_tenure" if guess.column.lower() == "tenure" else ""),
            )  # fmt: skip
        if guess.is_list or (entry and entry.values):
            pairs = entry.values.items() if entry and entry.values else ()
            self.fields[f"values-{place}"] = forms.CharField(
                label=guess.column, required=False, max_length=500, initial="; ".join(f"{a}={b}" for a, b in pairs)
            )

    def _add_constants(self, known: Any, scope: Scope, today: date) -> None:
        offered = _constant_choices(scope, today) if self.kind.book is None else {}
        for name in self.constant_names:
            first = known[name].value if name in known else ("vip" if name == "kind" and offered else None)
            label = str(self.kind.fields[name].label)
            if name in offered:
                self.fields[name] = forms.ChoiceField(
                    label=label, choices=[("", "–"), *offered[name]], required=False, initial=first
                )
            else:
                self.fields[name] = forms.CharField(label=label, required=False, max_length=100, initial=first)

    def rows(self) -> list[ColumnRow]:
        """The lines of the table."""
        return [
            ColumnRow(
                guess.column,
                guess.samples,
                self[f"field-{place}"],
                self[f"as-{place}"] if f"as-{place}" in self.fields else None,
                self[f"values-{place}"] if f"values-{place}" in self.fields else None,
            )
            for place, guess in enumerate(self.guesses)
        ]

    def constants(self) -> list[BoundField]:
        """What rows get where the file says nothing."""
        return [self[name] for name in self.constant_names]

    def ways(self) -> list[BoundField]:
        """How the rows are taken."""
        return [self["mode"], *([self["match"]] if "match" in self.fields else [])]

    def announced(self) -> list[BoundField]:
        """What was announced of the rows."""
        return [self["expected_rows"], self["sum_column"], self["sum_total"]]

    def announced_opens(self) -> bool:
        """Whether something is announced, or was and is wrong."""
        return any(field.value() or field.errors for field in self.announced())

    def clean(self) -> dict[str, Any]:
        """One column a field; the whole must be a mapping."""
        data = super().clean() or {}
        try:
            self.raw = self._as_mapping(data)
            if not self.errors:
                parse_mapping(self.raw)
        except DomainError as refusal:
            self.add_error(None, str(refusal))
        return data

    def _as_mapping(self, data: dict[str, Any]) -> dict[str, Any]:
        entries: dict[str, Any] = {}
        if self.remembered is not None:  # what the page cannot show is kept
            plain = self.remembered.as_json()["fields"]
            entries = {name: entry for name, entry in plain.items() if "template" in entry or "rank_of" in entry}
        for place, guess in enumerate(self.guesses):
            name = data.get(f"field-{place}")
            if not name:
                continue
            if name in entries and "column" in entries[name]:
                self.add_error(f"field-{place}", _("Another column is mapped to this field already."))
                continue
            entries[name] = {"column": guess.column, "as": data.get(f"as-{place}") or ""}
            if data.get(f"values-{place}"):
                entries[name]["values"] = self._values(place, data[f"values-{place}"])
        for name in self.constant_names:
            if data.get(name) and name not in entries:
                entries[name] = {"value": data[name]}
        whole = {"source": self.source, "kind": self.kind.key, "fields": entries, "mode": data.get("mode") or BOTH}
        whole["ignored"] = self._left_out(data)
        return whole | {"match": data.get("match") or "", "expected": self._expected(data)}

    def _left_out(self, data: dict[str, Any]) -> list[str]:
        """The columns that mean nothing here, those that only earlier files had too: nothing is proposed for them."""
        here = {guess.column: data.get(f"field-{place}") for place, guess in enumerate(self.guesses)}
        earlier = self.remembered.ignored if self.remembered is not None else ()
        return [*(name for name in earlier if name not in here), *(name for name, field in here.items() if not field)]

    def _expected(self, data: dict[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {"rows": data.get("expected_rows"), "column": data.get("sum_column")}
        total = data.get("sum_total")
        found["total"] = None if total is None else str(total)
        return {name: value for name, value in found.items() if value not in (None, "")}

    def _values(self, place: int, text: str) -> dict[str, str]:
        pairs = [part.partition("=") for part in re.split(r"[;;\n]", text) if part.strip()]
        if any(not mark for _old, mark, _new in pairs):
            self.add_error(f"values-{place}", _("Write value=meaning, parted by semicolons: Yes=churned; No=active."))
        return {old.strip(): new.strip() for old, _mark, new in pairs}


def _readings() -> list[tuple[str, Any]]:
    return [(code, READING_WORDS[code]) for codes in READINGS.values() for code in codes if code in READING_WORDS]


def _constant_choices(scope: Scope, today: date) -> dict[str, list[tuple[str, Any]]]:
    return {
        "kind": list(CustomerKind.choices),
        "unit": queries.import_units(scope),
        "manager": [(staff.number, f"{staff.name} {staff.number}") for staff in managers(scope, today)],
        "tier": [(tier.code, tier.label()) for tier in names.tiers()],
        "state": list(CustomerState.choices),
    }

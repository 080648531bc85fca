"""What the headings and the words of a sales file mean, in Chinese and in English."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.core.delimited.problems import FileRefused
from crm.core.delimited.reader import Layout
from crm.core.text import narrow
from sales.imports.kinds import HEADINGS, LABELS, NEEDED, ORDERS, QUOTAS, SAMPLES, SUBSCRIPTIONS, USAGE, WORDS

__all__ = ["LABELS", "ORDERS", "QUOTAS", "Columns", "columns_of", "sample_of"]


@dataclass(frozen=True, slots=True)
class Columns:
    """What a file holds, and which column is which field."""

    kind: str
    fields: dict[str, int]
    header: tuple[str, ...]

    @property
    def unused(self) -> list[str]:
        """Columns nobody reads."""
        return [name for place, name in enumerate(self.header) if place not in self.fields.values()]

    def heading(self, field: str) -> str:
        """What the file calls a field; ours when it has no such column."""
        field = field.partition(".")[0]
        place = self.fields.get(field)
        return self.header[place] if place is not None else HEADINGS[self.kind].get(field, (field,))[0]

    def given(self, cells: list[str]) -> dict[str, Any]:
        """The values of a row; an empty cell keeps what is stored."""
        found = {name: cells[place].strip().removeprefix("'") for name, place in self.fields.items()}
        values: dict[str, Any] = {name: _word(name, value) for name, value in found.items() if value}
        if self.kind == SUBSCRIPTIONS and "attributes" in values:
            values["attributes"] = _attributes(values["attributes"])
        return values


def columns_of(layout: Layout, kind: str = "") -> Columns:
    """Recognise a file by its headings, or read it as the kind named; refuse one that has not what it needs."""
    known = [_plain(name) for name in layout.header]
    best: Columns | None = None
    for name in [kind] if kind else HEADINGS:
        fields = _fields(known, HEADINGS[name])
        found = Columns(name, fields, layout.header)
        if all(field in fields for field in NEEDED[name]) and (best is None or _weight(found) > _weight(best)):
            best = found
    if best is None:
        needs = [
            gettext_lazy("%(columns)s for “%(kind)s”") % {"columns": columns, "kind": LABELS[name]}
            for name, columns in _needed([kind] if kind else HEADINGS)
        ]
        raise FileRefused(
            gettext_lazy("The first row must name the columns: %(needs)s."),
            code="missing_columns",
            row=1,
            params={"needs": _("; ").join(str(need) for need in needs)},
        )
    return best


def _fields(known: list[str], headings: dict[str, tuple[str, ...]]) -> dict[str, int]:
    words = {name: {_plain(heading) for heading in given} for name, given in headings.items()}
    return {
        name: next(place for place, heading in enumerate(known) if heading in given)
        for name, given in words.items()
        if any(heading in given for heading in known)
    }


def _weight(columns: Columns) -> tuple[int, int]:
    """How well a kind fits: the columns it reads, then those only it needs; usage asks for little and comes last."""
    return len(columns.fields), -1 if columns.kind == USAGE else len(NEEDED[columns.kind])


def _needed(kinds: Iterable[str]) -> list[tuple[str, str]]:
    return [(kind, "、".join(HEADINGS[kind][name][0] for name in NEEDED[kind])) for kind in kinds]


def sample_of(kind: str) -> tuple[list[str], list[list[str]]]:
    """Headings and a few rows of a file as we like it."""
    return [words[0] for words in HEADINGS[kind].values()], [list(row) for row in SAMPLES[kind]]


def _plain(heading: str) -> str:
    return narrow(heading).strip().lower().replace(" ", "_")


def _word(field: str, value: str) -> str:
    return WORDS.get(field, {}).get(value, value.lower() if field in WORDS else value)


def _attributes(cell: str) -> dict[str, str]:
    """`code=value;code=value`, as one cell holds them."""
    pairs = (part.partition("=") for part in narrow(cell).replace("；", ";").split(";"))
    return {name.strip(): value.strip() for name, _mark, value in pairs if name.strip()}

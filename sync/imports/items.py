"""Rows of a file as items of a bulk call: empty keeps, \\N clears, values and words mean what the mapping says.

What a value may be is the business of the book that takes it (decisions 36); here it only gets its usual form.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.delimited.problems import RowProblem
from crm.core.delimited.shapes import Block, Layout
from crm.core.errors import Invalid
from crm.core.text import mask_value, narrow
from sync.imports.fields import CLEAR, Field, moment, word
from sync.imports.mapping import PLACE, ROW, FieldMapping
from sync.imports.mapping import Mapping as FileMapping
from sync.imports.readings import read_amount, read_date

Item = dict[str, Any]


@dataclass(frozen=True)
class Cell:
    """One field of a row: where it stands and how it is read."""

    field: Field
    entry: FieldMapping
    positions: tuple[int, ...]
    words: Mapping[str, str]
    today: date

    @property
    def heading(self) -> str:
        """What the file calls it; its label when it has no column."""
        return ", ".join(self.entry.columns) or str(self.field.label)

    def raw(self, number: int, row: list[str]) -> str:
        """The text of the file; an apostrophe that keeps a spreadsheet from running it goes."""
        if self.entry.value is not None:
            return self.entry.value
        if not self.entry.template:
            return row[self.positions[0]].strip().removeprefix("'")
        by_name = dict(zip(self.entry.columns, self.positions, strict=True))
        return PLACE.sub(
            lambda found: str(number) if found[1] == ROW else row[by_name[found[1]]], self.entry.template
        ).strip()

    def value(self, given: str) -> Any:
        """What the book gets. Raises `Invalid` for what cannot even be read."""
        if self.entry.values is not None and self.entry.value is None:
            mapped = self.entry.values.get(given, self.entry.otherwise)
            if mapped is None:
                raise Invalid(
                    _("This value is not in the mapping's list of values."),
                    code="unmapped_value",
                    field=self.field.name,
                )
            given = mapped
        if self.words:
            return self.words.get(word(given), given)
        return self._read(given)

    def _read(self, given: str) -> Any:
        kind, name = self.field.column_type, self.field.name
        if kind == "date":
            found = read_date(given, self.entry.reading, self.today, name)
            return found.isoformat() if isinstance(found, date) else found
        if kind == "numeric":
            return str(read_amount(given, self.entry.reading, name))
        if kind == "moment":
            at = moment(given.replace("/", "-"), name, self.today)
            return "" if at is None else timezone.localtime(at).isoformat()
        if kind == "pairs":
            return _pairs(given)
        if kind == "reference" and given.startswith("{"):
            return _object(given, name)
        return given


def cells_of(mapping: FileMapping, layout: Layout, today: date) -> list[Cell]:
    """The fields of a mapping, ready to read rows."""
    words = mapping.of.words()
    return [
        Cell(
            mapping.of.fields[name], entry, tuple(layout.position(column) or 0 for column in entry.columns),
            words.get(name, {}), today,
        )
        for name, entry in mapping.fields.items()
    ]  # fmt: skip


def items_of(block: Block, cells: list[Cell]) -> Iterator[tuple[int, list[str], Item | None, list[RowProblem]]]:
    """(row, its cells, the item, what is wrong with it); a row with a cell nobody can read is no item."""
    for number, row in zip(block.numbers, block.rows, strict=True):
        item: Item = {}
        problems: list[RowProblem] = []
        for cell in cells:
            given = cell.raw(number, row)
            if not given:
                continue
            try:
                item[cell.field.name] = None if given == CLEAR else cell.value(given)
            except Invalid as refusal:
                fault = refusal.problems[0]
                problems.append(RowProblem(number, cell.heading, fault.code, fault.message, mask_value(given)))
        yield number, row, None if problems else item, problems


def _pairs(cell: str) -> dict[str, str]:
    """`code=value;code=value`, as one cell holds them; a JSON object of lines is taken as it is."""
    if cell.startswith("{"):
        return {str(key): _plain(value) for key, value in _object(cell, "attributes").items()}
    parts = (part.partition("=") for part in narrow(cell).replace("；", ";").split(";"))
    return {name.strip(): value.strip() for name, _mark, value in parts if name.strip()}


def _plain(value: Any) -> str:
    return "/".join(map(str, value)) if isinstance(value, list) else str(value)


def _object(cell: str, name: str) -> dict[str, Any]:
    try:
        found = json.loads(cell)
    except ValueError as fault:
        raise Invalid(_("This is not valid JSON."), code="invalid_json", field=name) from fault
    if not isinstance(found, dict):
        raise Invalid(_("This is not valid JSON."), code="invalid_json", field=name)
    return found

"""Checks rows column by column with the same rules as forms and API (decisions 36), fast enough for a million of them.

A cell goes one of three ways: it has the plain form its rule would store unchanged (`Field.verbatim`), or its value was
seen before and the answer is remembered, or the rule is asked. Nothing here decides what is valid.
"""

from __future__ import annotations

import dataclasses
import re
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.queries import names
from accounts.rules import name_vector, pinyin_of
from accounts.rules.customers import check_customer
from crm.core.delimited.openers import Opener
from crm.core.delimited.problems import RowProblem
from crm.core.delimited.reader import Block, Layout, blocks
from crm.core.errors import Invalid
from crm.core.exports.cells import as_typed
from crm.core.text import mask_value, narrow
from crm.core.wording import Text
from sync.imports.fields import CLEAR, CLEARED, KEEP, Field, word, words_of
from sync.imports.keys import stage_fields
from sync.imports.mapping import PLACE, ROW, FieldMapping, Mapping
from sync.imports.problems import MappingRefused
from sync.imports.readings import CURRENCY, number, read_amount, read_date

REMEMBERED = 50_000
BETWEEN_FIELDS = (("dnd_from", "dnd_to"), ("sim_issued_on", "sim_replaced_on"))
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


@dataclass(frozen=True, slots=True)
class Bad:
    """A cell that cannot be taken: why."""

    code: str
    message: Text
    raw: str


Cell = str | Bad


class Memo(dict[str, Cell]):
    """Remembers what a cell became; as fast as a dictionary for values seen before."""

    def __init__(self, convert: Callable[[str], Cell]) -> None:
        super().__init__()
        self.convert = convert

    def __missing__(self, raw: str) -> Cell:
        made = self.convert(raw)
        if len(self) < REMEMBERED:
            self[raw] = made
        return made


def copy_text(value: Any) -> str:
    """A checked value in COPY's text format."""
    if isinstance(value, str):
        return value.translate(_ESCAPES)
    if isinstance(value, bool):
        return "t" if value else "f"
    if isinstance(value, date | time | datetime):
        return value.isoformat()
    return KEEP if value is None else str(value)


def search_cells(name: str) -> str:
    """Pinyin, initials and bigrams of a name in COPY's text format."""
    if name == KEEP:
        return f"{KEEP}\t{KEEP}\t{KEEP}"
    pinyin, initials = pinyin_of(name)
    # Letters, digits and quotation marks only: nothing that COPY would read otherwise.
    return f"{pinyin}\t{initials}\t{name_vector(name)}"


@dataclass
class Column:
    """Turns the raw cells of one field into what the stage takes."""

    field: Field
    entry: FieldMapping
    positions: tuple[int, ...]
    today: date
    look_up: dict[str, str] | None = None  # unit codes, staff numbers, tiers: what stands for them
    ranks: Ranks | None = None
    bad: int = 0
    words: dict[str, str] = dataclasses.field(default_factory=dict)

    def __post_init__(self) -> None:
        self.words = words_of(self.field)
        self.memo = Memo(self.convert)
        plain = self.field.verbatim if not (self.entry.values or self.entry.reading or self.look_up) else ""
        self.is_plain = re.compile(plain).fullmatch if plain else None

    def cells(self, block: Block, raw_columns: Sequence[Sequence[str]]) -> Sequence[Cell]:
        """The cells of a block; `raw_columns` are those of the file. A tuple holds texts only."""
        raws = self._raws(block, raw_columns)
        self.bad = 0
        if self.is_plain is not None:
            plain, convert = self.is_plain, self.convert
            if all(map(plain, raws)):  # nearly always, and without a line of Python per cell
                return raws
            return [raw if plain(raw) else convert(raw) for raw in raws]
        if self.field.is_repeated or self.ranks is not None:
            return list(map(self.memo.__getitem__, raws))
        return [self.convert(raw) for raw in raws]

    def _raws(self, block: Block, raw_columns: Sequence[Sequence[str]]) -> Sequence[str]:
        if not self.entry.template:
            return raw_columns[self.positions[0]] if block.rows else ()
        by_name = dict(zip(self.entry.columns, self.positions, strict=True))

        def filled(number: int, row: list[str]) -> str:
            return PLACE.sub(
                lambda found: str(number) if found[1] == ROW else row[by_name[found[1]]], self.entry.template
            )

        return [filled(number, row) for number, row in zip(block.numbers, block.rows, strict=True)]

    def convert(self, raw: str) -> Cell:
        """One cell: empty keeps, \\N clears, anything else goes through the field's rule."""
        given = as_typed(raw.strip())
        if not given:
            return KEEP
        try:
            if given == CLEAR:
                return self._cleared()
            return self._checked(given)
        except Invalid as refusal:
            problem = refusal.problems[0]
            return Bad(problem.code, problem.message, raw)

    def _cleared(self) -> str:
        if not self.field.may_clear:
            raise Invalid(_("This field cannot be cleared."), code="cannot_clear", field=self.field.name)
        return CLEARED[self.field.column_type]

    def _checked(self, given: str) -> str:
        name = self.field.name
        if self.ranks is not None:
            return self.ranks.tier_of(given)
        if self.entry.values is not None:
            mapped = self.entry.values.get(given, self.entry.otherwise)
            if mapped is None:
                raise Invalid(
                    _("This value is not in the mapping's list of values."), code="unmapped_value", field=name
                )
            if not mapped:
                return KEEP
            given = mapped
        if self.look_up is not None:
            return self._found(given)
        if self.words:
            given = self.words.get(word(given), given)
        value = self.field.check(self._read(given), name, self.today)
        return KEEP if value is None or value == "" else copy_text(value)

    def _found(self, given: str) -> str:
        found = (self.look_up or {}).get(word(given))
        if found is None:
            code = "invalid_choice" if self.field.name == "tier" else "not_found"
            text = _("There is nothing of this name: %(field)s.")
            raise Invalid(text, code=code, params={"field": self.field.label})
        return found

    def _read(self, given: str) -> Any:
        if self.field.column_type == "date":
            return read_date(given, self.entry.reading, self.today, self.field.name)
        if self.field.column_type == "numeric":
            return read_amount(given, self.entry.reading, self.field.name)
        return given


@dataclass(frozen=True)
class Ranks:
    """Tiers by rank in the file (decisions 37): the value a row needs for each tier; ties share the better one."""

    least: tuple[tuple[float, str], ...]
    rest: str

    def tier_of(self, given: str) -> str:
        """The tier of a value."""
        value = float(number(CURRENCY.sub("", narrow(given)).replace(",", ""), "tier"))
        for least, code in self.least:
            if value >= least:
                return code
        return self.rest or KEEP


def read_ranks(opener: Opener, layout: Layout, entry: FieldMapping) -> Ranks:
    """Read the file once for the values that part the tiers; eight bytes a row are kept."""
    place = layout.position(entry.rank_of) or 0
    values = array("d")
    for block in blocks(opener, layout):
        for row in block.rows:
            try:
                values.append(float(row[place].strip().replace(",", "") or "nan"))
            except ValueError:
                continue
    ordered = sorted((value for value in values if value == value), reverse=True)
    if not ordered:
        raise MappingRefused(
            _("Column “%(name)s” has no numbers to rank by."),
            code="not_a_number",
            where="tier",
            params={"name": entry.rank_of},
        )
    least = []
    for code, share in entry.top:
        count = max(1, round(len(ordered) * share / 100))
        least.append((ordered[count - 1], code))
    return Ranks(tuple(least), entry.rest)


@dataclass
class Checker:
    """All columns of a mapping; turns blocks of rows into lines for the stage."""

    columns: list[Column]
    header: tuple[str, ...]
    today: date
    # Also pinyin, initials and bigrams of the names: for files whose rows are all new.
    adds_search: bool = False

    @property
    def fields(self) -> list[Field]:
        """The fields of the stage, in the order of its columns."""
        return [column.field for column in self.columns]

    def check(self, block: Block) -> tuple[list[str], list[RowProblem]]:
        """Lines in COPY's format for the good rows, and every problem of the bad ones."""
        problems = [RowProblem(number, "", code, message) for number, code, message in block.problems]
        raw_columns = list(zip(*block.rows, strict=True))
        cells = [column.cells(block, raw_columns) for column in self.columns]
        bad_rows = self._bad_rows(block, cells, problems)
        numbers = map(str, block.numbers)
        if self.adds_search:
            place = next(place for place, column in enumerate(self.columns) if column.field.name == "name")
            cells.append([search_cells(name) if isinstance(name, str) else name for name in cells[place]])
        if not bad_rows:
            return ["\t".join(line) for line in zip(numbers, *cells, strict=True)], problems
        lines = [
            "\t".join(line) for place, line in enumerate(zip(numbers, *cells, strict=True)) if place not in bad_rows
        ]
        return lines, problems

    def _bad_rows(self, block: Block, cells: Sequence[Sequence[Cell]], problems: list[RowProblem]) -> set[int]:
        bad: set[int] = set()
        told: set[tuple[int, str, str]] = set()
        for column, made in zip(self.columns, cells, strict=True):
            if not isinstance(made, tuple) and set(map(type, made)) != {str}:
                for place, cell in enumerate(made):
                    if isinstance(cell, Bad):
                        bad.add(place)
                        name = self._column_name(column)
                        number = block.numbers[place]
                        if (number, name, cell.code) not in told:  # a column that is key and field is told once
                            told.add((number, name, cell.code))
                            problems.append(RowProblem(number, name, cell.code, cell.message, mask_value(cell.raw)))
            if column.field.name == "external_id":
                for place, cell in enumerate(made):
                    if cell is KEEP:
                        bad.add(place)
                        text = _("This field is required.")
                        name = self._column_name(column)
                        problems.append(RowProblem(block.numbers[place], name, "required", text))
        self._between_fields(block, cells, bad, problems)
        return bad

    def _column_name(self, column: Column) -> str:
        return ", ".join(column.entry.columns) or str(column.field.label)

    def _between_fields(
        self, block: Block, cells: Sequence[Sequence[Cell]], bad: set[int], problems: list[RowProblem]
    ) -> None:
        """Rules between two fields; asked only of files that have both, row by row."""
        by_name = {column.field.name: made for column, made in zip(self.columns, cells, strict=True)}
        for pair in BETWEEN_FIELDS:
            if not all(name in by_name for name in pair):
                continue
            for place, both in enumerate(zip(by_name[pair[0]], by_name[pair[1]], strict=True)):
                given = {
                    name: cell for name, cell in zip(pair, both, strict=True) if cell not in (KEEP, *CLEARED.values())
                }
                if place in bad or not given:
                    continue
                for problem in check_customer(given, partial=True, today=self.today).problems:
                    bad.add(place)
                    problems.append(RowProblem(block.numbers[place], problem.field, problem.code, problem.message))


def make_checker(mapping: Mapping, layout: Layout, opener: Opener, look_ups: LookUps, *, today: date) -> Checker:
    """Everything needed to check the rows of one file."""
    columns = []
    for field, entry in stage_fields(mapping):
        if entry.value is not None:
            continue
        ranks = read_ranks(opener, layout, entry) if entry.rank_of else None
        positions = tuple(layout.position(column) or 0 for column in entry.columns)
        columns.append(
            Column(field, entry, positions, today, look_up=look_ups.of(field.name) if not ranks else None, ranks=ranks)
        )
    return Checker(columns, layout.header, today)


@dataclass(frozen=True)
class LookUps:
    """What codes in a file stand for, inside the importer's scope: unit code, staff number, word for a tier."""

    units: dict[str, str]
    staff: dict[str, str]
    tiers: dict[str, str]

    def of(self, field: str) -> dict[str, str] | None:
        """The table of one field, if it has one."""
        return {"unit": self.units, "manager": self.staff, "tier": self.tiers}.get(field)


def tier_words() -> dict[str, str]:
    """Codes and labels of the tiers, and the bare number of a level; the row's kind decides which tier it is."""
    words: dict[str, str] = {}
    for tier in names.tiers():
        for text in (tier.label_zh, tier.label_en, tier.code, tier.label_zh.removesuffix("卡")):
            words[word(text)] = tier.code
        if tier.code.startswith("level"):
            words |= {str(tier.rank): tier.code, f"{tier.rank}级": tier.code}
    return words

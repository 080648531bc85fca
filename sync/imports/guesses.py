"""What the page proposes for the columns of a file."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from sync.imports.fields import normal_heading
from sync.imports.kinds import ImportKind
from sync.imports.kinds.shape import headings_of
from sync.imports.mapping import FieldMapping, Mapping

FEW_VALUES = 6


@dataclass
class Guess:
    """What the page proposes for one column."""

    column: str
    field: str = ""
    samples: list[str] = dataclasses.field(default_factory=list)
    is_list: bool = False  # so few different values that each may have a meaning


def guess(
    header: tuple[str, ...], rows: list[list[str]], kind: ImportKind, remembered: Mapping | None = None
) -> list[Guess]:
    """Propose a field for each column: as remembered for the source, else by its heading; each field once.

    A column that the last file did not have is guessed; one that was left out then stays out.
    """
    fields = remembered.fields if remembered else {}
    known = {entry.column: name for name, entry in fields.items() if entry.column in header}
    settled = {name for name, entry in fields.items() if not entry.columns or set(entry.columns) & set(header)}
    left_out = set(remembered.ignored) if remembered else set()
    by_heading = {
        heading: name for name, entry in reversed(list(kind.fields.items())) for heading in headings_of(entry)
    }
    taken = set(settled)
    proposals: list[Guess] = []
    for place, column in enumerate(header):
        name = known.get(column, "")
        if not name and column not in left_out:
            found = by_heading.get(normal_heading(column), "")
            name = "" if found in taken else found
        taken.add(name)
        seen = list(dict.fromkeys(row[place].strip() for row in rows if row[place].strip()))
        proposals.append(Guess(column, name, seen[:3], is_list=len(seen) <= FEW_VALUES))
    return proposals


def guessed_mapping(source: str, kind: ImportKind, header: tuple[str, ...]) -> Mapping:
    """The mapping that headings alone speak for: for the command and for calls that send none."""
    found = {one.field: one.column for one in guess(header, [], kind) if one.field}
    return Mapping(source, {name: FieldMapping(name, column=column) for name, column in found.items()}, kind=kind.key)

"""How a table is read and what reading it gives, whatever form its file has."""

from __future__ import annotations

from dataclasses import dataclass, field

from crm.core.wording import Text

LONGEST_LINE = 1_000_000
MOST_BLANK = 2_000_000
"""Blank lines of a file: more than a sheet has rows, and not so many that skipping them takes a minute."""
MOST_COLUMNS = 500
DELIMITED, LINES = "delimited", "lines"


@dataclass(frozen=True)
class Layout:
    """How a file is to be read: `form` is a delimited table, or JSON lines."""

    encoding: str
    delimiter: str
    header: tuple[str, ...]
    size: int
    form: str = DELIMITED

    def position(self, column: str) -> int | None:
        """Where a column stands."""
        return self.header.index(column) if column in self.header else None


@dataclass(slots=True)
class Block:
    """Some thousand rows: those that could be read, with their numbers, and those that could not."""

    numbers: list[int] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    problems: list[tuple[int, str, Text]] = field(default_factory=list)
    bytes_done: int = 0

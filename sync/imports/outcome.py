"""What an import did, or would do; and the rows that could not be taken, as a file to mend and hand in again."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from crm.core.delimited.openers import Opener
from crm.core.delimited.problems import RowProblem
from crm.core.delimited.reader import Layout, blocks
from crm.core.views.jobs import safe_cell

MOST_RETURNED = 20_000
"""So many failed rows go back as a file; beyond that they are counted."""


@dataclass
class Outcome:
    """The counts of an import."""

    kind: str = "customers"
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    stale: int = 0
    skipped: int = 0
    failed: int = 0
    proposed: int = 0
    linked: int = 0
    not_owned: int = 0
    kept: int = 0
    unused_columns: list[str] = field(default_factory=list)
    is_dry: bool = False
    is_rolled_back: bool = False

    def as_json(self) -> dict[str, Any]:
        """As plain data, for a job's result and the command's answer."""
        return dict(vars(self))

    def undone(self) -> Outcome:
        """All or nothing, and it is nothing."""
        return Outcome(kind=self.kind, rows=self.rows, failed=self.failed, is_rolled_back=True)


@dataclass(slots=True)
class Failed:
    """The rows that could not be taken, with the reason in a column that an import does not read."""

    header: tuple[str, ...] = ()
    rows: list[list[str]] = field(default_factory=list)
    reasons: dict[int, list[str]] = field(default_factory=dict)
    """By row, of rows whose cells are gathered at the end."""

    def add(self, cells: list[str], reasons: list[str]) -> None:
        """One more row, up to a number."""
        if len(self.rows) < MOST_RETURNED:
            self.rows.append([*cells, " ".join(reasons)])

    def note(self, problem: RowProblem) -> None:
        """What is wrong with a row."""
        if problem.row in self.reasons or len(self.reasons) < MOST_RETURNED:
            told = f"{problem.column}: {problem.message}" if problem.column else str(problem.message)
            self.reasons.setdefault(problem.row, []).append(told)

    def gather(self, opener: Opener, layout: Layout) -> None:
        """The cells of the rows noted, read from the file once more; a row that has no cells does not come back."""
        self.header = layout.header
        for block in blocks(opener, layout) if self.reasons else ():
            for number, cells in zip(block.numbers, block.rows, strict=True):
                if number in self.reasons:
                    self.add(cells, self.reasons[number])

    def as_csv(self) -> bytes:
        """With byte order mark, safe in a spreadsheet."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow([safe_cell(cell) for cell in (*self.header, _("reason"))])
        writer.writerows([safe_cell(cell) for cell in row] for row in self.rows)
        return b"\xef\xbb\xbf" + text.getvalue().encode()

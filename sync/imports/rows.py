"""Every kind of file but customers: read block by block and put into the book of its kind (PLT-4, issue 7).

The book is the one that the bulk call of the API uses: one rule, one writer. A block is one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.books import FAILED, STALE, Done, upsert
from crm.core.delimited.openers import Opener
from crm.core.delimited.problems import RowProblem
from crm.core.delimited.reader import blocks
from crm.core.delimited.shapes import Block, Layout
from crm.core.errors import Invalid
from crm.core.scope import Scope
from crm.core.text import mask_value
from sync.imports.items import Cell, Item, cells_of, items_of
from sync.imports.mapping import Mapping
from sync.imports.outcome import Failed, Outcome

if TYPE_CHECKING:
    from crm.core.models import User

CHUNK = 1000
MOST_AT_ONCE = 10_000
Row = tuple[int, list[str], Item]


@dataclass
class RowLoad:
    """One file on its way."""

    opener: Opener
    layout: Layout
    mapping: Mapping
    scope: Scope
    by: User | None
    now: datetime
    is_dry: bool
    atomic: bool
    on_problem: Callable[[RowProblem], None]
    on_progress: Callable[[int, int, Any], None]
    failed: Failed
    outcome: Outcome = field(default_factory=Outcome)
    cells: list[Cell] = field(default_factory=list)

    def run(self) -> Outcome:
        """Read the file to its end."""
        self.cells = cells_of(self.mapping, self.layout, timezone.localdate(self.now))
        self.failed.header = self.layout.header
        self.outcome.kind = self.mapping.kind
        if self.atomic:
            self._all_at_once()
            return self.outcome
        for block in blocks(self.opener, self.layout, CHUNK):
            rows = list(self._rows(block))
            self._told(rows, self._put(rows, atomic=False)[0])
            self.on_progress(block.bytes_done, self.layout.size, _("Reading rows"))
        return self.outcome

    def _all_at_once(self) -> None:
        """Everything or nothing: for files that fit one transaction (decisions 25)."""
        rows: list[Row] = []
        for block in blocks(self.opener, self.layout, CHUNK):
            rows += self._rows(block)
            if self.outcome.rows > MOST_AT_ONCE:
                raise Invalid(
                    _("All or nothing is for files of at most %(max)d rows."),
                    code="too_many", field="file", params={"max": MOST_AT_ONCE},
                )  # fmt: skip
        is_spoilt = self.outcome.failed > 0
        done, is_kept = self._put(rows, atomic=True, is_dry=self.is_dry or is_spoilt)
        self._told(rows, done)
        if is_spoilt or (not is_kept and not self.is_dry):
            self.outcome = self.outcome.undone()

    def _rows(self, block: Block) -> Iterator[Row]:
        """The rows that can be read; what is wrong with the others is told."""
        self.outcome.rows += len(block.rows) + len(block.problems)
        self.outcome.failed += len(block.problems)
        for number, code, message in block.problems:
            self.on_problem(RowProblem(number, "", code, message))
        for number, cells, item, problems in items_of(block, self.cells):
            if item is not None:
                yield number, cells, item
                continue
            self.outcome.failed += 1
            for problem in problems:
                self.on_problem(problem)
            self.failed.add(cells, [f"{problem.column}: {problem.message}" for problem in problems])

    def _put(self, rows: list[Row], *, atomic: bool, is_dry: bool | None = None) -> tuple[list[Done[Any]], bool]:
        about: dict[str, Any] = {"scope": self.scope, "by": self.by, "now": self.now}
        if self.mapping.of.has_source:
            about["source"] = self.mapping.source
        assert self.mapping.of.book is not None  # noqa: S101 - customers go another way
        book = self.mapping.of.book(**about)
        book.mode = self.mapping.mode
        dry_run = self.is_dry if is_dry is None else is_dry
        return upsert(book, [item for _number, _cells, item in rows], atomic=atomic, dry_run=dry_run)

    def _told(self, rows: list[Row], done: list[Done[Any]]) -> None:
        by_field = {cell.field.name: cell for cell in self.cells}
        for (number, cells, _item), row in zip(rows, done, strict=True):
            setattr(self.outcome, row.status, getattr(self.outcome, row.status) + 1)
            if row.status not in (FAILED, STALE):
                continue
            reasons = []
            for problem in row.problems:
                cell = by_field.get(problem.field.partition(".")[0])
                heading = cell.heading if cell is not None else problem.field
                value = cell.raw(number, cells) if cell is not None else ""
                self.on_problem(RowProblem(number, heading, problem.code, problem.message, mask_value(value)))
                reasons.append(f"{heading}: {problem}")
            if reasons:
                self.failed.add(cells, reasons)

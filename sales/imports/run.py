"""Carries a sales file out, or says what would come of it; a bad row never stops the good ones."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from crm.core.delimited.openers import Opener
from crm.core.delimited.problems import RowProblem
from crm.core.delimited.reader import Block, blocks, inspect
from crm.core.scope import Scope
from crm.core.views.jobs import safe_cell
from sales.actions import FAILED, STALE, Done, Orders, Quotas, upsert
from sales.actions.billing import Bills, MemberUses, Usages
from sales.actions.subscriptions import Subscriptions
from sales.imports.headings import Columns, columns_of
from sales.imports.kinds import BILLS, ORDERS, QUOTAS, SUBSCRIPTIONS, USAGE, USES

if TYPE_CHECKING:
    from crm.core.models import User

MOST_BYTES = 20 * 1024 * 1024
CHUNK = 1000
MOST_RETURNED = 20_000
"""So many failed rows go back as a file; beyond that they are counted."""


BOOKS: dict[str, Any] = {
    QUOTAS: Quotas,
    ORDERS: Orders,
    USAGE: Usages,
    BILLS: Bills,
    SUBSCRIPTIONS: Subscriptions,
    USES: MemberUses,
}


@dataclass(slots=True)
class Outcome:
    """What came of a file."""

    kind: str = ""
    is_dry: bool = False
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    stale: int = 0
    failed: int = 0
    unused_columns: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """For the job and the command."""
        return asdict(self)


@dataclass(slots=True)
class Failed:
    """The rows that could not be taken, as a file that can be mended and handed in again."""

    header: tuple[str, ...]
    rows: list[list[str]] = field(default_factory=list)

    def as_csv(self) -> bytes:
        """With byte order mark; the reason stands in the last column, which an import does not read."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow([safe_cell(cell) for cell in (*self.header, _("reason"))])
        writer.writerows([safe_cell(cell) for cell in row] for row in self.rows)
        return b"\xef\xbb\xbf" + text.getvalue().encode()


@dataclass(frozen=True, slots=True)
class Who:
    """In whose name, where, when, and from which system a file comes."""

    scope: Scope
    by: User | None
    now: datetime
    source: str


def import_file(
    opener: Opener,
    who: Who,
    *,
    is_dry: bool,
    kind: str = "",
    on_progress: Callable[[int, int], None] = lambda _done, _size: None,
    on_problem: Callable[[RowProblem], None] = lambda _problem: None,
) -> tuple[Outcome, Failed]:
    """Read the file block by block. Raises `FileRefused` before anything is written."""
    layout = inspect(opener, max_bytes=MOST_BYTES)
    columns = columns_of(layout, kind)
    outcome = Outcome(kind=columns.kind, is_dry=is_dry, unused_columns=columns.unused)
    failed = Failed(layout.header)
    for block in blocks(opener, layout, CHUNK):
        _read(block, columns, outcome, on_problem)
        done = _take([columns.given(cells) for cells in block.rows], columns, who, is_dry)
        for number, cells, row in zip(block.numbers, block.rows, done, strict=True):
            _tell(number, cells, row, columns, outcome, failed, on_problem)
        on_progress(block.bytes_done, layout.size)
    return outcome, failed


def _read(block: Block, columns: Columns, outcome: Outcome, on_problem: Callable[[RowProblem], None]) -> None:
    """Rows that are no rows: a cell too many, a quotation that does not end."""
    outcome.rows += len(block.rows) + len(block.problems)
    outcome.failed += len(block.problems)
    for number, code, message in block.problems:
        on_problem(RowProblem(number, "", code, message))


def _take(items: list[Mapping[str, Any]] | list[dict[str, str]], columns: Columns, who: Who, is_dry: bool) -> list[Any]:
    about: dict[str, Any] = {"scope": who.scope, "by": who.by, "now": who.now}
    if columns.kind != QUOTAS:
        about["source"] = who.source
    done, _kept = upsert(BOOKS[columns.kind](**about), items, dry_run=is_dry)
    return done


def _tell(
    number: int,
    cells: list[str],
    row: Done[Any],
    columns: Columns,
    outcome: Outcome,
    failed: Failed,
    on_problem: Callable[[RowProblem], None],
) -> None:
    setattr(outcome, row.status, getattr(outcome, row.status) + 1)
    if row.status not in (FAILED, STALE):
        return
    reasons = []
    for problem in row.problems:
        place = columns.fields.get(problem.field)
        value = cells[place] if place is not None else ""
        on_problem(RowProblem(number, columns.heading(problem.field), problem.code, str(problem), value))
        reasons.append(f"{columns.heading(problem.field)}: {problem}")
    if reasons and len(failed.rows) < MOST_RETURNED:
        failed.rows.append([*cells, " ".join(reasons)])

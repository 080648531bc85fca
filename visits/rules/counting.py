"""What counts: an effective-dated table channel × direction × who × outcome × single/bulk (CON-8, decisions 7)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Cell:
    """The place of a visit in the table."""

    channel: str
    direction: str
    party: str
    outcome: str
    is_bulk: bool = False


@dataclass(frozen=True, slots=True)
class CountingRow:
    """One row: from a day on this cell counts or does not."""

    cell: Cell
    counts: bool
    effective_from: date


def counts(cell: Cell, on: date, table: Iterable[CountingRow]) -> bool:
    """CON-8: the newest row of the cell that has begun decides; without one a visit does not count."""
    begun = [row for row in table if row.cell == cell and row.effective_from <= on]
    newest = max(begun, key=lambda row: row.effective_from, default=None)
    return newest is not None and newest.counts

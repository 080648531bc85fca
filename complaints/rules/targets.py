"""Which target in time holds for a case: a table by category, tier and level, from a day on (CMP-2, CON-32)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from complaints.choices import CaseLevel, ClockKind

OF_CLOCK = {
    ClockKind.FIRST_REPLY: "first_reply_minutes",
    ClockKind.UPDATE: "update_minutes",
    ClockKind.SOLUTION: "solution_minutes",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What decides the target of a case: its kind, category, tier and level, and the day its clocks begin."""

    kind: str
    category_id: int | None
    tier_id: int | None
    level: str
    on: date


@dataclass(frozen=True, slots=True)
class Target:
    """A row of the table; an empty selector fits everything, an empty target sets none."""

    id: int
    kind: str
    category_id: int | None
    tier_id: int | None
    level: str
    first_reply_minutes: int | None
    update_minutes: int | None
    solution_minutes: int | None
    hours: str
    effective_from: date

    def fits(self, asked: Asked) -> bool:
        """Whether the row speaks about such a case on its day."""
        return (
            self.kind == asked.kind
            and self.category_id in (None, asked.category_id)
            and self.tier_id in (None, asked.tier_id)
            and self.level in ("", asked.level)
            and self.effective_from <= asked.on
        )

    def minutes(self, clock: str) -> int | None:
        """The target of one clock in minutes; None: this clock does not run."""
        found: int | None = getattr(self, OF_CLOCK[ClockKind(clock)])
        return found


def best(rows: Iterable[Target], asked: Asked) -> Target | None:
    """The row that holds: category before tier before level, and of the same cell the newest; None: no target."""
    fitting = [row for row in rows if row.fits(asked)]
    return max(fitting, key=_rank, default=None)


def _rank(row: Target) -> tuple[bool, bool, bool, date]:
    return row.category_id is not None, row.tier_id is not None, bool(row.level), row.effective_from


def level_that_counts(level: str, *, is_urgent: bool) -> str:
    """A handling that cannot wait, such as a lost SIM before a flight, has the time of a major matter."""
    return str(CaseLevel.MAJOR) if is_urgent else level

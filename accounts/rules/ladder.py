"""The ladder of an escalation: supervisor → head of the branch → head of the group department (decisions 23)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Protocol

LAST_LEVEL = 3


class WorkingDays(Protocol):
    """What the ladder asks of the calendar."""

    def add(self, day: date, working_days: int) -> date:
        """The day so many working days later."""
        ...


@dataclass(frozen=True, slots=True)
class Rung:
    """One level and whose it is."""

    level: int
    staff_id: int


def ladder(supervisor_id: int | None, branch_head_id: int | None, department_head_id: int | None) -> tuple[Rung, ...]:
    """The levels in order. RET-13: no level is skipped; one that nobody holds, or the same person, is no level."""
    found: list[Rung] = []
    for level, staff_id in enumerate((supervisor_id, branch_head_id, department_head_id), 1):
        if staff_id is not None and staff_id not in {rung.staff_id for rung in found}:
            found.append(Rung(level, staff_id))
    return tuple(found)


def rung_above(rungs: Sequence[Rung], level: int) -> Rung | None:
    """The next level up; None at the top."""
    return next((rung for rung in rungs if rung.level > level), None)


def due_after(moment: datetime, working_days: int, calendar: WorkingDays) -> datetime:
    """The same time of day so many working days later; in the zone of `moment` (RET-13: one working day, ours)."""
    day = calendar.add(moment.date(), working_days)
    at = moment.time() if day > moment.date() else time(23, 59)
    return datetime.combine(day, at, tzinfo=moment.tzinfo)

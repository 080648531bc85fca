"""When a feed has to have arrived (sync-api "expected-by time"): pure, on local days and moments."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

LONGEST_BREAK = 40
"""No calendar has so many days without a working day."""


@dataclass(frozen=True)
class Rhythm:
    """Every working day, or (`month_day` given) once a month, the last day of a shorter month."""

    expected_by: time
    month_day: int | None = None

    def is_due_on(self, day: date, is_working: Callable[[date], bool]) -> bool:
        """Whether something is expected on a day."""
        if self.month_day is None:
            return is_working(day)
        return day.day == min(self.month_day, calendar.monthrange(day.year, day.month)[1])

    def next_day(self, day: date, is_working: Callable[[date], bool]) -> date:
        """The first day from this one on on which something is expected."""
        for ahead in range(LONGEST_BREAK):
            if self.is_due_on(day + timedelta(days=ahead), is_working):
                return day + timedelta(days=ahead)
        return day + timedelta(days=LONGEST_BREAK)


def late_since(
    rhythm: Rhythm, *, arrived_at: datetime | None, since: datetime, now: datetime, is_working: Callable[[date], bool]
) -> datetime | None:
    """The moment that passed without the rows that were due; None: in time. All moments are local.

    What arrives counts for the day itself, or for the next one on which something is expected; what came before
    the expectation was made, or never, makes the first expected moment after that count.
    """
    if arrived_at is not None:
        day = rhythm.next_day(rhythm.next_day(arrived_at.date(), is_working) + timedelta(days=1), is_working)
    else:
        day = rhythm.next_day(since.date(), is_working)
        if datetime.combine(day, rhythm.expected_by, since.tzinfo) <= since:
            day = rhythm.next_day(day + timedelta(days=1), is_working)
    due = datetime.combine(day, rhythm.expected_by, now.tzinfo)
    return due if now > due else None

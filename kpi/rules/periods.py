"""Which days a result stands for (requirements 3.5): calendar month, quarter or year, never rolling."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accounts.rules.periods import add_months, next_period_start, period_end, period_start
from crm.core.measures import Time

KINDS = ("month", "quarter", "year")


@dataclass(frozen=True, slots=True)
class Bounds:
    """First and last day of a period, both inclusive; `first` is the `period_on` of its results."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        """Whether the day lies in it."""
        return self.first <= day <= self.last

    def time(self, *, today: date, now: datetime) -> Time:
        """The period as a measure wants it, seen from a day and a moment."""
        return Time(self.first, self.last, today, now)


def period_of(kind: str, day: date) -> Bounds:
    """The period of this kind that contains the day.

    >>> period_of("quarter", date(2026, 5, 20))
    Bounds(first=datetime.date(2026, 4, 1), last=datetime.date(2026, 6, 30))
    """
    return Bounds(period_start(kind, day), period_end(kind, day))


def period_on(kind: str, month: date) -> date:
    """First day of the period that a dashboard of this month shows: the one that contains the month."""
    return period_start(kind, month)


def periods_between(kind: str, first: date, last: date) -> Iterator[Bounds]:
    """The periods that end on `first` or later and have begun by `last`, oldest first."""
    start = period_start(kind, first)
    while start <= last:
        yield period_of(kind, start)
        start = next_period_start(kind, start)


def ends_with(kind: str, month: date) -> Bounds | None:
    """The period whose last month this is; None when it goes on after it (a quarter is final with its last month).

    >>> ends_with("quarter", date(2026, 5, 1)) is None
    True
    """
    bounds = period_of(kind, month)
    return bounds if bounds.last == period_end("month", month) else None


def months_back(month: date, count: int) -> list[date]:
    """The first days of so many months up to this one, oldest first."""
    return [add_months(month.replace(day=1), -back) for back in range(count - 1, -1, -1)]


def months_between(first: date, last: date) -> list[date]:
    """The first days of the months from the one of `first` to the one of `last`."""
    return [bounds.first for bounds in periods_between("month", first, last)]


def day_after(bounds: Bounds) -> date:
    """The day on which the next period begins."""
    return bounds.last + timedelta(days=1)

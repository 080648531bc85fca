"""Pure rules of the ground: the calendar of working days. No clock, no database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, time, timedelta

SATURDAY = 5


@dataclass(frozen=True)
class Calendar:
    """Which days people work (PLT-5): Monday to Friday, less the holidays, plus the make-up days (调休).

    `years` are those whose exceptions are known; in any other year the calendar is Monday to Friday and says so.
    """

    holidays: frozenset[date] = frozenset()
    makeups: frozenset[date] = frozenset()
    years: frozenset[int] = field(default_factory=frozenset)

    def is_working(self, day: date) -> bool:
        """Whether people work on this day."""
        if day in self.makeups:
            return True
        return day.weekday() < SATURDAY and day not in self.holidays

    def is_complete(self, year: int) -> bool:
        """Whether the holidays of the year are known; if not, pages warn."""
        return year in self.years

    def next_working(self, day: date) -> date:
        """The day itself when it is a working day, else the next one (PLAN-11: 节假日顺延)."""
        while not self.is_working(day):
            day += timedelta(days=1)
        return day

    def previous_working(self, day: date) -> date:
        """The day itself when it is a working day, else the one before."""
        while not self.is_working(day):
            day -= timedelta(days=1)
        return day

    def add(self, day: date, working_days: int) -> date:
        """The n-th working day after `day` (before it when negative); 0 is the day itself, moved on if need be."""
        if working_days == 0:
            return self.next_working(day)
        step = timedelta(days=1 if working_days > 0 else -1)
        left = abs(working_days)
        while left:
            day += step
            if self.is_working(day):
                left -= 1
        return day

    def days(self, first: date, last: date) -> Iterator[date]:
        """The working days from first to last, both included."""
        for offset in range((last - first).days + 1):
            day = first + timedelta(days=offset)
            if self.is_working(day):
                yield day

    def between(self, first: date, last: date) -> int:
        """How many working days from first to last, both included; 0 when last is before first.

        Counted by arithmetic, so that years cost no more than days.
        """
        if last < first:
            return 0
        weeks, rest = divmod((last - first).days + 1, 7)
        count = weeks * 5 + sum((first + timedelta(days=offset)).weekday() < SATURDAY for offset in range(rest))
        return count - _inside(self._lost, first, last) + _inside(self._won, first, last)

    @property
    def _lost(self) -> Iterable[date]:
        return (day for day in self.holidays if day.weekday() < SATURDAY and day not in self.makeups)

    @property
    def _won(self) -> Iterable[date]:
        return (day for day in self.makeups if day.weekday() >= SATURDAY)


@dataclass(frozen=True, slots=True)
class DayHours:
    """The office hours of a working day from a day on, by the clock on the wall; without lunch both ends are None."""

    effective_from: date
    opens: time
    lunch_from: time | None
    lunch_to: time | None
    closes: time

    def spans(self) -> tuple[tuple[int, int], ...]:
        """When the office is open, in seconds since midnight: one stretch, or two around lunch."""
        opens, closes = _seconds(self.opens), _seconds(self.closes)
        if self.lunch_from is None or self.lunch_to is None:
            return ((opens, closes),)
        return (opens, _seconds(self.lunch_from)), (_seconds(self.lunch_to), closes)


def _seconds(at: time) -> int:
    return at.hour * 3600 + at.minute * 60 + at.second


def _inside(days: Iterable[date], first: date, last: date) -> int:
    return sum(first <= day <= last for day in days)

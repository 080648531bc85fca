"""The clock nobody can argue with: deadlines and times in office hours, counted by days, never by seconds (CMP-2).

`position(moment)` is how much office time has passed since the first day the clock knows. It only ever grows, it
stands still at night, at lunch, on days off; a deadline is the first moment at which it has grown by the target.
Moments are counted in microseconds, so that the same question put to PostgreSQL has the same answer.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from crm.core.rules import Calendar, DayHours

SECOND = 1_000_000
MINUTE = 60 * SECOND
LONGEST = 5_000
"""A target that is not reached within so many days never is: the office does not open any more."""


class NoOfficeTime(ValueError):
    """The office hours say nothing about this moment."""


@dataclass(frozen=True, slots=True)
class Deadlines:
    """When a clock is due, and when it warns before."""

    due_at: datetime
    warn_at: datetime


class OfficeTime:
    """Office time of one calendar with its office hours; days are added as they are asked for."""

    def __init__(
        self, calendar: Calendar, hours: Sequence[DayHours], zone: tzinfo, since: date = date(2000, 1, 1)
    ) -> None:
        if not hours:
            raise NoOfficeTime("there are no office hours")
        self._calendar = calendar
        self._hours = sorted(hours, key=lambda row: row.effective_from)
        self._zone = zone
        self._first = since.toordinal()
        # Of each day: office time before it, and its stretches; `_before` is one longer than `_spans`.
        self._before: list[int] = [0]
        self._spans: list[tuple[tuple[int, int], ...]] = []

    def _know(self, index: int) -> None:
        """Add the days up to this one, a year at a time."""
        starts = [row.effective_from.toordinal() for row in self._hours]
        spans = [tuple((a * SECOND, b * SECOND) for a, b in row.spans()) for row in self._hours]
        is_working = self._calendar.is_working
        passed = self._before[-1]
        for ordinal in range(self._first + len(self._spans), self._first + index + 366):
            today: tuple[tuple[int, int], ...] = ()
            if is_working(date.fromordinal(ordinal)):
                # Before the first row its hours held already.
                today = spans[max(bisect_right(starts, ordinal) - 1, 0)]
            passed += sum(end - start for start, end in today)
            self._spans.append(today)
            self._before.append(passed)

    def position(self, moment: datetime) -> int:
        """Office time until this moment, in microseconds."""
        wall = moment.astimezone(self._zone)
        index = wall.toordinal() - self._first
        if index >= len(self._spans):
            self._know(index)
        elif index < 0:
            raise NoOfficeTime(f"{moment} is before the first day")
        passed = self._before[index]
        at = (wall.hour * 3600 + wall.minute * 60 + wall.second) * SECOND + wall.microsecond
        for start, end in self._spans[index]:
            if at >= end:
                passed += end - start
            elif at > start:
                passed += at - start
        return passed

    def elapsed(self, start: datetime, end: datetime) -> int:
        """Whole seconds of office time from one moment to another; below zero when the second is earlier."""
        return (self.position(end) - self.position(start)) // SECOND

    def deadline(self, start: datetime, seconds: int) -> datetime:
        """The first moment at which so much office time has passed; backwards the last one before it.

        0 is the moment itself, also at night: nothing is left, so it is due now.
        """
        if seconds == 0:
            return start
        target = self.position(start) + seconds * SECOND
        if seconds > 0:
            return self._moment(self._first_day(target), target, at_end=True)
        if target < 0:
            raise NoOfficeTime("this is before the first day")
        return self._moment(bisect_right(self._before, target) - 1, target, at_end=False)

    def _first_day(self, target: int) -> int:
        """The day on which the office time reaches the target."""
        most = len(self._spans) + LONGEST
        while self._before[-1] < target:
            if len(self._spans) > most:
                raise NoOfficeTime("the office does not open any more")
            self._know(len(self._spans))
        return bisect_left(self._before, target) - 1

    def _moment(self, index: int, target: int, *, at_end: bool) -> datetime:
        """The moment of a day at which the office time is `target`: at the end of a stretch, or at its start."""
        rest = target - self._before[index]
        for start, end in self._spans[index]:
            length = end - start
            if rest < length or (at_end and rest == length):
                at = start + rest
                minutes, micros = divmod(at, MINUTE)
                seconds, micros = divmod(micros, SECOND)
                wall = time(minutes // 60, minutes % 60, seconds, micros, tzinfo=self._zone)
                return datetime.combine(date.fromordinal(self._first + index), wall)
            rest -= length
        raise NoOfficeTime("this day is too short")  # cannot be: the day was chosen by its length


class RoundTheClock:
    """Twenty-four hours, every day of the year."""

    def elapsed(self, start: datetime, end: datetime) -> int:
        """Whole seconds from one moment to another."""
        return (end - start) // timedelta(seconds=1)

    def deadline(self, start: datetime, seconds: int) -> datetime:
        """So many seconds later."""
        return start + timedelta(seconds=seconds)


Clockwork = OfficeTime | RoundTheClock


def seconds_of_warning(target_minutes: int, share: int) -> int:
    """How much time is left when a clock warns: a share of its target, in per cent."""
    return target_minutes * 60 * share // 100


def deadlines(hours: Clockwork, start: datetime, remaining: int, warning: int) -> Deadlines:
    """Due when the rest of the time has run, with a warning before; one whose warning is past warns at once."""
    due_at = hours.deadline(start, remaining)
    warn_at = hours.deadline(start, remaining - warning) if remaining > warning else min(start, due_at)
    return Deadlines(due_at, warn_at)

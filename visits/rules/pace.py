"""The pace: on which day a duty is suggested, so that every day has its share (design 4, decisions 11).

New duties are spread evenly over the working days of their window; what was left undone goes to the days with the
least load. A birthday in the window goes first, whoever was silent longest comes next. `due_on` alone decides missed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from crm.core.rules import Calendar
from visits.rules.lunar import next_lunar_birthday

LONG_AGO = date(1, 1, 1)
FACE_TO_FACE_SLOTS = 2
"""Decisions 11: an on-site visit takes two slots of a day, any other contact one."""


@dataclass(frozen=True, slots=True)
class Item:
    """A duty to be given a day. `slots`: what it takes of a day's capacity; `area` keeps neighbours together."""

    id: int
    customer_id: int
    owed_from: date
    due_on: date
    last_visit_on: date | None = None
    birthday: date | None = None
    slots: int = 1
    area: str = ""

    @property
    def silence(self) -> tuple[str, date, int]:
        """Sort key: one area after the other, in it never visited, then the longest silent, then the older customer."""
        return (self.area, self.last_visit_on or LONG_AGO, self.customer_id)


def free_days(calendar: Calendar, first: date, last: date, leaves: Iterable[tuple[date, date]] = ()) -> list[date]:
    """The working days of a window on which somebody is there.

    When he is away for all of them, all working days (his cover takes over); without any working day, every day.
    """
    if last < first:
        return [first]
    working = list(calendar.days(first, last))
    there = [day for day in working if not any(start <= day <= end for start, end in leaves)]
    if there or working:
        return there or working
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]


def next_birthday(birthday: date, on: date, *, is_lunar: bool = False) -> date:
    """The next birthday from a day on; 29 February is kept on the 28th in common years.

    A lunar one (`visits.rules.lunar`) beyond the years of the calendar is kept by its numbers.
    """
    if is_lunar and (comes := next_lunar_birthday(birthday, on)):
        return comes
    this_year = _birthday_in(birthday, on.year)
    return this_year if this_year >= on else _birthday_in(birthday, on.year + 1)


def _birthday_in(birthday: date, year: int) -> date:
    try:
        return birthday.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def birthday_place(birthday: date, days: Sequence[date]) -> date:
    """The birthday itself when it is a free day, else the free day before it, else the first one after."""
    return days[max(bisect_right(days, birthday) - 1, 0)]


def nth_of(position: int, count: int, days: int) -> int:
    """Which of `days` days the position-th of `count` evenly spread things falls on; one alone falls in the middle."""
    return (2 * position + 1) * days // (2 * count)


def spread(items: Sequence[Item], days: Sequence[date]) -> dict[int, date]:
    """New duties of one manager with one due day, evenly over the free days of their window."""
    placed: dict[int, date] = {}
    others: list[Item] = []
    for item in items:
        if item.birthday is not None and days[0] <= item.birthday <= item.due_on:
            placed[item.id] = birthday_place(item.birthday, days)
        else:
            others.append(item)
    others.sort(key=lambda item: item.silence)
    for position, item in enumerate(others):
        placed[item.id] = days[nth_of(position, len(others), len(days))]
    return placed


def level(
    items: Sequence[Item],
    loads: Mapping[date, int],
    *,
    calendar: Calendar,
    today: date,
    leaves: Sequence[tuple[date, date]] = (),
) -> dict[int, date]:
    """One manager's duties without a day (left undone, on leave days, newly owed) onto the least loaded days.

    The tightest window first; `loads` are the slots already taken.
    """
    groups: dict[tuple[date, date, int], list[Item]] = defaultdict(list)
    for item in items:
        groups[item.due_on, max(today, item.owed_from), item.slots].append(item)
    taken: MutableMapping[date, int] = defaultdict(int, loads)
    placed: dict[int, date] = {}
    for (due_on, first, slots), group in sorted(
        groups.items(), key=lambda entry: (entry[0][0], entry[0][1], -entry[0][2])
    ):
        days = free_days(calendar, first, due_on, leaves)
        here = _fill(group, days, taken, slots)
        for day in here.values():
            taken[day] += slots
        placed.update(here)
    return placed


def _fill(items: Sequence[Item], days: Sequence[date], taken: Mapping[date, int], slots: int) -> dict[int, date]:
    placed: dict[int, date] = {}
    loads = [taken.get(day, 0) // slots for day in days]
    others: list[Item] = []
    for item in items:
        if item.birthday is not None and days[0] <= item.birthday <= item.due_on:
            placed[item.id] = birthday_place(item.birthday, days)
            loads[days.index(placed[item.id])] += 1
        else:
            others.append(item)
    others.sort(key=lambda item: item.silence)
    position = 0
    for day, share in zip(days, shares(loads, len(others)), strict=True):
        for item in others[position : position + share]:
            placed[item.id] = day
        position += share
    return placed


def shares(loads: Sequence[int], count: int) -> list[int]:
    """How many of `count` things each day gets, so that loads end as level as they can: like water in a vessel.

    The last layer, too thin to cover every day, is spread evenly over the days that it could cover.
    """
    surface = _surface(loads, count)
    given = [max(0, surface - load) for load in loads]
    rest = count - sum(given)
    open_days = [index for index, load in enumerate(loads) if load <= surface]
    for position in range(rest):
        given[open_days[nth_of(position, rest, len(open_days))]] += 1
    return given


def _surface(loads: Sequence[int], count: int) -> int:
    """The highest whole level that `count` things can fill all lower days up to."""
    volume, ordered = count, sorted(loads)
    for covered, (load, above) in enumerate(pairwise(ordered), start=1):
        if volume < (above - load) * covered:
            return load + volume // covered
        volume -= (above - load) * covered
    return ordered[-1] + volume // len(ordered)


def slots_left(
    calendar: Calendar, first: date, last: date, day_slots: int, leaves: Iterable[tuple[date, date]] = ()
) -> int:
    """Decisions 11: what can still be done: working days less leave, times the slots of a day."""
    away = list(leaves)
    return day_slots * sum(not any(start <= day <= end for start, end in away) for day in calendar.days(first, last))

"""The pure clock, against a counter of minutes that knows nothing of days and sums (CMP-2)."""

from __future__ import annotations

import random
from datetime import date, datetime, time, timedelta

import pytest

from complaints.rules.clock import NoOfficeTime, OfficeTime, RoundTheClock, deadlines, seconds_of_warning
from crm.core.rules import Calendar, DayHours
from tests.complaints.clock_world import ZONE, at

WINTER = DayHours(date(2000, 1, 1), time(8, 30), time(12), time(13, 30), time(17, 30))
SUMMER = DayHours(date(2026, 5, 1), time(8), time(11, 30), time(14, 30), time(18))
THROUGH = DayHours(date(2026, 10, 1), time(9), None, None, time(17))
HOURS = (WINTER, SUMMER, THROUGH)
CALENDAR = Calendar(
    holidays=frozenset({date(2026, 2, 17), date(2026, 2, 18), date(2026, 5, 1), date(2026, 10, 1)}),
    makeups=frozenset({date(2026, 2, 14), date(2026, 5, 9)}),
    years=frozenset({2026}),
)
CLOCK = OfficeTime(CALENDAR, HOURS, ZONE)


def is_open(moment):
    """The oracle: whether the office is open in the minute that begins now."""
    day = moment.date()
    if not CALENDAR.is_working(day):
        return False
    hours = [row for row in HOURS if row.effective_from <= day][-1]
    now = moment.timetz().replace(tzinfo=None)
    at_lunch = hours.lunch_from is not None and hours.lunch_from <= now < hours.lunch_to
    return hours.opens <= now < hours.closes and not at_lunch


def minutes_open(start, end):
    """Counted minute by minute."""
    count = 0
    while start < end:
        count += is_open(start)
        start += timedelta(minutes=1)
    return count


def due_by_counting(start, minutes):
    """The first moment at which so many open minutes have passed."""
    while minutes:
        minutes -= is_open(start)
        start += timedelta(minutes=1)
    return start


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        ("2026-03-02 09:00", 60, "2026-03-02 10:00"),
        ("2026-03-02 11:30", 60, "2026-03-02 14:00"),  # lunch
        ("2026-03-02 11:30", 30, "2026-03-02 12:00"),  # to the last minute before lunch, not to the first after it
        ("2026-03-02 12:15", 30, "2026-03-02 14:00"),  # begun at lunch
        ("2026-03-02 17:00", 60, "2026-03-03 09:00"),  # night
        ("2026-03-02 22:00", 1, "2026-03-03 08:31"),
        ("2026-03-06 17:00", 60, "2026-03-09 09:00"),  # weekend
        ("2026-02-13 17:00", 60, "2026-02-14 09:00"),  # a Saturday worked instead
        ("2026-02-16 17:00", 60, "2026-02-19 09:00"),  # two days off in the middle of a week
        ("2026-04-30 17:00", 60, "2026-05-04 08:30"),  # other hours from the first of May, which is a holiday
        ("2026-09-30 17:00", 120, "2026-10-02 10:00"),  # from October on without lunch
    ],
)
def test_a_deadline_counts_open_hours_only(start, minutes, due):
    """CMP-2: lunch, night, weekend, make-up day, holiday, a change of the office hours."""
    assert CLOCK.deadline(at(start), minutes * 60) == at(due)
    assert CLOCK.elapsed(at(start), at(due)) == minutes * 60


def test_the_clock_agrees_with_counting_minutes():
    """CMP-2: three hundred drawn deadlines and their intervals, over every edge of a year."""
    draw = random.Random(4)
    edges = ["2026-02-13 16:00", "2026-04-29 10:00", "2026-05-08 15:00", "2026-09-29 09:00", "2026-07-03 11:00"]
    for turn in range(300):
        start = at(edges[turn % len(edges)]) + timedelta(minutes=draw.randrange(5 * 24 * 60))
        minutes = draw.choice([1, 29, 30, 120, 450, 900, draw.randrange(1, 1500)])
        due = CLOCK.deadline(start, minutes * 60)
        assert due == due_by_counting(start, minutes), (start, minutes)
        end = start + timedelta(minutes=draw.randrange(6 * 24 * 60))
        assert CLOCK.elapsed(start, end) == 60 * minutes_open(start, end)


def test_time_is_neither_lost_nor_won_when_a_clock_is_cut_in_pieces():
    """CMP-2: pauses cut a target into pieces; the pieces are the whole, also in seconds and backwards."""
    draw = random.Random(5)
    for _turn in range(300):
        start = at("2026-02-10 00:00") + timedelta(seconds=draw.randrange(300 * 86400))
        total = draw.randrange(2, 200_000)
        first = draw.randrange(1, total)
        due = CLOCK.deadline(start, total)
        assert CLOCK.deadline(CLOCK.deadline(start, first), total - first) == due
        assert CLOCK.elapsed(start, due) == total
        assert CLOCK.elapsed(due, start) == -total
        assert CLOCK.elapsed(CLOCK.deadline(start, -total), start) == total


def test_nothing_left_is_due_now_and_time_before_the_first_day_is_nobodys():
    night = at("2026-03-02 23:00")
    assert CLOCK.deadline(night, 0) == night
    with pytest.raises(NoOfficeTime):
        CLOCK.position(datetime(1999, 1, 1, tzinfo=ZONE))
    with pytest.raises(NoOfficeTime):
        CLOCK.deadline(at("2000-01-03 09:00"), -10_000_000)
    with pytest.raises(NoOfficeTime):
        OfficeTime(CALENDAR, (), ZONE)


def test_round_the_clock_knows_no_night():
    always = RoundTheClock()
    assert always.deadline(at("2026-02-16 17:00"), 24 * 3600) == at("2026-02-17 17:00")
    assert always.elapsed(at("2026-02-16 17:00"), at("2026-02-17 17:00")) == 24 * 3600


def test_a_clock_warns_when_a_share_of_its_time_is_left():
    """CMP-2: near-due is flagged: a quarter of two hours before the end; at once when less than that is left."""
    start = at("2026-03-02 11:00")
    due = deadlines(CLOCK, start, 120 * 60, seconds_of_warning(120, 25))
    assert (due.due_at, due.warn_at) == (at("2026-03-02 14:30"), at("2026-03-02 14:00"))
    assert deadlines(CLOCK, start, 10 * 60, seconds_of_warning(120, 25)).warn_at == start
    late = deadlines(CLOCK, start, -60, seconds_of_warning(120, 25))
    assert late.warn_at == late.due_at == at("2026-03-02 10:59")

"""The rules of plans, without a database (PLAN-1, 2, 6)."""

import time
from datetime import date, datetime, timedelta
from random import Random

import pytest

from crm.core.rules import Calendar
from visits.rules.pace import Item, level
from visits.rules.plans import (
    Standing,
    Wish,
    arrange,
    half_wished,
    is_late,
    merge,
    neighbour,
    period_last,
    period_start,
    relevel,
    weeks_to_draft,
)

MONDAY = date(2026, 11, 16)
CALENDAR = Calendar()


@pytest.mark.parametrize(
    ("moment", "weeks"),
    [
        (datetime(2026, 11, 13, 11, 59), [date(2026, 11, 9)]),
        (datetime(2026, 11, 13, 12, 0), [date(2026, 11, 9), MONDAY]),
        (datetime(2026, 11, 15, 23, 0), [date(2026, 11, 9), MONDAY]),
        (datetime(2026, 11, 16, 0, 30), [MONDAY]),
    ],
)
def test_the_next_week_is_drafted_from_friday_noon(moment, weeks):
    """PLAN-6, D4."""
    assert weeks_to_draft(moment) == weeks


def test_who_accepts_on_monday_is_late():
    """PLAN-6: by Sunday 23:59."""
    assert not is_late(date(2026, 11, 15), MONDAY)
    assert is_late(MONDAY, MONDAY)
    assert not is_late(None, MONDAY)


def test_periods_begin_and_end_as_the_calendar_says():
    """PLAN-1: week, month, year."""
    assert period_start("week", date(2026, 11, 22)) == MONDAY
    assert period_last("month", date(2028, 2, 1)) == date(2028, 2, 29)
    assert neighbour("month", date(2026, 12, 1), 1) == date(2027, 1, 1)
    assert neighbour("year", date(2026, 1, 1), -1) == date(2025, 1, 1)
    assert neighbour("week", MONDAY, 1) == date(2026, 11, 23)


def test_one_contact_per_customer_does_everything_that_is_due():
    """PLAN-6: the first promise gives the day, the strongest reason the word."""
    duty = Wish(1, "due", reason_on=date(2026, 11, 20), last=date(2026, 11, 20), duty_id=5, channel_id=1)
    promise = Wish(1, "follow_up", reason_on=date(2026, 11, 18), fixed_on=date(2026, 11, 18), task_id=7, channel_id=1)
    (one,) = merge([duty, promise])
    assert (one.reason, one.fixed_on, one.last) == ("follow_up", date(2026, 11, 18), date(2026, 11, 20))
    assert (one.duty_id, one.task_id) == (5, 7)


def test_a_week_is_level_and_keeps_districts_together():
    """PLAN-6: spread by capacity, leave and district."""
    wishes = [Wish(number, "suggested", district=f"区{number % 4}") for number in range(40)]
    leave = (date(2026, 11, 18), date(2026, 11, 18))
    placed = arrange(wishes, monday=MONDAY, calendar=CALENDAR, leaves=[leave])
    per_day = {}
    for one in placed:
        per_day.setdefault(one.on, []).append(one.wish.district)
    assert {day: len(found) for day, found in per_day.items()} == {
        MONDAY + timedelta(days=offset): 10 for offset in (0, 1, 3, 4)
    }
    assert all(len(set(found)) == 1 for found in per_day.values())
    assert {one.half for one in placed} == {"am", "pm"}


def test_a_promise_keeps_its_day_and_a_birthday_off_goes_before():
    """PLAN-6: a birthday on Sunday is a call on Friday."""
    promise = Wish(1, "follow_up", fixed_on=date(2026, 11, 17))
    birthday = Wish(2, "birthday", fixed_on=date(2026, 11, 22))
    placed = {one.wish.customer_id: one.on for one in arrange([promise, birthday], monday=MONDAY, calendar=CALENDAR)}
    assert placed == {1: date(2026, 11, 17), 2: date(2026, 11, 20)}


def test_nothing_is_planned_past_its_due_day():
    """PLAN-2, design 4."""
    wishes = [Wish(number, "due", last=date(2026, 11, 17)) for number in range(6)]
    wishes += [Wish(number + 10, "suggested", last=date(2026, 11, 30)) for number in range(9)]
    for one in arrange(wishes, monday=MONDAY, calendar=CALENDAR):
        assert one.on <= one.wish.last


@pytest.mark.parametrize(
    ("text", "half"),
    [
        ("上午10点", "am"),
        ("下午3点后", "pm"),
        ("晚上", "pm"),
        ("工作日", ""),
        ("晚上不打扰", ""),
        ("上午或下午", ""),
        ("", ""),
    ],
)
def test_the_preferred_time_chooses_the_half_day(text, half):
    """CON-14."""
    assert half_wished(text) == half


def test_only_what_falls_out_moves():
    """PLAN-6: a leave re-levels the week, the rest stays where it was."""
    items = [Standing(number, number, MONDAY + timedelta(days=number % 5), date(2026, 11, 30)) for number in range(20)]
    leave = (date(2026, 11, 17), date(2026, 11, 17))
    moved = relevel(items, monday=MONDAY, today=MONDAY, calendar=CALENDAR, leaves=[leave], day_slots=8)
    assert set(moved) == {item.id for item in items if item.on == date(2026, 11, 17)}
    assert date(2026, 11, 17) not in moved.values()
    again = [Standing(item.id, item.customer_id, moved.get(item.id, item.on), item.last) for item in items]
    assert relevel(again, monday=MONDAY, today=MONDAY, calendar=CALENDAR, leaves=[leave], day_slots=8) == {}


def test_a_day_too_full_gives_to_the_others_but_keeps_promises():
    """PLAN-2: the daily load is 8."""
    items = [Standing(number, number, MONDAY, date(2026, 11, 30), is_fixed=number < 3) for number in range(12)]
    moved = relevel(items, monday=MONDAY, today=MONDAY, calendar=CALENDAR, day_slots=8)
    assert len(moved) == 4 and not set(moved) & {0, 1, 2}


@pytest.mark.parametrize("seed", range(25))
def test_every_wish_has_one_place_in_the_week(seed):
    """PLAN-6: nothing is lost, whatever the leave."""
    chance = Random(seed)
    drawn = [
        (chance.randint(0, 13), chance.choice([1, 2]), chance.choice("甲乙丙")) for _ in range(chance.randint(0, 60))
    ]
    away = chance.randint(0, 6)
    wishes = [
        Wish(number, "suggested", last=MONDAY + timedelta(days=days), slots=slots, district=district)
        for number, (days, slots, district) in enumerate(drawn)
    ]
    leave = (MONDAY, MONDAY + timedelta(days=away))
    placed = arrange(wishes, monday=MONDAY, calendar=CALENDAR, leaves=[leave])
    assert sorted(one.wish.customer_id for one in placed) == [wish.customer_id for wish in wishes]
    assert all(MONDAY <= one.on <= MONDAY + timedelta(days=6) for one in placed)


def test_one_manager_s_month_is_levelled_in_five_milliseconds():
    """Issue 3, speed: 200 duties, the best of ten rounds (the machine is shared)."""
    first = date(2026, 11, 1)
    items = [
        Item(number, number, first, date(2026, 11, 30), first - timedelta(days=number), None, 1 + number % 7 // 6)
        for number in range(200)
    ]
    took = []
    for _round in range(10):
        began = time.thread_time()
        level(items, {}, calendar=CALENDAR, today=first)
        took.append(time.thread_time() - began)
    assert min(took) <= 0.005

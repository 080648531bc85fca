"""The pace: how duties are given their days (design 4, decisions 11)."""

from collections import Counter
from datetime import date, timedelta
from random import Random

import pytest

from crm.core.rules import Calendar
from visits.rules import Item, birthday_place, free_days, level, next_birthday, shares, slots_left, spread

PLAIN = Calendar()
JUNE = list(PLAIN.days(date(2026, 6, 1), date(2026, 6, 30)))  # 22 working days


def item(number, **more):
    values = {"customer_id": number, "owed_from": date(2026, 6, 1), "due_on": date(2026, 6, 30)}
    return Item(number, **values | more)


def test_new_duties_are_spread_evenly_over_the_working_days():
    """Design 4: every day has its share, and none falls on a day without work."""
    per_day = Counter(spread([item(number) for number in range(100)], JUNE).values())
    assert set(per_day) == set(JUNE)
    assert max(per_day.values()) - min(per_day.values()) <= 1


def test_a_few_duties_keep_their_distance_and_one_alone_falls_in_the_middle():
    """Design 4."""
    assert list(spread([item(1)], JUNE).values()) == [JUNE[11]]
    assert sorted(spread([item(1), item(2)], JUNE).values()) == [JUNE[5], JUNE[16]]


def test_the_longest_silent_come_first():
    """Design 4: spacing since the last contact."""
    rows = [item(1, last_visit_on=date(2026, 5, 30)), item(2, last_visit_on=date(2026, 5, 2)), item(3)]
    placed = spread(rows, JUNE)
    assert placed[3] < placed[2] < placed[1]


def test_a_birthday_in_the_window_goes_first():
    """Design 4: birthdays first, on the day itself or the working day before it."""
    rows = [
        item(1, birthday=date(2026, 6, 17)),
        item(2, birthday=date(2026, 6, 21)),
        item(3, birthday=date(2026, 7, 3)),
    ]
    placed = spread(rows, JUNE)
    assert placed[1] == date(2026, 6, 17)
    assert placed[2] == date(2026, 6, 19)  # the 21st is a Sunday
    assert placed[3] == JUNE[11]  # not in the window: like anybody else


def test_a_birthday_before_the_first_free_day_is_kept_on_it():
    """Design 4."""
    assert birthday_place(date(2026, 6, 1), JUNE) == JUNE[0]
    assert next_birthday(date(1980, 2, 29), date(2026, 1, 10)) == date(2026, 2, 28)
    assert next_birthday(date(1980, 2, 29), date(2028, 1, 10)) == date(2028, 2, 29)
    assert next_birthday(date(1980, 3, 1), date(2026, 3, 2)) == date(2027, 3, 1)


def test_leave_and_holidays_get_nothing():
    """PLT-5, decisions 11: suggestions move around leave; the make-up Saturday works."""
    calendar = Calendar(frozenset({date(2026, 6, 19)}), frozenset({date(2026, 6, 27)}), frozenset({2026}))
    free = free_days(calendar, date(2026, 6, 15), date(2026, 6, 30), [(date(2026, 6, 22), date(2026, 6, 24))])
    assert date(2026, 6, 19) not in free
    assert date(2026, 6, 23) not in free
    assert date(2026, 6, 27) in free


def test_when_he_is_away_for_the_whole_window_his_cover_has_the_working_days():
    """Cover: the substitute acts; without any working day every day of the window is one."""
    away = [(date(2026, 6, 1), date(2026, 7, 15))]
    assert free_days(PLAIN, date(2026, 6, 25), date(2026, 6, 30), away) == list(
        PLAIN.days(date(2026, 6, 25), date(2026, 6, 30))
    )
    assert free_days(PLAIN, date(2026, 6, 27), date(2026, 6, 28)) == [date(2026, 6, 27), date(2026, 6, 28)]


def test_what_was_left_undone_goes_to_the_days_with_the_least_load():
    """Design 4: daily load."""
    days = JUNE[10:15]
    loads = dict(zip(days, [3, 1, 3, 0, 3], strict=True))
    rows = [item(number, due_on=days[-1]) for number in range(5)]
    placed = level(rows, loads, calendar=PLAIN, today=days[0])
    taken = Counter(placed.values())
    assert [loads[day] + taken[day] for day in days] == [3, 3, 3, 3, 3]


def test_the_tightest_window_is_served_first_and_face_to_face_takes_two_slots():
    """Decisions 11: an on-site visit takes two slots."""
    today, due = JUNE[-2], JUNE[-1]
    rows = [item(1, due_on=date(2026, 9, 30)), item(2, due_on=due, slots=2), item(3, due_on=due)]
    placed = level(rows, {today: 0, due: 1}, calendar=PLAIN, today=today)
    assert placed[2] in (today, due)
    assert placed[1] > due  # the far one keeps clear of the tight days


@pytest.mark.parametrize("seed", range(60))
def test_shares_are_as_level_as_water(seed):
    """Design 4: whatever the loads, no day could give one away to a lower one; all are placed."""
    random = Random(seed)
    loads = [random.randrange(9) for _ in range(random.randrange(1, 24))]
    count = random.randrange(60)
    given = shares(loads, count)
    assert sum(given) == count
    assert min(given) >= 0
    after = [load + share for load, share in zip(loads, given, strict=True)]
    filled = [height for height, share in zip(after, given, strict=True) if share]
    if filled:
        assert max(filled) - min(after) <= 1


def test_nothing_is_ever_placed_outside_its_window():
    """Design 4: never past the due day, never in the past."""
    random = Random(5)
    today = date(2026, 6, 10)
    rows = [
        item(
            number,
            owed_from=today + timedelta(days=random.randrange(-9, 25)),
            due_on=today + timedelta(days=random.randrange(30, 120)),
            birthday=date(2026, 6, 1) + timedelta(days=random.randrange(120)) if number % 5 == 0 else None,
            slots=1 + (number % 7 == 0),
        )
        for number in range(300)
    ]
    placed = level(rows, {}, calendar=PLAIN, today=today)
    for row in rows:
        assert max(today, row.owed_from) <= placed[row.id] <= row.due_on


def test_capacity_is_working_days_less_leave_times_slots():
    """Decisions 11."""
    away = [(date(2026, 6, 24), date(2026, 6, 25))]
    assert slots_left(PLAIN, date(2026, 6, 22), date(2026, 6, 30), 8, away) == 8 * 5

"""Lunar birthdays: on which day they are kept, in the rule, in SQL, on the pages (ENG-1, safety 5 row 23)."""

from datetime import date, timedelta

import pytest
from django.db import connection

from accounts.models import PersonProfile
from crm import nightly
from tests.visits.ledger_world import at, customer_of, the_duty
from visits.queries.occasions import OccasionFacts, suggest_occasions
from visits.rules import next_birthday
from visits.rules.lunar import lunar_birthday_in, lunar_month, lunar_months
from workbench.queries.brief import birthday_words

NEW_YEARS = {
    1950: date(1950, 2, 17), 1966: date(1966, 1, 21), 1984: date(1984, 2, 2), 1985: date(1985, 2, 20),
    2000: date(2000, 2, 5), 2023: date(2023, 1, 22), 2025: date(2025, 1, 29), 2026: date(2026, 2, 17),
    2033: date(2033, 1, 31), 2034: date(2034, 2, 19), 2049: date(2049, 2, 2),
}  # fmt: skip
"""Spring Festival as published: the first day of the first month, in years with and without a leap month before."""


@pytest.mark.parametrize(("year", "day"), NEW_YEARS.items())
def test_the_first_day_of_the_first_month_is_the_spring_festival(year, day):
    assert lunar_birthday_in(date(1960, 1, 1), year) == day


@pytest.mark.parametrize(
    ("numbers", "year", "day"),
    [
        (date(1968, 8, 15), 2026, date(2026, 9, 25)),  # 中秋
        (date(1968, 5, 5), 2025, date(2025, 5, 31)),  # 端午
        (date(1968, 6, 10), 2025, date(2025, 7, 4)),  # the leap sixth month of 2025 begins on 25 July: not there
        (date(1968, 12, 8), 2025, date(2026, 1, 26)),  # 腊八 of 2025 lies in 2026
        (date(1968, 12, 30), 2023, date(2024, 2, 9)),  # 除夕, a month of 30 days
        (date(1968, 12, 30), 2024, date(2025, 1, 28)),  # 除夕, a month of 29 days: its last day
        (date(1968, 11, 1), 2033, date(2033, 11, 22)),  # the year with a leap eleventh month
        (date(1968, 2, 29), 2023, date(2023, 3, 20)),  # the second month of 2023 comes twice: the first counts
    ],
)
def test_leap_months_and_the_30th_follow_the_rule(numbers, year, day):
    """ENG-1: the ordinary month of the number; the 30th on the last day of a short month."""
    assert lunar_birthday_in(numbers, year) == day


def test_every_lunar_year_from_1950_to_2049_keeps_every_birthday_once():
    """The boundaries of a hundred years: ends of months, the turn of the year, leap months."""
    for year in range(1950, 2050):
        for month in range(1, 13):
            first, length = lunar_month(year, month)
            assert length in (29, 30)
            after, __ = lunar_month(year, month + 1) if month < 12 else lunar_month(year + 1, 1)
            assert (after - first).days - length in (0, 29, 30)  # a leap month lies between
            last = lunar_birthday_in(date(2000, month, 30 if month != 2 else 29), year)
            assert last == first + timedelta(days=min(length, 30 if month != 2 else 29) - 1)
        for numbers in (date(1960, 1, 1), date(1960, 12, 30)):
            kept = lunar_birthday_in(numbers, year)
            assert kept.year in (year, year + 1)
            assert next_birthday(numbers, kept, is_lunar=True) == kept
            assert next_birthday(numbers, kept + timedelta(days=1), is_lunar=True) == lunar_birthday_in(
                numbers, year + 1
            )


def test_a_lunar_birthday_comes_once_in_every_lunar_year():
    """From each day of 1950–2049 the next one is at most 385 days away: a leap year has 13 months."""
    day, last = date(1950, 1, 1), date(2049, 12, 31)
    while day <= last:
        comes = next_birthday(date(1968, 8, 15), day, is_lunar=True)
        assert 0 <= (comes - day).days <= 384
        day += timedelta(days=1)


def test_beyond_the_calendar_the_numbers_stand():
    assert next_birthday(date(1968, 8, 15), date(2105, 1, 1), is_lunar=True) == date(2105, 8, 15)


@pytest.mark.django_db
def test_sql_says_the_same_as_the_rule_on_all_boundaries():
    """Parity: the night's function against the pure rule, the days around each birthday from 1950 to 2049."""
    born = [date(1960, month, day) for month in range(1, 13) for day in (1, 15, 29)] + [date(1960, 12, 30)]
    pairs = [
        (numbers, lunar_birthday_in(numbers, year) + timedelta(days=offset))
        for numbers in born
        for year in range(1950, 2050)
        for offset in (-1, 0, 1)
    ]
    pairs += [(date(1968, 8, 15), date(2105, 1, 1))]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM visits_lunarmonth")
        assert cursor.fetchone()[0] == len(lunar_months())
        cursor.execute(
            "SELECT visits_next_birthday(b, true, d) FROM unnest(%s::date[], %s::date[]) WITH ORDINALITY AS x(b, d, n)"
            " ORDER BY n",
            [[pair[0] for pair in pairs], [pair[1] for pair in pairs]],
        )
        found = [row[0] for row in cursor.fetchall()]
    assert found == [next_birthday(numbers, day, is_lunar=True) for numbers, day in pairs]


@pytest.mark.django_db
def test_a_lunar_birthday_in_the_window_is_the_suggested_day(cast):
    """Design 4: birthdays first; 八月十五 of 2026 is 25 September, a holiday: the working day before it."""
    for unit in cast.units.values():
        unit.live_from = date(2024, 1, 1)
        unit.save(update_fields=["live_from"])
    opened, left = customer_of(cast), customer_of(cast)
    for customer in (opened, left):
        PersonProfile.unscoped.create(customer=customer, birthday=date(1968, 8, 15), is_lunar_birthday=True)
    september = date(2026, 9, 1)
    nightly.run_night(september, now=at(september, 0, 30), steps=["open_duties"])
    assert the_duty(opened).suggested_on == date(2026, 9, 24)
    duty = the_duty(left)
    duty.suggested_on = date(2026, 8, 1)
    duty.save(update_fields=["suggested_on"])
    nightly.run_night(september, now=at(september, 0, 30), steps=["suggest_days"])
    assert the_duty(left).suggested_on == date(2026, 9, 24)


@pytest.mark.django_db
def test_a_lunar_birthday_of_the_next_days_is_a_reason_to_greet():
    """CON-9."""
    facts = OccasionFacts(birthday=date(1968, 8, 15), is_lunar_birthday=True, last_visit_on=date(2026, 9, 10))
    assert suggest_occasions(facts, date(2026, 9, 23))[0] == "care"
    assert suggest_occasions(facts, date(2026, 8, 15))[0] != "care"


@pytest.mark.django_db
def test_the_words_name_the_day_on_the_wall_and_the_lunar_numbers():
    born, today = date(1968, 8, 15), date(2026, 9, 24)
    comes = next_birthday(born, today, is_lunar=True)
    words = birthday_words(comes, born, True, today)
    assert "25" in words
    assert "8" in words
    assert words.count("·") == 2
    assert birthday_words(comes, born, True, date(2026, 8, 1)) == ""

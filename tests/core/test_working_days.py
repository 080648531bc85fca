"""The work calendar (PLT-5): statutory holidays, make-up days, and years the library does not know."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from crm.core import working_days
from crm.core.models import User, WorkDay
from crm.core.rules import Calendar

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("fifth", "due"),
    [("2025-10-05", "2025-10-09"), ("2026-04-05", "2026-04-07"), ("2026-05-05", "2026-05-06")],
)
def test_a_monthly_report_is_due_on_the_next_working_day_after_a_holiday(fifth, due):
    """PLAN-11: September 2025, March 2026 and April 2026."""
    calendar = working_days.calendar_for(2025, 2026)
    assert calendar.next_working(date.fromisoformat(fifth)) == date.fromisoformat(due)


def test_a_make_up_sunday_is_a_working_day_and_a_holiday_monday_is_not():
    """PLT-5: 2025-09-28 (Sunday) was worked for the October holidays."""
    calendar = working_days.calendar_for(2025, 2025)
    assert calendar.is_working(date(2025, 9, 28))
    assert not calendar.is_working(date(2025, 10, 6))


def test_a_year_without_data_is_monday_to_friday_and_says_so():
    """PLT-5: 2027 dates don't crash."""
    calendar = working_days.calendar_for(2027, 2028)
    assert not calendar.is_complete(2027)
    assert calendar.is_complete(2026)
    assert calendar.next_working(date(2027, 10, 2)) == date(2027, 10, 4)
    assert calendar.add(date(2027, 1, 1), 5) == date(2027, 1, 8)


def test_the_database_s_own_function_agrees_with_the_rule():
    """Parity of SQL and Python, every day of three years."""
    calendar = working_days.calendar()
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d::date, core_is_working(d::date), core_next_working(d::date)"
            " FROM generate_series('2025-01-01'::timestamp, '2027-12-31', '1 day') d"
        )
        for day, is_working, following in cursor.fetchall():
            assert is_working == calendar.is_working(day), day
            assert following == calendar.next_working(day), day


def test_counting_between_two_days_equals_counting_them_one_by_one():
    calendar = working_days.calendar()
    first = date(2025, 9, 20)
    for span in range(60):
        last = first + timedelta(days=span)
        assert calendar.between(first, last) == len(list(calendar.days(first, last)))
    assert calendar.between(date(2025, 10, 2), date(2025, 10, 1)) == 0


def test_adding_working_days_goes_over_holidays_in_both_directions():
    calendar = working_days.calendar()
    assert calendar.add(date(2025, 9, 30), 1) == date(2025, 10, 9)
    assert calendar.add(date(2025, 10, 9), -1) == date(2025, 9, 30)
    assert calendar.add(date(2025, 10, 1), 0) == date(2025, 10, 9)


def test_seeding_again_neither_doubles_nor_undoes_an_edit():
    """PLT-5: admin edits stay."""
    person = User.objects.create_user("A1", name="Ann")
    assert WorkDay.objects.filter(date__year=2026).count() > 20
    working_days.set_day(date(2026, 12, 25), "holiday", name="Closing day", by=person, now=timezone.now())
    working_days.set_day(date(2026, 10, 1), "", by=person, now=timezone.now())
    assert working_days.seed() == 0
    assert not working_days.calendar().is_working(date(2026, 12, 25))
    assert working_days.calendar().is_working(date(2026, 10, 1))


def test_a_pure_calendar_needs_no_database():
    calendar = Calendar(holidays=frozenset({date(2026, 1, 1)}), makeups=frozenset({date(2026, 1, 4)}))
    assert [calendar.is_working(date(2026, 1, day)) for day in (1, 2, 3, 4, 5)] == [False, True, False, True, True]
    assert calendar.previous_working(date(2026, 1, 1)) == date(2025, 12, 31)


def test_a_saturday_is_no_working_day_in_due_dates():
    """ORG-19: weekends rest in due-date maths; logging at any hour is another matter (CON-36)."""
    calendar = working_days.calendar_for(2026, 2026)
    saturday = date(2026, 11, 21)
    assert not calendar.is_working(saturday)
    assert calendar.next_working(saturday) == date(2026, 11, 23)

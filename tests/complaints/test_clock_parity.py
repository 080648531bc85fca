"""Office time in SQL is office time in Python, on ten years of drawn intervals (issue: the desk)."""

from __future__ import annotations

import random
from datetime import date, time, timedelta

from django.db import connection

from complaints.queries.clockwork import clockwork
from crm.core import hours, working_days
from crm.core.models import OfficeHours, WorkDay
from tests.complaints.clock_world import at

DRAWN = 500
CHANGES = [
    ("2019-05-01", time(8), time(11, 30), time(14, 30), time(18)),
    ("2021-01-04", time(9), None, None, time(17)),
    ("2023-10-08", time(8, 30, 15), time(12), time(13, 0, 30), time(17, 45)),
]


def office_changes():
    for since, opens, lunch_from, lunch_to, closes in CHANGES:
        OfficeHours.objects.create(
            effective_from=since, opens=opens, lunch_from=lunch_from, lunch_to=lunch_to, closes=closes
        )
    WorkDay.objects.filter(date__year=2022).delete()
    WorkDay.objects.create(date=date(2022, 3, 3), kind="holiday")
    WorkDay.objects.create(date=date(2022, 3, 5), kind="makeup")
    hours.forget()
    working_days.forget()


def drawn(draw):
    """Starts over ten years to the microsecond, some on an edge; targets of both signs; ends before and after."""
    first = at("2016-01-01 00:00")
    for turn in range(DRAWN):
        start = first + timedelta(microseconds=draw.randrange(3650 * 86_400_000_000))
        if turn % 5 == 0:
            start = start.replace(**draw.choice(EDGES), microsecond=0)
        seconds = draw.choice([60, 1800, 7200, 27_000, 135_000, draw.randrange(1, 400_000)])
        sign = -1 if turn % 4 == 0 else 1
        length = timedelta(seconds=draw.randrange(1, 40 * 86_400 if turn % 10 else 3650 * 86_400))
        yield start, sign * seconds, start + sign * length


EDGES = [
    {"hour": 8, "minute": 30, "second": 0}, {"hour": 12, "minute": 0, "second": 0},
    {"hour": 13, "minute": 30, "second": 0}, {"hour": 17, "minute": 30, "second": 0},
    {"hour": 0, "minute": 0, "second": 0},
]  # fmt: skip


def test_sql_and_python_agree_on_ten_years(db):
    """CMP-2: lunch, night, weekend, holiday, make-up day, changes of the office hours."""
    working_days.seed()
    office_changes()
    office = clockwork("office")
    cases = list(drawn(random.Random(2026)))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT complaints_office_deadline(s, n), complaints_office_elapsed(s, e)"
            " FROM unnest(%s::timestamptz[], %s::bigint[], %s::timestamptz[]) AS u(s, n, e)",
            [list(column) for column in zip(*cases, strict=True)],
        )
        answers = cursor.fetchall()
    for (start, seconds, end), (due, passed) in zip(cases, answers, strict=True):
        assert due == office.deadline(start, seconds), (start, seconds)
        assert passed == office.elapsed(start, end), (start, end)


def test_before_the_first_row_its_hours_held_already(db):
    OfficeHours.objects.all().delete()
    OfficeHours.objects.create(effective_from=date(2030, 1, 1), opens=time(9), closes=time(17))
    hours.forget()
    start = at("2026-03-02 16:00")
    with connection.cursor() as cursor:
        cursor.execute("SELECT complaints_office_deadline(%s, 7200), complaints_office_deadline(%s, 0)", [start, start])
        assert cursor.fetchone() == (at("2026-03-03 10:00"), start)
    assert clockwork("office").deadline(start, 7200) == at("2026-03-03 10:00")

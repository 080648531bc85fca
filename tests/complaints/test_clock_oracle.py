"""The clock of a case through pauses and changed tables, against somebody who counts minutes; and two at once."""

from __future__ import annotations

import random
from datetime import date, time, timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from complaints.actions import clocks
from complaints.actions.recount import recompute_clocks
from complaints.models import Case, CaseClock, CasePause, SlaRule
from crm.core.models import OfficeHours, WorkDay
from crm.core.rules import Calendar, DayHours
from crm.core.sweeps import run_often
from tests.accounts.test_at_once import at_once
from tests.complaints.clock_world import at, case

LATER = (date(2026, 3, 11), time(9), time(12), time(13), time(18))


def is_open(calendar, rows, moment):
    """The oracle: whether the office is open in the minute that begins now."""
    held = [row for row in rows if row.effective_from <= moment.date()][-1]
    now = moment.timetz().replace(tzinfo=None)
    at_lunch = held.lunch_from <= now < held.lunch_to
    return calendar.is_working(moment.date()) and held.opens <= now < held.closes and not at_lunch


def counted(calendar, rows, start, minutes, pauses):
    """The moment at which so many minutes were open and not paused."""
    while minutes:
        paused = any(began <= start < ended for began, ended in pauses)
        minutes -= is_open(calendar, rows, start) and not paused
        start += timedelta(minutes=1)
    return start


def test_a_clock_through_pauses_and_changed_tables_is_what_somebody_counts(cast):
    """CMP-2: lunch, night, holiday, make-up day, other office hours, pauses, then another target: minute by minute."""
    draw = random.Random(11)
    WorkDay.objects.create(date=date(2026, 3, 5), kind="holiday")
    WorkDay.objects.create(date=date(2026, 3, 7), kind="makeup")
    OfficeHours.objects.create(
        effective_from=LATER[0], opens=LATER[1], lunch_from=LATER[2], lunch_to=LATER[3], closes=LATER[4]
    )
    calendar = Calendar(frozenset({date(2026, 3, 5)}), frozenset({date(2026, 3, 7)}))
    rows = (DayHours(date(2000, 1, 1), time(8, 30), time(12), time(13, 30), time(17, 30)), DayHours(*LATER))
    made = {}
    for _each in range(8):
        start = at("2026-03-02 08:00") + timedelta(minutes=draw.randrange(2880))
        row = case(cast, start)
        clocks.start_clocks(row, start)
        moment, pauses = start, []
        for _pause in range(draw.randrange(4)):
            began = moment + timedelta(minutes=draw.randrange(1, 200))
            moment = began + timedelta(minutes=draw.randrange(1, 2000))
            clocks.pause_clocks(row, began)
            CasePause.unscoped.create(
                case=row, state="waiting_customer", reason="等", began_at=began, began_by=cast.handler, ended_at=moment
            )
            clocks.resume_clocks(row, moment)
            pauses.append((began, moment))
        made[row.pk] = (start, pauses)
    for minutes in (2250, 1300):
        for clock in CaseClock.unscoped.filter(kind="solution"):
            start, pauses = made[clock.case_id]
            assert clock.due_at == counted(calendar, rows, start, minutes, pauses), (start, pauses)
        SlaRule.objects.get_or_create(kind="need", effective_from="2026-03-01", solution_minutes=1300, hours="office")
        recompute_clocks(at("2026-03-02 09:00"))


@pytest.mark.django_db(transaction=True)
def test_a_case_that_somebody_has_in_hand_is_left_to_the_next_minute(cast):
    """Two at once: the sweep waits for nobody and nobody waits for the sweep; nothing is lost by it."""
    now = timezone.now()
    rows = [case(cast, now - timedelta(hours=5), kind="complaint") for _each in range(2)]
    for row in rows:
        clocks.start_clocks(row, now)
    with transaction.atomic():
        Case.unscoped.select_for_update().get(pk=rows[0].pk)
        assert at_once(lambda: run_often("case_clocks", now)) == [1]
    assert run_often("case_clocks", now) == 1
    assert run_often("case_clocks", now) == 0
    connection.close()

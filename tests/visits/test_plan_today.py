"""The plan on Today: in today's plan, put off on Today, done from Today (PLAN-6, PLAN-7, screens 1)."""

from datetime import timedelta

import pytest

from tests.visits.desk import NOW, TODAY
from tests.visits.plan_world import item_of, owed, plan_of
from visits.queries import today_rows
from visits.rules.plans import period_start
from workbench import actions

pytestmark = pytest.mark.django_db
MONDAY = period_start("week", TODAY)


def reasons(cast):
    rows = today_rows((cast.staff["manager"].pk,), TODAY, now=NOW)
    return {row.customer_id: [reason.kind for reason in row.reasons] for row in rows}


def test_what_is_planned_for_today_stands_after_promises_and_before_what_is_overdue(cast):
    """Screens 1: clock, promised, today's plan, overdue, suggested."""
    gold, silver = cast.customers["gold"], cast.customers["silver"]
    owed(silver, TODAY, due_on=TODAY + timedelta(days=20))
    owed(gold, TODAY, due_on=TODAY + timedelta(days=20))
    item_of(plan_of(cast, monday=MONDAY), gold, TODAY)
    item_of(plan_of(cast, monday=MONDAY), silver, TODAY + timedelta(days=1))
    found = reasons(cast)
    assert found[gold.pk] == ["planned"]
    assert found[silver.pk] == ["suggested"]
    assert list(found) == [gold.pk, silver.pk]


def test_putting_a_duty_off_moves_its_item(cast):
    """PLAN-6: the plan and Today name the same day; outside the week it leaves the plan."""
    gold = cast.customers["gold"]
    duty = owed(gold, TODAY)
    item = item_of(plan_of(cast, monday=MONDAY), gold, TODAY, duty=duty)
    actions.postpone(duty_id=duty.pk, to=TODAY + timedelta(days=1), by=cast.manager, now=NOW)
    item.refresh_from_db()
    assert (item.planned_on, item.state) == (TODAY + timedelta(days=1), "planned")
    actions.postpone(duty_id=duty.pk, to=TODAY + timedelta(days=7), by=cast.manager, now=NOW)
    item.refresh_from_db()
    assert item.state == "cancelled"
    assert gold.pk not in reasons(cast)

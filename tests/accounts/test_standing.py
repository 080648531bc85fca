"""One row per customer for lists: written through one door, rebuilt without a difference."""

from datetime import date, datetime

import pytest
from django.utils import timezone

from accounts import actions
from accounts.models import Customer, Standing
from accounts.sweeps import rebuild_portfolio

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 18)


def now():
    return timezone.make_aware(datetime(2026, 11, 18, 10))


def test_facts_are_written_set_based_and_only_where_they_differ(cast):
    """Decisions 22: one function for every app."""
    gold, silver = cast.customers["gold"].pk, cast.customers["silver"].pk
    facts = {gold: {"next_due_on": TODAY, "duty_state": "open"}, silver: {"last_visit_on": None, "is_overdue": True}}
    assert actions.update_standing_facts(facts) == 2
    assert actions.update_standing_facts(facts) == 0
    row = Standing.unscoped.get(pk=gold)
    assert (row.next_due_on, row.duty_state) == (TODAY, "open")
    assert Standing.unscoped.get(pk=silver).is_overdue


def test_only_known_columns_can_be_written(cast):
    """A name of a column never comes from outside."""
    with pytest.raises(ValueError, match="not facts"):
        actions.update_standing_facts({cast.customers["gold"].pk: {"customer_id": 1}})


def test_the_rebuild_finds_nothing_after_any_deed(cast):
    """Decisions 22: a nightly step reports any difference; there should be none."""
    rebuild_portfolio(today=TODAY, now=now())
    gold = cast.customers["gold"].pk
    actions.update_customer(
        customer_id=gold, changes={"monthly_spend": "99.5", "sports": "棋"}, by=cast.manager, now=now()
    )
    actions.change_tier(customer_id=gold, to_tier_id=None, reason="退出", by=cast.supervisor, now=now())
    actions.assign_customers(customer_ids=[gold], staff_id=None, reason="无", by=cast.supervisor, now=now())
    actions.create_customer(values={"kind": "vip", "name": "新人", "tier": "gold"}, by=cast.manager, now=now())
    actions.save_contact_person(
        customer_id=cast.customers["teammates"].pk, values={"name": "王"}, by=cast.teammate, now=now()
    )
    assert rebuild_portfolio(today=TODAY, now=now()) == {"rows": 0, "made": 0, "differences": 0}


def test_the_rebuild_mends_and_reports(cast):
    """Decisions 22."""
    rebuild_portfolio(today=TODAY, now=now())
    Standing.unscoped.filter(pk=cast.customers["gold"].pk).update(tier_rank=7, value=5)
    Standing.unscoped.filter(pk=cast.customers["silver"].pk).delete()
    report = rebuild_portfolio(today=TODAY, now=now())
    assert (report["made"], report["differences"]) == (1, 2)
    assert Standing.unscoped.count() == Customer.unscoped.count()

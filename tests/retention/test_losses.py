"""Losses are written down once, with manager, tier and unit of the day (RET-1, RET-9, D9)."""

import random
from datetime import date, timedelta

import pytest

from accounts.models import Assignment, TierHistory
from crm.core.models import Parameter
from retention.models import ChurnRecord
from retention.rules import losses as rules
from tests.retention.churn_world import comes_back, handed_over, in_base, leaves, night, records, vip
from tests.visits.ledger_world import at, customer_of

pytestmark = pytest.mark.django_db
MAY_4 = date(2026, 5, 4)


def facts(row):
    return (row.lost_on, row.manager_id, row.unit_id, row.tier_at_loss and row.tier_at_loss.code)


def test_who_leaves_is_written_down_once(cast):
    """RET-1: with the manager, tier and unit of the day; the next nights find nothing to do."""
    gone, stays = vip(cast), vip(cast)
    leaves(gone, MAY_4)
    assert night(MAY_4).rows == 1 and night(MAY_4 + timedelta(days=1)).rows == 0
    (row,) = records()
    assert facts(row) == (MAY_4, cast.staff["manager"].pk, cast.units["A"].pk, "gold")
    assert (row.customer_id, row.kind, row.is_void, row.returned_on) == (gone.pk, "left", False, None)
    assert stays.pk != gone.pk


def test_nobody_is_lost_before_his_day(cast):
    """RET-1: a day of leaving that lies ahead waits; both last states count (CUS-31)."""
    later, exited = vip(cast), vip(cast)
    leaves(later, MAY_4 + timedelta(days=1))
    leaves(exited, MAY_4, state="exited")
    night(MAY_4)
    assert [row.customer_id for row in records()] == [exited.pk]
    night(MAY_4 + timedelta(days=1))
    assert [row.customer_id for row in records()] == [exited.pk, later.pk]


def test_the_manager_of_the_day_is_charged(cast):
    """F1: AM of record at the loss: after a handover the new one, from its day on; an assignment that ended with the
    loss is that of the day before; who had nobody is his unit's."""
    teammate = cast.staff["teammate"]
    before, that_day, after, ended, nobody = (vip(cast) for _ in range(5))
    handed_over(before, teammate, MAY_4 - timedelta(days=1))
    handed_over(that_day, teammate, MAY_4)
    handed_over(ended, None, MAY_4)
    handed_over(nobody, None, MAY_4 - timedelta(days=1))
    for customer in (before, that_day, after, ended, nobody):
        leaves(customer, MAY_4)
    night(MAY_4)
    handed_over(after, teammate, MAY_4 + timedelta(days=1))
    night(MAY_4 + timedelta(days=1))
    manager = cast.staff["manager"].pk
    assert [records(row)[0].manager_id for row in (before, that_day, after, ended, nobody)] == [
        teammate.pk, teammate.pk, manager, manager, None,
    ]  # fmt: skip


def test_back_within_the_days_he_was_never_lost(cast):
    """RET-1: 30 days by parameter: the loss is void; on day 31 it stands, with the day of his return."""
    soon, late = vip(cast), vip(cast)
    leaves(soon, MAY_4)
    leaves(late, MAY_4 - timedelta(days=1))
    night(MAY_4)
    comes_back(soon)
    comes_back(late)
    day = MAY_4 + timedelta(days=30)
    assert night(day).rows == 2 and night(day).rows == 0
    (void,), (stands,) = records(soon), records(late)
    assert (void.is_void, void.returned_on) == (True, day)
    assert (stands.is_void, stands.returned_on) == (False, day)


def test_the_days_are_a_parameter(cast):
    """PLT-10: churn_return_days."""
    Parameter.objects.create(key="churn_return_days", value=5, effective_from=date(2026, 1, 1), set_at=at(MAY_4))
    customer = vip(cast)
    leaves(customer, MAY_4)
    night(MAY_4)
    comes_back(customer)
    night(MAY_4 + timedelta(days=6))
    assert not records(customer)[0].is_void


def test_who_leaves_again_is_lost_again(cast):
    """RET-9: another day, another record; the same day once more (a slip taken back) opens the first again."""
    customer = vip(cast)
    leaves(customer, MAY_4)
    night(MAY_4)
    comes_back(customer)
    night(MAY_4 + timedelta(days=1))
    leaves(customer, MAY_4)
    assert night(MAY_4 + timedelta(days=2)).rows == 1
    (row,) = records()
    assert (row.lost_on, row.returned_on, row.is_void) == (MAY_4, None, False)
    comes_back(customer)
    night(MAY_4 + timedelta(days=3))
    leaves(customer, MAY_4 + timedelta(days=3))
    night(MAY_4 + timedelta(days=4))
    assert [(row.lost_on, row.is_void) for row in records()] == [(MAY_4, True), (MAY_4 + timedelta(days=3), False)]


def test_a_corrected_day_moves_the_loss(cast):
    """RET-1: with the manager of the right day; what people wrote to it stays."""
    customer = vip(cast)
    handed_over(customer, cast.staff["teammate"], date(2026, 4, 1))
    leaves(customer, MAY_4)
    night(MAY_4)
    ChurnRecord.unscoped.update(cause="资费", kind="ported")
    leaves(customer, date(2026, 3, 31))
    assert night(MAY_4 + timedelta(days=1)).rows == 1
    (row,) = records()
    assert facts(row)[:2] == (date(2026, 3, 31), cast.staff["manager"].pk)
    assert (row.cause, row.kind) == ("资费", "ported")


def test_ordinary_customers_count_when_they_were_somebodys(cast):
    """D9: a lower tier is no churn, but who fell to ordinary in the year and then left was in the base."""
    never = customer_of(cast, None, kind="ordinary", manager=None)
    fallen = vip(cast)
    in_base(fallen)
    handed_over(fallen, None, date(2026, 3, 1))
    type(fallen).unscoped.filter(pk=fallen.pk).update(kind="ordinary", tier=None)
    for customer in (never, fallen):
        leaves(customer, MAY_4)
    night(MAY_4)
    assert [row.customer_id for row in records()] == [fallen.pk]


def test_drawn_histories_agree_with_the_plain_rule(cast):
    """PLT-3 parity: state, day, charge, tier and what is void, over drawn lives; run twice after every night."""
    draw = random.Random(2026)
    staff = [cast.staff[key] for key in ("manager", "teammate", "stranger")]
    people = [drawn(draw, cast, staff) for _ in range(12)]
    day, away = date(2026, 2, 1), {}
    for _ in range(8):
        day += timedelta(days=draw.randint(1, 20))
        for customer in people:
            customer.refresh_from_db()
            if rules.is_lost(customer.state, customer.exited_on, day):
                if draw.random() < 0.4:
                    comes_back(customer)
            elif draw.random() < 0.3:
                leaves(customer, day - timedelta(days=draw.randint(0, 9)))
        expect(people, away, day)
        night(day)
        assert {row.customer_id: plain(row) for row in ChurnRecord.unscoped.filter(returned_on=None)} == {
            key: value[:3] for key, value in away.items() if value[3] is None
        }
        assert night(day).rows == 0
    ended = {row.pk: row for row in ChurnRecord.unscoped.exclude(returned_on=None)}
    assert ended
    for row in ended.values():
        assert row.is_void == rules.was_never_lost(row.lost_on, row.returned_on, 30)


def drawn(draw, cast, staff):
    """A VIP who changes hands and tiers a few times."""
    customer = vip(cast, since=date(2025, 1, 1))
    for _ in range(draw.randint(0, 3)):
        last = Assignment.unscoped.filter(customer=customer).latest("valid_from").valid_from
        handed_over(customer, draw.choice([*staff, None]) or staff[0], last + timedelta(days=draw.randint(1, 200)))
    return customer


def expect(people, away, day):
    """What the rule says of the open losses on this night."""
    for customer in people:
        customer.refresh_from_db()
        if rules.is_lost(customer.state, customer.exited_on, day):
            spans = [
                rules.Span(row.staff_id, row.valid_from, row.valid_to)
                for row in Assignment.unscoped.filter(customer=customer)
            ]
            tiers = [
                rules.Span(row.tier_id, row.valid_from, row.valid_to)
                for row in TierHistory.unscoped.filter(customer=customer)
            ]
            on = customer.exited_on
            away[customer.pk] = (on, rules.credited(spans, on), rules.value_on(tiers, on), None)
        else:
            away.pop(customer.pk, None)


def plain(row):
    return (row.lost_on, row.manager_id, row.tier_at_loss_id)

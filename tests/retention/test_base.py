"""Who is there on 1 January: taken down, or told from the histories (D9)."""

import random
from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import Assignment, Customer, TierHistory
from crm.core.measures import by_manager
from crm.core.scope import Scope
from retention.models import ChurnBase, ChurnCount, ChurnRecord
from retention.queries.measures import CHURN_DIAMOND_GOLD, CHURN_VIP
from retention.rules import losses as rules
from tests.retention.churn_world import NEW_YEAR, handed_over, in_base, leaves, month_of, night, vip
from tests.visits.ledger_world import at, customer_of

pytestmark = pytest.mark.django_db
STEP = "snapshot_churn_base"
JUNE_5 = date(2026, 6, 5)


def base(year=2026):
    return {row.customer_id: row for row in ChurnBase.unscoped.filter(year=year)}


def test_on_the_first_of_january_everybody_in_service_is_taken_down(cast):
    """D9: VIPs and group customers, with tier, unit and manager; once. Who joins later is not added."""
    gold, group = vip(cast), cast.customers["teammates"]
    suspended, prospect = vip(cast, state="suspended"), vip(cast, state="prospect")
    assert night(NEW_YEAR, STEP).rows == 6
    rows = base()
    assert set(rows) == {gold.pk, *(cast.customers[key].pk for key in ("diamond", "gold", "silver", "strangers")),
                         group.pk}  # fmt: skip
    row = rows[gold.pk]
    assert (row.tier.code, row.unit_id, row.manager_id) == ("gold", gold.unit_id, gold.manager_id)
    assert (row.customer_kind, row.is_reconstructed) == ("vip", False)
    vip(cast)
    assert night(NEW_YEAR, STEP).rows == night(JUNE_5, STEP).rows == 0
    assert not {suspended.pk, prospect.pk} & set(base())


def test_a_year_without_the_picture_is_told_from_the_histories(cast):
    """D9: tier, manager of 1 January; marked so. Who was entered since then and was a customer before is added."""
    Customer.unscoped.update(joined_on=NEW_YEAR + timedelta(days=1))
    moved, left, left_before, new, known_later, risen = (vip(cast) for _ in range(6))
    handed_over(moved, cast.staff["teammate"], date(2026, 2, 1))
    TierHistory.unscoped.filter(customer=moved).update(valid_to=date(2026, 3, 1))
    leaves(left, NEW_YEAR)
    leaves(left_before, date(2025, 12, 31))
    entered(new, joined_on=date(2026, 1, 2), day=date(2026, 4, 1))
    entered(known_later, joined_on=date(2019, 1, 1), day=date(2026, 4, 1))
    Assignment.unscoped.filter(customer=risen).update(valid_from=date(2026, 4, 1))
    TierHistory.unscoped.filter(customer=risen).update(valid_from=date(2026, 4, 1))
    assert night(JUNE_5, STEP).rows == 3 and night(JUNE_5, STEP).rows == 0
    rows = base()
    assert set(rows) == {moved.pk, left.pk, known_later.pk}
    assert all(row.is_reconstructed for row in rows.values())
    assert (rows[moved.pk].tier.code, rows[moved.pk].manager_id) == ("gold", cast.staff["manager"].pk)
    assert (rows[known_later.pk].tier.code, rows[known_later.pk].manager_id) == ("gold", cast.staff["manager"].pk)
    another = vip(cast)
    entered(another, joined_on=date(2018, 1, 1), day=JUNE_5)
    assert night(JUNE_5 + timedelta(days=1), STEP).rows == 1 and another.pk in base()


def entered(customer, *, joined_on, day):
    """Somebody who was put in on a day."""
    Customer.unscoped.filter(pk=customer.pk).update(joined_on=joined_on, created_at=at(day))
    Assignment.unscoped.filter(customer=customer).update(valid_from=day)
    TierHistory.unscoped.filter(customer=customer).update(valid_from=day)


def test_a_night_of_january_that_was_missed_tells_from_the_histories(cast):
    """Decisions 8: made up for on the 3rd, it takes nobody for a customer of the 1st who joined on the 2nd."""
    Customer.unscoped.update(joined_on=date(2026, 1, 2))
    from crm.core.sweeps import run_step

    run_step(STEP, NEW_YEAR, at(date(2026, 1, 3), 0, 30))
    assert base() == {}


def test_drawn_lives_agree_with_the_plain_rule(cast):
    """PLT-3 parity: the statement takes whom the rule takes, with the tier and manager of that day."""
    draw = random.Random(7)
    Customer.unscoped.all().update(kind="ordinary", manager=None, tier=None)
    people = [drawn(draw, cast) for _ in range(50)]
    night(JUNE_5, STEP)
    expected = {}
    for customer in people:
        customer.refresh_from_db()
        known = what_is_known(customer)
        if rules.was_in_base(known, NEW_YEAR):
            expected[customer.pk] = (
                rules.first_known(known.tiers, NEW_YEAR),
                rules.first_known(known.assignments, NEW_YEAR),
            )
    assert {key: (row.tier_id, row.manager_id) for key, row in base().items()} == expected
    assert 5 < len(expected) < 48


def drawn(draw, cast):
    """A life with any state, days and histories."""
    day = NEW_YEAR + timedelta(days=draw.choice([-400, -30, -1, 0, 1, 20, 90]))
    state = draw.choice(["active", "active", "suspended", "churned", "exited", "prospect"])
    around = [NEW_YEAR + timedelta(days=n) for n in (-200, -1, 0, 1, 60)]
    customer = customer_of(
        cast, "gold", kind="vip", since=day, state=state, joined_on=draw.choice([None, *around]),
        exited_on=draw.choice(around) if state in ("churned", "exited") else None,
        created_at=at(NEW_YEAR + timedelta(days=draw.choice([-300, 0, 0, 1, 90]))),
    )  # fmt: skip
    if draw.random() < 0.3:
        handed_over(customer, draw.choice([cast.staff["teammate"], None]), day + timedelta(days=draw.randint(0, 60)))
    if draw.random() < 0.3:
        lost = draw.choice(around)
        ChurnRecord.unscoped.create(
            customer=customer, lost_on=lost, customer_kind="vip", unit=customer.unit, recorded_at=at(lost),
            returned_on=lost + timedelta(days=draw.choice([0, 1, 2, 40])), is_void=draw.random() < 0.3,
        )  # fmt: skip
    return customer


def what_is_known(customer):
    """The rule's view of a customer."""
    return rules.Known(
        kind=customer.kind, state=customer.state, joined_on=customer.joined_on, exited_on=customer.exited_on,
        entered_on=timezone.localdate(customer.created_at),
        losses=[rules.Span(1, row.lost_on, row.returned_on)
                for row in ChurnRecord.unscoped.filter(customer=customer, is_void=False)],
        tiers=[rules.Span(row.tier_id, row.valid_from, row.valid_to)
               for row in TierHistory.unscoped.filter(customer=customer)],
        assignments=[rules.Span(row.staff_id, row.valid_from, row.valid_to)
                     for row in Assignment.unscoped.filter(customer=customer)],
    )  # fmt: skip


def test_pages_count_what_the_measures_count(cast):
    """RET-1, RET-2: the counts of the night are the denominators of the measures; twice changes nothing."""
    rows = [vip(cast, tier, manager=who) for tier, who in (
        ("gold", "manager"), ("diamond", "manager"), ("silver", "manager"), ("silver", "teammate"), ("gold", "stranger")
    )]  # fmt: skip
    in_base(*rows)
    leaves(rows[0], date(2026, 5, 4))
    handed_over(rows[1], cast.staff["teammate"], date(2026, 5, 1))
    night(JUNE_5)
    assert night(JUNE_5, "count_churn_base").rows == 3
    time = month_of(JUNE_5, JUNE_5)
    for field, measure in (("vips", CHURN_VIP), ("diamond_gold", CHURN_DIAMOND_GOLD)):
        counted = {row.manager_id: getattr(row, field) for row in ChurnCount.unscoped.all() if getattr(row, field)}
        assert counted == {key: int(share.denominator) for key, share in by_manager(measure, Scope.ALL, time).items()}
    assert night(JUNE_5, "count_churn_base").rows == 0
    handed_over(rows[4], cast.staff["manager"], JUNE_5)
    assert night(JUNE_5 + timedelta(days=1), "count_churn_base").rows == 2
    assert ChurnCount.unscoped.count() == 3

"""Opening + won - lost + taken over - handed on = closing, for every manager and month (RET-18)."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings

from accounts.models import Customer
from crm.core.scope import Scope
from retention.models import ChurnBase, ChurnRecord
from retention.queries.measures import NET_CUSTOMERS
from retention.queries.movement import WAYS, moved, movements
from tests.kpi.test_oracle_churn import LIVES, holder, made
from tests.retention.churn_world import handed_over, leaves, month_of, night, shares, vip

pytestmark = pytest.mark.django_db
JUNE = month_of(date(2026, 6, 1))


def in_service(customer, on):
    losses = ChurnRecord.unscoped.filter(customer=customer, is_void=False, lost_on__lte=on)
    return customer.joined_on <= on and not any(row.returned_on is None or row.returned_on > on for row in losses)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lives=LIVES)
def test_the_identity_holds_for_every_month(cast, lives):
    """RET-18 check, with any handovers, losses and returns; the ends are what the histories say; net is F45."""
    ChurnRecord.unscoped.all().delete()
    ChurnBase.unscoped.all().delete()
    Customer.unscoped.update(state="prospect")
    customers = [made(cast, life) for life in lives]
    for month in range(1, 7):
        time = month_of(date(2026, month, 9))
        rows = {row.staff_id: row for row in movements(Scope.ALL, time)}
        assert all(row.holds for key, row in rows.items() if key is not None)
        for day, way in ((time.first - timedelta(days=1), "opening"), (time.last, "closing")):
            held = [holder(customer, day) for customer in customers if in_service(customer, day)]
            for key in {*held, *rows} - {None}:
                assert (getattr(rows[key], way) if key in rows else 0) == held.count(key)
        assert {key: row.net for key, row in rows.items() if row.won or row.lost} == {
            key: value[0] for key, value in shares(NET_CUSTOMERS, time).items()
        }


def test_every_number_opens_its_customers(cast):
    """RET-18: who was won, lost, taken over and handed on, by name."""
    Customer.unscoped.update(state="prospect")
    manager, teammate = cast.staff["manager"], cast.staff["teammate"]
    stays, given_away, lost, lost_after = (vip(cast) for _ in range(4))
    won = vip(cast, joined_on=date(2026, 6, 3), since=date(2026, 6, 5))
    handed_over(given_away, teammate, date(2026, 6, 10))
    handed_over(lost_after, teammate, date(2026, 6, 10))
    leaves(lost, date(2026, 6, 11))
    leaves(lost_after, date(2026, 6, 11))
    night(date(2026, 6, 12))
    found = {row.staff_id: [getattr(row, way) for way in WAYS] for row in movements(Scope.ALL, JUNE)}
    assert found == {manager.pk: [4, 1, 1, 0, 2, 2], teammate.pk: [0, 0, 1, 2, 0, 1]}
    for staff, way, expected in (
        (manager, "won", {won}), (manager, "lost", {lost}), (manager, "given", {given_away, lost_after}),
        (manager, "closing", {stays, won}), (teammate, "taken", {given_away, lost_after}),
        (teammate, "lost", {lost_after}),
    ):  # fmt: skip
        rows = moved(Scope.ALL, Scope.ALL, JUNE, way, staff.pk)
        assert {row.customer_id for row in rows} == {row.pk for row in expected}
    mine = Scope(manager_ids=(manager.pk,))
    assert [row.staff_id for row in movements(mine, JUNE)] == [manager.pk]
    assert moved(mine, mine, JUNE, "taken", teammate.pk) == []
    assert [row.name for row in moved(Scope.ALL, mine, JUNE, "taken", teammate.pk)] == [None, None]

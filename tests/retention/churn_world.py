"""Losses for tests: customers who leave and come back, made with plain rows."""

from datetime import date, timedelta

from django.db.models import Q

from accounts.models import Assignment, Customer
from crm.core.measures import Time, by_manager
from crm.core.scope import Scope
from crm.core.sweeps import run_step
from retention.models import ChurnBase, ChurnRecord
from tests.visits.ledger_world import at, customer_of

LAST_YEAR = date(2025, 11, 3)
NEW_YEAR = date(2026, 1, 1)


def vip(cast, tier="gold", *, manager="manager", joined_on=date(2020, 5, 1), since=LAST_YEAR, **more):
    """A VIP of a manager since before the year began."""
    return customer_of(cast, tier, manager=manager, since=since, joined_on=joined_on, **more)


def leaves(customer, on, state="churned"):
    """The customer is gone since a day; the night has not seen it yet."""
    Customer.unscoped.filter(pk=customer.pk).update(state=state, exited_on=on)


def comes_back(customer):
    """The customer is in service again."""
    Customer.unscoped.filter(pk=customer.pk).update(state="active", exited_on=None)


def handed_over(customer, staff, on):
    """Another manager from a day on; None: nobody."""
    Assignment.unscoped.filter(customer=customer, valid_to=None).update(valid_to=on)
    if staff is not None:
        Assignment.unscoped.create(customer=customer, staff=staff, valid_from=on)
    Customer.unscoped.filter(pk=customer.pk).update(manager=staff)


def in_base(*customers, year=2026):
    """They were there on 1 January."""
    ChurnBase.unscoped.bulk_create(
        ChurnBase(
            year=year, customer=row, customer_kind=row.kind, tier_id=row.tier_id, unit_id=row.unit_id,
            manager_id=row.manager_id,
        )
        for row in customers
    )  # fmt: skip


def many(cast, number, tier="silver"):
    """So many VIPs of the manager, all there on 1 January, cheaply."""
    like = vip(cast, tier)
    rows = Customer.unscoped.bulk_create(
        Customer(
            number=f"B{like.pk}{place:05d}", name=f"某客户{place}", kind="vip", unit_id=like.unit_id, state="active",
            manager_id=like.manager_id, tier_id=like.tier_id, joined_on=like.joined_on, created_at=like.created_at,
            updated_at=like.updated_at,
        )
        for place in range(number)
    )  # fmt: skip
    Assignment.unscoped.bulk_create(
        Assignment(customer=row, staff_id=row.manager_id, valid_from=LAST_YEAR) for row in rows
    )
    Customer.unscoped.filter(pk=like.pk).update(kind="ordinary", manager=None, tier=None)
    in_base(*rows)
    return rows


def night(day, step="record_losses"):
    """One step of the night of a day."""
    return run_step(step, day, at(day, 0, 30))


def month_of(day, today=None):
    """The month of a day, seen on a day (its last one without)."""
    first = day.replace(day=1)
    last = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return Time(first, last, today or last, at(today or last))


def shares(measure, time, scope=Scope.ALL):
    """Manager → (numerator, denominator)."""
    return {
        key: (int(share.numerator), int(share.denominator)) for key, share in by_manager(measure, scope, time).items()
    }


def records(customer=None):
    """The losses written down, oldest first."""
    which = Q(customer=customer) if customer else Q()
    return list(ChurnRecord.unscoped.filter(which).order_by("lost_on", "pk"))

"""Quotas and orders of a test."""

from __future__ import annotations

from django.utils import timezone

from sales.models import Quota, SalesOrder


def quota(cast, who, target, *, month, product=None):
    """A quota of somebody of the cast, or of a unit by its code."""
    staff = cast.staff.get(who)
    return Quota.unscoped.create(
        metric="product" if product else "activation", product=product, month=month, staff=staff, target=target,
        unit=staff.unit if staff else cast.units[who], set_at=timezone.now(),
    )  # fmt: skip


def order(cast, who, quantity, *, on, state="effective", product=None, customer=None):
    """An order that took effect on a day."""
    return SalesOrder.unscoped.create(
        source="billing", external_id=f"T{SalesOrder.unscoped.count()}", staff=cast.staff[who],
        unit=cast.staff[who].unit, customer=customer, metric="product" if product else "activation", product=product,
        quantity=quantity, state=state, ordered_on=on, effective_on=on if state == "effective" else None,
        updated_at=timezone.now(),
    )  # fmt: skip

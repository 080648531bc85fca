"""Bills of a test, and nights over them."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from crm.core.sweeps import run_step
from sales.models import Bill


def at(day, hour=1):
    """An hour of a day."""
    return timezone.make_aware(datetime.combine(day, time(hour)))


def bill(customer, *, due, amount=100, paid=None, part=0, months_ago=0):
    """A bill of a customer; `paid`: the day it was paid in full, `part`: what was paid of it so far."""
    month = (due - timedelta(days=30 * (1 + months_ago))).replace(day=1)
    return Bill.unscoped.create(
        customer=customer, month=month, amount=Decimal(amount), due_on=due, paid_on=paid, source="billing",
        paid_amount=Decimal(amount if paid else part), updated_at=timezone.now(),
    )  # fmt: skip


def pay(row, on):
    """It is paid in full on a day, as the billing system would tell."""
    row.paid_on, row.paid_amount = on, row.amount
    row.save()


def night(day, *steps):
    """These steps of a night, in order; what each of them did."""
    return [run_step(step, day, at(day)).rows for step in steps or ("scan_arrears",)]

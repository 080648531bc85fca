"""A day on which much happens on the other side."""

from __future__ import annotations

from django.utils import timezone

from accounts.models import Standing, TierProposal
from tests.visits.desk import owe
from tests.visits.ledger_world import customer_of, visit
from visits.models import Excuse


def busy_day(world):
    """Five more customers on the hidden side, with everything that is counted somewhere."""
    for _number in range(5):
        customer = customer_of(world.cast, manager="stranger", is_important=True, monthly_spend=10_000)
        visit(customer, timezone.localdate(), cast=world.cast, by="stranger", direction="inbound")
        today = timezone.localdate()
        duty = owe(customer, starts_on=today.replace(day=1), due_on=today, state="provisional")
        Excuse.unscoped.create(
            duty=duty, kind="no_contact", requested_by=world.cast.stranger, requested_at=timezone.now()
        )
        TierProposal.unscoped.create(customer=customer, source="billing", proposed_at=timezone.now())
        Standing.unscoped.filter(customer=customer).update(is_overdue=True, duty_state="overdue", next_due_on=today)

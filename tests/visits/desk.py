"""What the tests of logging share: a moment, a log sheet, something owed."""

from datetime import date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from accounts.models import Staff, TierRule
from visits.actions import VisitSheet
from visits.models import Duty

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 18, 15, 0, tzinfo=SHANGHAI)  # a Wednesday
TODAY = NOW.date()


def at(day, clock="10:00"):
    """A moment in Shanghai."""
    hour, minute = (int(part) for part in clock.split(":"))
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=SHANGHAI)


def sheet(*customers, **changes):
    """A phone call five minutes ago that reached the customer."""
    values = {
        "customer_ids": tuple(customer.pk for customer in customers),
        "channel": "phone",
        "outcome": "effective",
        "occurred_at": NOW - timedelta(minutes=5),
        "client_key": uuid4(),
        "occasion": "care",
    }
    return VisitSheet(**values | changes)


def owe(customer, *, starts_on=date(2026, 11, 1), due_on=date(2026, 11, 30), **changes):
    """A duty towards a customer, open unless told otherwise."""
    purpose = changes.get("purpose", "contact")
    rule = TierRule.objects.filter(purpose=purpose).order_by("id").first()
    if purpose == "contact":
        rule = TierRule.objects.filter(tier_id=customer.tier_id, purpose="contact").first()
    values = {
        "customer": customer,
        "rule": rule,
        "starts_on": starts_on,
        "owed_from": starts_on,
        "due_on": due_on,
        "suggested_on": due_on,
        "manager_id": customer.manager_id,
        "unit_id": customer.unit_id,
        "tier_id": customer.tier_id,
    }
    return Duty.unscoped.create(**values | changes)


def staff_of(user):
    """The staff row behind a user."""
    return Staff.unscoped.get(user=user)

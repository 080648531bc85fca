"""A small population for the ledger's tests, made with plain rows; days are passed in, never read from a clock."""

from datetime import date, datetime, time, timedelta
from itertools import count
from uuid import uuid4
from zoneinfo import ZoneInfo

from accounts.models import Assignment, Customer, Standing, Tier, TierHistory
from crm import nightly
from visits.actions import VisitSheet
from visits.models import Channel, Duty, Occasion, Outcome, Visit

SHANGHAI = ZoneInfo("Asia/Shanghai")
_BESIDE = nightly.STEPS[nightly.STEPS.index("scan_arrears") : nightly.STEPS.index("close_outings")]
LEDGER_STEPS = tuple(step for step in nightly.STEPS if step not in nightly.FIGURE_STEPS.union(_BESIDE))
"""The night without money, losses, risk and figures, which have tests of their own."""
_numbers = count(500)


def at(day: date, hour: int = 10, minute: int = 0) -> datetime:
    """A moment of a day in Shanghai."""
    return datetime.combine(day, time(hour, minute), tzinfo=SHANGHAI)


def days(first: date, last: date) -> list[date]:
    """Every day from first to last."""
    return [first + timedelta(days=offset) for offset in range((last - first).days + 1)]


def customer_of(cast, tier="gold", *, kind="vip", manager="manager", unit=None, since=date(2024, 1, 1), **more):
    """A customer with manager, tier and standing, as import leaves them before the first night."""
    row = Tier.objects.get(kind=kind, code=tier) if tier else None
    staff = cast.staff[manager] if manager else None
    unit = unit or (staff.unit if staff else cast.units["A"])
    number = next(_numbers)
    values = {"state": "active", "created_at": at(since), "updated_at": at(since)} | more
    customer = Customer.unscoped.create(
        number=f"T{number:08d}", name=f"客户{number}", kind=kind, unit=unit, manager=staff, tier=row, **values
    )
    if staff:
        Assignment.unscoped.create(customer=customer, staff=staff, valid_from=since)
    if row:
        TierHistory.unscoped.create(customer=customer, tier=row, valid_from=since)
    Standing.unscoped.create(
        customer=customer, unit_id=unit.pk, manager_id=staff.pk if staff else None, tier_rank=row.rank if row else 99
    )
    return customer


def visit(customer, day, *, cast, by="manager", hour=10, counts=True, channel="phone", manager=None, **more):
    """A visit row as logging writes it."""
    staff = cast.staff[by]
    credited = cast.staff[manager or by]
    values = {"outcome": Outcome.objects.get(code="effective"), "occasion": Occasion.objects.get(code="care")} | more
    return Visit.unscoped.create(
        customer=customer,
        staff=staff,
        manager=credited,
        unit=credited.unit,
        party="record",
        channel=Channel.objects.get(code=channel),
        occurred_at=at(day, hour),
        occurred_on=day,
        logged_at=at(day, hour),
        counts=counts,
        logged_by=staff.user,
        **values,
    )


def sheet(*customers, on, hour=10, **changes):
    """A log sheet of a call on a day."""
    values = {
        "customer_ids": tuple(customer.pk for customer in customers),
        "channel": "phone",
        "outcome": "effective",
        "occurred_at": at(on, hour),
        "client_key": uuid4(),
        "occasion": "care",
    }
    return VisitSheet(**values | changes)


def duties(customer, **filters):
    """The customer's duties, oldest first."""
    return list(Duty.unscoped.filter(customer=customer, **filters).order_by("due_on", "starts_on", "revision"))


def the_duty(customer, **filters):
    """The customer's only duty."""
    (duty,) = duties(customer, **filters)
    return duty


def standing(customer):
    """The customer's standing as it is now."""
    return Standing.unscoped.get(customer=customer)

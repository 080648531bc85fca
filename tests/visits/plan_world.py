"""What the tests of plans share: a Friday noon, a manager's week, items."""

from datetime import date, datetime, timedelta

from tests.visits.desk import SHANGHAI, owe
from visits.actions.plans.drafting import draft_week
from visits.models import Plan, PlanItem

FRIDAY = date(2026, 11, 13)
NOON = datetime(2026, 11, 13, 12, 0, tzinfo=SHANGHAI)
MONDAY = date(2026, 11, 16)
TUESDAY, WEDNESDAY, THURSDAY = (MONDAY + timedelta(days=offset) for offset in (1, 2, 3))
SUNDAY = MONDAY + timedelta(days=6)


def draft(monday=MONDAY, *, now=NOON, staff=None):
    """The week's plans of everybody, or of some."""
    return draft_week(monday, today=now.date(), now=now, staff_ids=staff)


def plan_of(cast, who="manager", *, monday=MONDAY, period="week", **more):
    """Somebody's plan, made when there is none."""
    values = {"drafted_at": NOON} | more
    return Plan.unscoped.get_or_create(staff=cast.staff[who], period=period, starts_on=monday, defaults=values)[0]


def item_of(plan, customer, on, **more):
    """An item on a day."""
    values = {"reason": "suggested", "state": "planned", "half": "am", "position": 1} | more
    return PlanItem.unscoped.create(plan=plan, customer=customer, planned_on=on, **values)


def items(plan):
    """The plan's items in order."""
    return list(PlanItem.unscoped.filter(plan=plan).order_by("planned_on", "half", "position", "id"))


def owed(customer, suggested_on, *, due_on=date(2026, 11, 30), **more):
    """An open duty with its day."""
    return owe(customer, due_on=due_on, suggested_on=suggested_on, **more)

"""What the small forms of a plan offer: days, customers, colleagues; all of it from what is visible."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from accounts.models import Customer, Segment
from accounts.queries import names
from crm.core.abilities import Access
from crm.core.errors import NotFound
from crm.core.scope import Scope
from visits.models import Duty, Plan, PlanHelper, PlanItem
from visits.queries.catalogue import catalogue
from visits.queries.plans.cards import Card, card_of, day_words
from visits.queries.plans.page import period_words, plan_url, viewers_scope
from visits.queries.plans.rows import item_sql, read_items
from visits.rules.plans import period_last

MOST = 600
_CUSTOMERS = """
SELECT c.id, c.name, s.next_due_on, EXISTS (SELECT 1 FROM visits_planitem i WHERE i.plan_id = %s
  AND i.customer_id = c.id AND i.state <> 'cancelled')
FROM accounts_customer c JOIN accounts_standing s ON s.customer_id = c.id
WHERE c.manager_id = %s AND c.state = 'active' ORDER BY 4, s.next_due_on, c.id LIMIT %s
"""
NEVER = date(9999, 12, 31)
Choices = list[tuple[Any, str]]


@dataclass(frozen=True, slots=True)
class PlanSheet:
    """The plan that a form is about, with what it offers."""

    plan_id: int
    period: str
    title: str
    back: str
    first: str
    last: str
    days: Choices
    colleagues: Choices
    customers: Choices
    segments: Choices
    version: int
    focus: str


@dataclass(frozen=True, slots=True)
class ItemSheet:
    """An item, its plan's offers, and what its form begins with."""

    plan: PlanSheet
    card: Card
    initial: dict[str, Any]
    needs_reason: bool


def own_plan_row(scope: Scope, plan_id: int) -> Plan:
    """A plan inside the scope, or 404."""
    plan = Plan.visible_to(scope).select_related("staff").filter(pk=plan_id).first()
    if plan is None:
        raise NotFound
    return plan


def plan_sheet(access: Access, plan_id: int, *, today: date, with_customers: bool = False) -> PlanSheet:
    """For a plan that one may change."""
    return _sheet(access, own_plan_row(access.scope_for("plan_week"), plan_id), today, with_customers=with_customers)


def _sheet(access: Access, plan: Plan, today: date, *, with_customers: bool = False) -> PlanSheet:
    last = period_last(plan.period, plan.starts_on)
    first = max(plan.starts_on, today)
    customers: Choices = []
    segments: Choices = []
    if with_customers:
        customers = _customers(plan)
        if plan.period != "week":
            rows = Segment.visible_to(access.scope_for("plan_week")).order_by("name").values_list("id", "name")
            segments = list(rows)
    count = (last - first).days + 1 if plan.period == "week" else 0
    days = [first + timedelta(days=offset) for offset in range(max(count, 0))]
    return PlanSheet(
        plan.pk, plan.period, period_words(plan.period, plan.starts_on),
        plan_url(plan.period, plan.starts_on, None if plan.staff_id == access.staff_id else plan.staff_id),
        plan.starts_on.isoformat(), last.isoformat(), [(day.isoformat(), day_words(day)) for day in days],
        _colleagues(plan), customers, segments, plan.version, plan.focus,
    )  # fmt: skip


def _colleagues(plan: Plan) -> Choices:
    """PLAN-22: the people of the same unit."""
    people = names.staff_of_unit(plan.staff.unit_id)
    return sorted(((card.id, card.name) for card in people if card.id != plan.staff_id), key=lambda pair: pair[1])


def _customers(plan: Plan) -> Choices:
    """The manager's customers, who is due first; those in the plan already come last."""
    with connection.cursor() as cursor:
        cursor.execute(_CUSTOMERS, [plan.pk, plan.staff_id, MOST])
        rows = cursor.fetchall()
    return [
        (customer_id, name if due_on == NEVER else f"{name} · {due_on:%m-%d}")
        for customer_id, name, due_on, _there in rows
    ]


def item_sheet(access: Access, item_id: int, *, today: date) -> ItemSheet:
    """For an item of a plan that one may change."""
    scope = access.scope_for("plan_week")
    found = PlanItem.visible_to(scope).select_related("plan__staff").filter(pk=item_id).first()
    if found is None:
        raise NotFound
    sql, params = item_sql(access.scope)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} WHERE i.id = %s", [*params, item_id])
        (row,) = read_items(cursor)
    plan = _sheet(access, found.plan, today)
    channel = catalogue().channels_by_id.get(row.channel_id) if row.channel_id else None
    due = Duty.unscoped.filter(
        customer__in=[found.customer_id] if found.customer_id else [], state="open",
        due_on__range=(found.plan.starts_on, period_last(found.plan.period, found.plan.starts_on)),
    )  # fmt: skip
    on = row.planned_on.isoformat()
    offered = {day for day, _words in plan.days}
    return ItemSheet(
        plan, card_of(row, today, can_edit=True),
        {
            "on": on if on in offered else next(iter(offered), ""), "half": row.half,
            "channel": channel.code if channel else "", "purpose": row.purpose, "helpers": row.helper_ids,
            "seen": json.dumps(item_values(found)),
        },
        found.plan.period == "week" and found.customer_id is not None and due.exists(),
    )  # fmt: skip


def item_values(item: PlanItem) -> dict[str, Any]:
    """What the form of an item changes, as it is now: two devices that change it are told of each other."""
    channel = catalogue().channels_by_id.get(item.channel_id) if item.channel_id else None
    helpers = PlanHelper.unscoped.filter(item=item).order_by("staff_id").values_list("staff_id", flat=True)
    return {
        "on": item.planned_on.isoformat(), "half": item.half, "channel": channel.code if channel else "",
        "purpose": item.purpose, "helpers": list(helpers),
    }  # fmt: skip


def leave_out_sheet(access: Access, plan_id: int, customer_id: int, *, today: date) -> tuple[PlanSheet, str]:
    """A due customer of the plan's manager, to be left out with a reason."""
    plan = own_plan_row(access.scope_for("plan_week"), plan_id)
    customer = (
        Customer.visible_to(access.scope_for("plan_week")).filter(pk=customer_id, manager_id=plan.staff_id).first()
    )
    if customer is None:
        raise NotFound
    return _sheet(access, plan, today), customer.name


def readable_plan(access: Access, plan_id: int) -> Plan:
    """A plan that one may read."""
    return own_plan_row(viewers_scope(access), plan_id)

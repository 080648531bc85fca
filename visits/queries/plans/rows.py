"""The rows of one plan: items, what is due and not in it, what was done without it, whom one helps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.db import connection

from crm.core.scope import Scope
from visits.models import Plan
from visits.rules.plans import period_last

SHOWN = 50


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One item with what is known of its customer (CON-14); `name` is None when he is not visible (any more)."""

    id: int
    customer_id: int | None
    name: str | None
    tier_id: int | None
    district: str | None
    address: str | None
    preferred_channel: str | None
    preferred_time: str | None
    dnd_from: time | None
    dnd_to: time | None
    planned_on: date
    half: str
    target: int
    purpose: str
    reason: str
    reason_on: date | None
    channel_id: int | None
    slots: int
    state: str
    visit_id: int | None
    visited_on: date | None
    is_moved: bool
    leave_out_reason: str
    due_on: date | None
    promise: str | None
    segment: str | None
    helper_ids: list[int]
    owner_id: int

    @property
    def counts(self) -> bool:
        """Planned, whatever became of it: not left out."""
        return self.state != "cancelled"

    @property
    def is_on_day(self) -> bool:
        """PLAN-7: done on its day."""
        return self.state == "done" and self.visited_on == self.planned_on


ITEM = """
SELECT i.id, i.customer_id, CASE WHEN {sees} THEN c.name END, CASE WHEN i.customer_id IS NULL THEN i.tier_id
  WHEN {sees} THEN c.tier_id END, CASE WHEN {sees} THEN c.district END, CASE WHEN {sees} THEN c.business_address END,
  CASE WHEN {sees} THEN c.preferred_channel END, CASE WHEN {sees} THEN c.preferred_time END,
  CASE WHEN {sees} THEN c.dnd_from END, CASE WHEN {sees} THEN c.dnd_to END, i.planned_on, i.half, i.target,
  CASE WHEN i.customer_id IS NULL OR {sees} THEN i.purpose ELSE '' END, i.reason, i.reason_on, i.channel_id,
  coalesce(k.slots, 1), i.state, i.visit_id, v.occurred_on, i.moved_at IS NOT NULL, i.leave_out_reason,
  CASE WHEN d.state = 'open' THEN d.due_on END, CASE WHEN {sees} THEN coalesce(nullif(t.title, ''), t.reason) END,
  g.name, ARRAY(SELECT h.staff_id FROM visits_planhelper h WHERE h.item_id = i.id ORDER BY h.id), p.staff_id
FROM visits_planitem i JOIN visits_plan p ON p.id = i.plan_id LEFT JOIN accounts_customer c ON c.id = i.customer_id
LEFT JOIN visits_channel k ON k.id = i.channel_id LEFT JOIN visits_visit v ON v.id = i.visit_id
LEFT JOIN visits_duty d ON d.id = i.duty_id LEFT JOIN accounts_task t ON t.id = i.task_id
LEFT JOIN accounts_segment g ON g.id = i.segment_id
"""
_OF_PLAN = " WHERE i.plan_id = %s ORDER BY i.planned_on, i.half, i.position, i.id"
_HELPED = """
 WHERE i.id IN (SELECT h.item_id FROM visits_planhelper h WHERE h.staff_id = %s) AND i.state <> 'cancelled'
  AND i.planned_on BETWEEN %s AND %s AND p.period = 'week' ORDER BY i.planned_on, i.half, i.id LIMIT 50
"""


def item_sql(scope: Scope) -> tuple[str, list[Any]]:
    """The SELECT of items for who sees these customers, with its parameters."""
    condition, params = scope.sql("c")
    return ITEM.format(sees=condition), params * ITEM.count("{sees}")


def read_items(cursor: Any) -> list[ItemRow]:
    """Rows of `ITEM`."""
    return [ItemRow(*row) for row in cursor.fetchall()]


def plan_items(scope: Scope, plan: Plan) -> list[ItemRow]:
    """Everything in a plan, left out items too; names only of visible customers."""
    sql, params = item_sql(scope)
    with connection.cursor() as cursor:
        cursor.execute(sql + _OF_PLAN, [*params, plan.pk])
        return read_items(cursor)


def helped_items(scope: Scope, staff_id: int, first: date, last: date) -> list[ItemRow]:
    """PLAN-22: items of others that name this person; of customers he does not see without a name."""
    sql, params = item_sql(scope)
    with connection.cursor() as cursor:
        cursor.execute(sql + _HELPED, [*params, staff_id, first, last])
        return read_items(cursor)


@dataclass(frozen=True, slots=True)
class DueRow:
    """Due in the week and not in its plan (PLAN-2)."""

    customer_id: int
    name: str
    tier_id: int | None
    due_on: date
    slots: int


_DUE = """
SELECT c.id, c.name, c.tier_id, min(d.due_on), max(CASE d.purpose WHEN 'face_to_face' THEN 2 ELSE 1 END)
FROM visits_duty d JOIN accounts_customer c ON c.id = d.customer_id
WHERE d.manager_id = %s AND d.state = 'open' AND d.due_on BETWEEN %s AND %s AND {sees}
  AND NOT EXISTS (SELECT 1 FROM visits_planitem i WHERE i.plan_id = %s AND i.customer_id = d.customer_id
    AND (i.state <> 'cancelled' OR i.leave_out_reason <> ''))
GROUP BY c.id, c.name, c.tier_id ORDER BY 4, 1
"""


def due_outside(scope: Scope, plan: Plan, *, today: date) -> list[DueRow]:
    """Who is due until Sunday, neither planned nor left out with a reason."""
    last = period_last(plan.period, plan.starts_on)
    condition, params = scope.sql("c")
    with connection.cursor() as cursor:
        cursor.execute(_DUE.format(sees=condition), [plan.staff_id, max(plan.starts_on, today), last, *params, plan.pk])
        return [DueRow(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class UnplannedRow:
    """A contact that no item asked for (PLAN-5)."""

    visit_id: int
    customer_id: int | None
    name: str | None
    occurred_on: date
    channel_id: int
    total: int


_UNPLANNED = """
SELECT v.id, CASE WHEN {sees} THEN c.id END, CASE WHEN {sees} THEN c.name END, v.occurred_on, v.channel_id,
  count(*) OVER () FROM visits_visit v JOIN accounts_customer c ON c.id = v.customer_id
JOIN visits_outcome o ON o.id = v.outcome_id AND o.is_effective
WHERE v.staff_id = %s AND v.occurred_on BETWEEN %s AND %s AND v.occurred_at >= %s::date - interval '2 days'
  AND v.undone_at IS NULL AND NOT EXISTS (SELECT 1 FROM visits_planitem i WHERE i.visit_id = v.id)
ORDER BY v.occurred_at, v.id LIMIT %s
"""


def unplanned(scope: Scope, staff_id: int, first: date, last: date, *, limit: int = SHOWN) -> list[UnplannedRow]:
    """What he did in these days without having planned it."""
    condition, params = scope.sql("c")
    with connection.cursor() as cursor:
        cursor.execute(_UNPLANNED.format(sees=condition), [*params, *params, staff_id, first, last, first, limit])
        return [UnplannedRow(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class Actual:
    """PLAN-5: planned, done (on its day or another), missed, still open, unplanned."""

    planned: int
    on_day: int
    shifted: int
    missed: int
    open: int
    unplanned: int

    @property
    def done(self) -> int:
        """Done on whatever day."""
        return self.on_day + self.shifted

    @property
    def per_cent(self) -> int | None:
        """F27: done on the day, of what was planned; nothing planned has no share."""
        return 100 * self.on_day // self.planned if self.planned else None


def actual_of(items: Sequence[ItemRow], unplanned_count: int) -> Actual:
    """The figures of one week from its rows."""
    counted = [item for item in items if item.counts]
    on_day = sum(item.is_on_day for item in counted)
    done = sum(item.state == "done" for item in counted)
    missed = sum(item.state == "missed" for item in counted)
    return Actual(len(counted), on_day, done - on_day, missed, len(counted) - done - missed, unplanned_count)

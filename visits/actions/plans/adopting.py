"""What becomes of drafts, and how duties follow the plan (PLAN-6): Today and the plan name the same day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import connection

from visits.actions.ledger.placing import write_days

_ADOPT = "UPDATE visits_plan SET state = 'system' WHERE state = 'draft' AND starts_on <= %s RETURNING id, period"
# Done before the week began: nothing is left to plan.
_DONE_BEFORE = """
UPDATE visits_planitem i SET state = 'cancelled'
FROM visits_plan p
WHERE p.id = i.plan_id AND p.period = 'week' AND p.starts_on BETWEEN %(since)s AND %(today)s AND i.state = 'planned'
  AND i.planned_on >= %(today)s AND i.reason NOT IN ('own', 'again')
  AND (i.duty_id IS NOT NULL OR i.task_id IS NOT NULL)
  AND NOT EXISTS (SELECT 1 FROM visits_duty d WHERE d.id = i.duty_id AND d.state = 'open')
  AND NOT EXISTS (SELECT 1 FROM accounts_task t WHERE t.id = i.task_id AND t.state = 'open')
"""
_DAYS = """
SELECT i.duty_id, i.planned_on FROM visits_planitem i JOIN visits_duty d ON d.id = i.duty_id
WHERE i.plan_id = ANY(%s) AND i.state = 'planned' AND i.planned_on >= %s AND d.state = 'open'
  AND i.planned_on <= d.due_on AND d.suggested_on <> i.planned_on
"""
# A period that began inside the week: what was foreseen on Friday is owed now.
_JOIN = """
UPDATE visits_planitem i SET duty_id = d.id
FROM visits_plan p, visits_duty d
WHERE p.id = i.plan_id AND p.period = 'week' AND p.starts_on BETWEEN %(since)s AND %(until)s AND i.duty_id IS NULL
  AND i.state = 'planned' AND d.customer_id = i.customer_id AND d.purpose = 'contact' AND d.state = 'open'
  AND d.starts_on BETWEEN p.starts_on AND p.starts_on + 6 AND d.manager_id = p.staff_id
RETURNING i.plan_id
"""
_MOVED_AWAY = """
UPDATE visits_planitem i SET state = 'cancelled' FROM visits_plan p, accounts_customer c
WHERE p.id = i.plan_id AND c.id = i.customer_id AND i.state = 'planned' AND i.planned_on >= %(today)s
  AND (c.manager_id IS DISTINCT FROM p.staff_id OR c.state <> 'active') AND {which}
"""


_POSTPONED = """
UPDATE visits_planitem i SET moved_at = %(now)s, planned_on = CASE WHEN w.stays THEN %(to)s ELSE i.planned_on END,
  state = CASE WHEN w.stays THEN i.state ELSE 'cancelled' END
FROM visits_plan p, LATERAL (SELECT %(to)s BETWEEN p.starts_on AND p.starts_on + 6 AND NOT EXISTS (
  SELECT 1 FROM visits_planitem t WHERE t.plan_id = p.id AND t.customer_id = (SELECT d.customer_id FROM visits_duty d
    WHERE d.id = %(duty)s) AND t.planned_on = %(to)s AND t.state <> 'cancelled') AS stays) w
WHERE p.id = i.plan_id AND p.period = 'week' AND i.duty_id = %(duty)s AND i.state = 'planned' AND i.planned_on < %(to)s
"""


def adopt(*, today: date) -> int:
    """A draft whose period has begun is the plan (系统排程), not late; what is done already falls out of it."""
    with connection.cursor() as cursor:
        cursor.execute(_ADOPT, [today])
        rows = cursor.fetchall()
        cursor.execute(_DONE_BEFORE, {"today": today, "since": today - timedelta(days=6)})
    lead([plan_id for plan_id, period in rows if period == "week"], today=today)
    return len(rows)


def lead(plan_ids: Iterable[int], *, today: date) -> None:
    """Open duties take the day that the plan gives them, never past their due day."""
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, [list(plan_ids), today])
        days = dict(cursor.fetchall())
    write_days(days)


def join_new_duties(*, today: date) -> int:
    """What was foreseen gets its duty as soon as it is owed, and the duty its day."""
    with connection.cursor() as cursor:
        cursor.execute(_JOIN, {"since": today - timedelta(days=6), "until": today + timedelta(days=7)})
        plans = [plan_id for (plan_id,) in cursor.fetchall()]
    lead(set(plans), today=today)
    return len(plans)


def drop_moved(*, today: date, customer_ids: Iterable[int] | None = None) -> int:
    """Customers who were handed over or are no longer served fall out of the plans of those who had them."""
    which = "TRUE" if customer_ids is None else "i.customer_id = ANY(%(customers)s)"
    with connection.cursor() as cursor:
        cursor.execute(_MOVED_AWAY.format(which=which), {"today": today, "customers": list(customer_ids or ())})
        return int(cursor.rowcount)


def follow_postponed(*, duty_id: int, to: date, now: datetime) -> None:
    """A duty put off on Today takes its item along: inside the week to the day, else out of it."""
    with connection.cursor() as cursor:
        cursor.execute(_POSTPONED, {"duty": duty_id, "to": to, "now": now})


def follow_handover(*, customer_ids: Iterable[int], today: date, now: datetime, **_more: object) -> None:
    """ORG-29: planned contacts leave the plan of the giving manager at once."""
    drop_moved(today=today, customer_ids=customer_ids)

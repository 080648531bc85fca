"""Assigned tasks of province and city done by their day (KPI-46, PLAN-17; F36)."""

from __future__ import annotations

from accounts.queries.holders import was_manager
from crm.core.measure_sql import day_of
from crm.core.measures import Measure

IN_TIME = f"t.state = 'done' AND {day_of('t.closed_at')} <= t.due_on"
"""A task `t` was finished by its day."""
FROM_ABOVE = "t.source IN ('province', 'city')"

ASSIGNED_TASKS_DONE = Measure(
    "assigned_tasks_done",
    "accounts_task",
    f"""
SELECT CASE WHEN {was_manager("t.staff_id", "t.due_on")} THEN t.staff_id END AS manager_id,
  coalesce(c.unit_id, s.unit_id) AS unit_id, t.due_on AS day, coalesce({IN_TIME}, false)::int AS numerator,
  1 AS denominator, 0 AS excused, (t.state = 'open' AND t.due_on >= %(today)s)::int AS mendable, t.id AS ref,
  t.customer_id
FROM accounts_task t JOIN accounts_staff s ON s.id = t.staff_id LEFT JOIN accounts_customer c ON c.id = t.customer_id
WHERE t.kind = 'assigned' AND t.state <> 'cancelled' AND {FROM_ABOVE} AND t.due_on BETWEEN %(first)s AND %(last)s
""",
    ("accounts_task", "accounts_customer", "accounts_post", "accounts_staff"),
)
"""F36: tasks of province and city done by their day, of those due. What others than managers do counts for the unit."""

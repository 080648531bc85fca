"""Alerts as rows: acted on within their limit (F5, KPI-20)."""

from __future__ import annotations

from crm.core.measures import Measure

_OPENED = "(a.opened_at AT TIME ZONE 'Asia/Shanghai')::date"
WARNINGS_HANDLED = Measure(
    "warnings_handled",
    "retention_alert",
    f"""
SELECT a.manager_id, c.unit_id, {_OPENED} AS day, coalesce(a.first_action_at <= a.due_at, FALSE)::int AS numerator,
  1 AS denominator, 0 AS excused, (a.closed_at IS NULL AND a.first_action_at IS NULL AND a.due_at >= %(now)s)::int
  AS mendable, a.id AS ref, a.customer_id
FROM retention_alert a JOIN accounts_customer c ON c.id = a.customer_id
WHERE a.opened_at >= %(first)s::date::timestamp AT TIME ZONE 'Asia/Shanghai'
  AND a.opened_at < (%(until)s::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'
  AND NOT (a.outcome = 'subsided' AND a.first_action_at IS NULL)
""",
    ("retention_alert",),
)
"""F5, KPI-20: alerts of the month, and those of them with a first action within the limit, of whom they were then.
What went down by itself before anybody had to act is not counted."""

"""The demo's week plans: two months of them, made from what was done; some days missed, some visits unplanned."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from crm.demo.bulk import know_sizes
from visits.models import Plan, PlanItem
from visits.rules.plans import period_start

WEEKS = 8
FOCUS = "重点回访本月临期的钻石卡、金卡客户，推进专线和5G套餐续约。"

# n: a number from 0 to 99 that is always the same for a row.
_PLANS = """
INSERT INTO visits_plan (staff_id, period, starts_on, state, focus, drafted_at, accepted_at, accepted_by_id, version)
SELECT t.id, 'week', w.monday, k.state, '', w.monday - interval '2 days 20 hours',
  CASE k.state WHEN 'accepted'
    THEN w.monday + CASE WHEN k.n < 5 THEN interval '1 hour' ELSE interval '-30 hours' END END,
  CASE k.state WHEN 'accepted' THEN t.user_id END, 1
FROM accounts_staff t CROSS JOIN unnest(%(mondays)s::date[]) AS w(monday)
CROSS JOIN LATERAL (SELECT abs(hashint8(t.id * 7919 + (w.monday - DATE '2020-01-01'))) %% 100 AS n) c
CROSS JOIN LATERAL (SELECT c.n AS n, CASE WHEN c.n < 86 THEN 'accepted' ELSE 'system' END AS state) k
WHERE t.is_active AND EXISTS (SELECT 1 FROM accounts_post p WHERE p.staff_id = t.id AND p.role = 'manager')
ON CONFLICT (staff_id, period, starts_on) DO UPDATE SET state = EXCLUDED.state, accepted_at = EXCLUDED.accepted_at,
  accepted_by_id = EXCLUDED.accepted_by_id, drafted_at = EXCLUDED.drafted_at
"""
# Four of five contacts were planned, most of them for their day.
_DONE = """
INSERT INTO visits_planitem (plan_id, customer_id, planned_on, half, position, target, purpose, reason, reason_on,
  channel_id, duty_id, state, visit_id, leave_out_reason)
SELECT DISTINCT ON (p.id, v.customer_id) p.id, v.customer_id, CASE WHEN c.n < 66 THEN v.occurred_on
    ELSE p.starts_on + (c.n %% 5) END, CASE WHEN extract(hour FROM v.occurred_at AT TIME ZONE 'Asia/Shanghai') < 12
    THEN 'am' ELSE 'pm' END, 1 + v.id %% 9, 1, '', CASE WHEN d.id IS NULL THEN 'own' ELSE 'suggested' END, d.due_on,
  v.channel_id, d.id, 'done', v.id, ''
FROM visits_visit v JOIN visits_outcome o ON o.id = v.outcome_id AND o.is_effective
JOIN visits_plan p ON p.staff_id = v.staff_id AND p.period = 'week' AND p.starts_on = ANY(%(mondays)s)
  AND v.occurred_on BETWEEN p.starts_on AND p.starts_on + 6
LEFT JOIN visits_duty d ON d.met_by_id = v.id AND d.purpose = 'contact'
CROSS JOIN LATERAL (SELECT abs(hashint8(v.id * 7919)) %% 100 AS n) c
WHERE v.occurred_on >= %(first)s AND v.undone_at IS NULL AND v.manager_id = v.staff_id AND c.n < 80
ORDER BY p.id, v.customer_id, v.occurred_at
ON CONFLICT DO NOTHING
"""
_MISSED = """
INSERT INTO visits_planitem (plan_id, customer_id, planned_on, half, position, target, purpose, reason, channel_id,
  state, leave_out_reason)
SELECT p.id, x.id, p.starts_on + (x.id %% 5)::int, 'pm', 20 + x.id %% 9, 1, '', 'suggested', k.id, 'missed', ''
FROM visits_plan p JOIN accounts_customer x ON x.manager_id = p.staff_id AND x.state = 'active'
JOIN visits_channel k ON k.code = 'phone'
WHERE p.period = 'week' AND p.starts_on = ANY(%(mondays)s) AND p.starts_on + (x.id %% 5)::int < %(today)s
  AND abs(hashint8(x.id * 7919 + (p.starts_on - DATE '2020-01-01'))) %% 100 = 7
  AND NOT EXISTS (SELECT 1 FROM visits_visit v WHERE v.customer_id = x.id
    AND v.occurred_on BETWEEN p.starts_on AND p.starts_on + 6)
ON CONFLICT DO NOTHING
"""


def write_plans(*, today: date, now: datetime) -> None:
    """The running week and the eight before it; next week's draft and the months are the night's own work."""
    running = period_start("week", today)
    mondays = [running - timedelta(days=7 * back) for back in range(WEEKS, -1, -1)]
    params: dict[str, Any] = {"mondays": mondays, "first": mondays[0], "today": today}
    with connection.cursor() as cursor:
        for statement in (_PLANS, _DONE, _MISSED):
            cursor.execute(statement, params)
        cursor.execute(
            "UPDATE visits_plan SET focus = %s WHERE period = 'month' AND starts_on <= %s AND staff_id %% 3 <> 1",
            [FOCUS, today],
        )
    know_sizes(Plan, PlanItem)

"""Every night: birthdays, holidays and journeys of the next days become care tasks (ENG-1, ENG-4)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from crm.core import parameters
from crm.core.sweeps import sweep
from visits.rules.care import AHEAD, KEPT
from visits.sweeps.room import make_room

_COLUMNS = """
INSERT INTO accounts_task (kind, customer_id, staff_id, title, reason, due_on, shown_from, topic, origin_table,
  origin_id, state, created_at)
"""
# The same origin and day never make a second task, whatever became of the first.
_NEW = """
NOT EXISTS (SELECT 1 FROM accounts_task t WHERE t.customer_id = x.customer_id AND t.kind = 'care'
  AND t.origin_table = x.origin_table AND t.origin_id = x.origin_id AND t.due_on = x.due_on)
"""
BIRTHDAYS = f"""
{_COLUMNS}
SELECT 'care', x.customer_id, x.manager_id, '', x.reason, x.due_on, %(today)s, 'birthday', x.origin_table, x.origin_id,
  'open', %(now)s
FROM (
  SELECT c.id AS customer_id, c.manager_id, '' AS reason,
    visits_next_birthday(p.birthday, p.is_lunar_birthday, %(today)s) AS due_on,
    'accounts_personprofile' AS origin_table, p.id AS origin_id
  FROM accounts_personprofile p JOIN accounts_customer c ON c.id = p.customer_id
  WHERE p.birthday IS NOT NULL AND c.state = 'active' AND c.manager_id IS NOT NULL
  UNION ALL
  SELECT c.id, c.manager_id, p.name, visits_next_birthday(p.birthday, %(today)s), 'accounts_contactperson', p.id
  FROM accounts_contactperson p JOIN accounts_customer c ON c.id = p.customer_id
  WHERE p.birthday IS NOT NULL AND p.is_active AND c.state = 'active' AND c.manager_id IS NOT NULL
) x
WHERE x.due_on BETWEEN %(today)s AND %(until)s AND {_NEW}
ON CONFLICT DO NOTHING
"""
# The first day of a named holiday; for the best tiers and important customers only.
_HOLIDAYS = f"""
{_COLUMNS}
SELECT 'care', x.customer_id, x.manager_id, '', x.reason, x.due_on, %(today)s, 'holiday', x.origin_table, x.origin_id,
  'open', %(now)s
FROM (
  SELECT c.id AS customer_id, c.manager_id, w.name AS reason, w.date AS due_on, 'core_workday' AS origin_table,
    w.id AS origin_id
  FROM core_workday w CROSS JOIN accounts_customer c LEFT JOIN accounts_tier r ON r.id = c.tier_id
  WHERE w.kind = 'holiday' AND w.name <> '' AND w.date BETWEEN %(today)s AND %(until)s
    AND NOT EXISTS (SELECT 1 FROM core_workday b WHERE b.kind = 'holiday' AND b.name = w.name
      AND b.date BETWEEN w.date - 3 AND w.date - 1)
    AND c.state = 'active' AND c.manager_id IS NOT NULL AND (c.is_important OR r.rank <= %(rank)s)
) x
WHERE {_NEW}
ON CONFLICT DO NOTHING
"""
TRIPS = f"""
{_COLUMNS}
SELECT 'care', x.customer_id, x.manager_id, '', x.reason, x.due_on, %(today)s, 'travel', x.origin_table, x.origin_id,
  'open', %(now)s
FROM (
  SELECT c.id AS customer_id, c.manager_id, t.destination AS reason, t.leaves_on AS due_on,
    'visits_trip' AS origin_table, t.id AS origin_id
  FROM visits_trip t JOIN accounts_customer c ON c.id = t.customer_id
  WHERE t.leaves_on BETWEEN %(today)s AND %(until)s AND c.state = 'active' AND c.manager_id IS NOT NULL
) x
WHERE {_NEW}
ON CONFLICT DO NOTHING
"""
_PAST = """
UPDATE accounts_task SET state = 'cancelled', closed_at = %(now)s
WHERE kind = 'care' AND topic <> '' AND state = 'open' AND due_on < %(past)s
"""


@sweep("care_tasks", label=_("Make care tasks"))
def care_tasks(*, today: date, now: datetime) -> dict[str, int]:
    """ENG-1: birthdays of the next 3 days (lunar ones too, 29 February on the 28th), holidays, journeys; no doubles."""
    make_room()
    values: dict[str, Any] = {
        "today": today, "now": now, "until": today + timedelta(days=AHEAD), "past": today - timedelta(days=KEPT),
        "rank": int(parameters.value("care_holiday_rank", today)),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_PAST, values)
        past = int(cursor.rowcount)
        made = {}
        for name, sql in (("birthdays", BIRTHDAYS), ("holidays", _HOLIDAYS), ("journeys", TRIPS)):
            cursor.execute(sql, values)
            made[name] = int(cursor.rowcount)
    return {"rows": sum(made.values()), "past": past, **made}

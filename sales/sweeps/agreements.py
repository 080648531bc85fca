"""Agreements that end: spoken of 90, 60 and 30 days ahead, once each; at the last a task is opened (SAL-15)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.choices import TaskKind
from crm.core.notices import NoticeRow, notify
from crm.core.sweeps import sweep
from sales.actions.agreements import TABLE
from sales.agreement_notices import AGREEMENT_ENDS
from sales.agreement_rules import LAST_REMINDER, REMINDERS

# Of the days named the least that still reaches the end: an agreement first heard of 45 days before its end is spoken
# of once, as one that ends within 60. Followed agreements are done with; so are those beside a later one of their
# kind, but for products, of which a customer has several.
_REMIND = """
INSERT INTO sales_agreementreminder (agreement_id, ends_on, days, reminded_on)
SELECT a.id, a.ends_on, level.days, %(today)s
FROM sales_agreement a JOIN accounts_customer c ON c.id = a.customer_id AND c.state IN ('active', 'suspended')
CROSS JOIN LATERAL (SELECT min(d) AS days FROM unnest(%(levels)s) d WHERE d >= a.ends_on - %(today)s) level
WHERE a.state = 'signed' AND a.ends_on BETWEEN %(today)s AND %(today)s + %(most)s
    AND NOT EXISTS (SELECT FROM sales_agreement n WHERE n.previous_id = a.id)
    AND NOT EXISTS (SELECT FROM sales_agreement o WHERE o.customer_id = a.customer_id AND o.id <> a.id
        AND o.kind = a.kind AND o.kind <> 'product' AND o.state = 'signed'
        AND (o.ends_on IS NULL OR o.ends_on > a.ends_on))
ON CONFLICT (agreement_id, ends_on, days) DO NOTHING
RETURNING agreement_id, days
"""
_TASKS = """
INSERT INTO accounts_task (kind, customer_id, staff_id, title, reason, due_on, shown_from, topic, source, result,
    origin_table, origin_id, state, created_at)
SELECT %(kind)s, a.customer_id, c.manager_id, a.number, '', a.ends_on, %(today)s, '', '', '', %(table)s, a.id, 'open',
    %(now)s
FROM sales_agreement a JOIN accounts_customer c ON c.id = a.customer_id
WHERE a.id = ANY(%(ids)s) AND c.manager_id IS NOT NULL
ON CONFLICT (customer_id, kind, origin_table, origin_id) WHERE state = 'open' DO NOTHING
"""
# The manager; at the last also who leads him.
_TOLD = """
SELECT x.user_id, a.id, a.number, a.ends_on, r.days, c.name
FROM sales_agreementreminder r JOIN sales_agreement a ON a.id = r.agreement_id
JOIN accounts_customer c ON c.id = a.customer_id JOIN accounts_staff s ON s.id = c.manager_id
LEFT JOIN accounts_staff boss ON boss.id = s.supervisor_id
CROSS JOIN LATERAL (VALUES (s.user_id, TRUE), (boss.user_id, r.days = %s)) AS x(user_id, is_told)
WHERE r.agreement_id = ANY(%s) AND r.reminded_on = %s AND x.is_told AND x.user_id IS NOT NULL
"""


@sweep("remind_agreements", label=_("Remind of agreements that end"))
def remind_agreements(*, today: date, now: datetime) -> int:
    """SAL-15: once at 90, 60 and 30 days; running again says nothing twice."""
    params: dict[str, Any] = {"today": today, "levels": list(REMINDERS), "most": max(REMINDERS), "table": TABLE}
    with connection.cursor() as cursor:
        cursor.execute(_REMIND, params)
        made = cursor.fetchall()
        last = [pk for pk, days in made if days == LAST_REMINDER]
        cursor.execute(_TASKS, params | {"ids": last, "now": now, "kind": TaskKind.AGREEMENT.value})
        cursor.execute(_TOLD, [LAST_REMINDER, [pk for pk, _days in made], today])
        notify((_notice(row) for row in cursor.fetchall()), now)
    return len(made)


def _notice(row: Sequence[Any]) -> NoticeRow:
    user_id, pk, number, ends_on, days, customer = row
    params: dict[str, Any] = {"number": number, "customer": customer, "ends_on": ends_on.isoformat(), "days": days}
    return NoticeRow(
        user_id, AGREEMENT_ENDS.kind, TABLE, pk, f"{ends_on.isoformat()}:{days}", params, f"/sales/agreements/{pk}/"
    )

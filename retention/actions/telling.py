"""Who hears of an alert: the manager, who covers him, his backup; then his supervisor (RET-3, RET-4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone

from accounts.models import Customer
from crm.core.notices import NoticeRow, notify
from retention.alert_notices import HARD, OPENED, OPENED_BY_HAND, TABLE, UNSEEN
from retention.models import Alert

if TYPE_CHECKING:
    from crm.core.models import User

# Nobody has the customer: whoever leads his unit hears it.
_PEOPLE = """
SELECT c.id, coalesce(array_agg(DISTINCT p.user_id) FILTER (WHERE p.user_id IS NOT NULL), '{}')
FROM accounts_customer c LEFT JOIN accounts_staff m ON m.id = c.manager_id AND m.is_active
JOIN accounts_unit u ON u.id = c.unit_id
LEFT JOIN LATERAL (
  SELECT m.id AS id UNION SELECT m.backup_id
  UNION SELECT v.substitute_id FROM accounts_cover v WHERE v.absent_id = m.id AND v.cancelled_at IS NULL
    AND %(today)s BETWEEN v.starts_on AND v.ends_on
  UNION SELECT u.head_id WHERE m.id IS NULL
) w ON TRUE
LEFT JOIN accounts_staff p ON p.id = w.id AND p.is_active
WHERE c.id = ANY(%(customers)s) GROUP BY c.id
"""
_ABOVE = """
SELECT c.id, coalesce(s.user_id, h.user_id) FROM accounts_customer c JOIN accounts_unit u ON u.id = c.unit_id
LEFT JOIN accounts_staff m ON m.id = c.manager_id
LEFT JOIN accounts_staff s ON s.id = m.supervisor_id AND s.is_active
LEFT JOIN accounts_staff h ON h.id = u.head_id AND h.is_active
WHERE c.id = ANY(%(customers)s) AND coalesce(s.user_id, h.user_id) IS NOT NULL
"""


def people_of(customer_ids: Iterable[int], today: date) -> Mapping[int, Sequence[int]]:
    """Customer → users who act on his alert today."""
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE, {"customers": list(customer_ids), "today": today})
        return dict(cursor.fetchall())


def tell_hard(rows: Sequence[Alert], *, now: datetime) -> int:
    """At once, day and night: manager, who covers him, and his backup."""
    people = people_of([row.customer_id for row in rows], timezone.localdate(now))
    return notify(
        [
            _notice(user_id, HARD[row.signal.kind].kind, row, str(row.signal.pk), {"due": moment(row.due_at)})
            for row in rows
            if row.signal is not None
            for user_id in people.get(row.customer_id, ())
        ],
        now,
    )


def tell_unseen(rows: Sequence[Alert], *, now: datetime) -> int:
    """Nobody has looked at it: the supervisor, or who heads the unit; once per alert and signal."""
    with connection.cursor() as cursor:
        cursor.execute(_ABOVE, {"customers": [row.customer_id for row in rows]})
        above = dict(cursor.fetchall())
    return notify(
        [
            _notice(
                above[row.customer_id], UNSEEN.kind, row, str(row.signal_id or ""), {"since": moment(row.opened_at)}
            )
            for row in rows
            if row.customer_id in above
        ],
        now,
    )


def tell_noticed(row: Alert, customer: Customer, *, by: User, now: datetime) -> int:
    """Somebody else noticed that he may leave."""
    users = people_of([customer.pk], timezone.localdate(now)).get(customer.pk, ())
    params = {"by": by.name, "due": moment(row.due_at)}
    return notify([_notice(user, OPENED_BY_HAND.kind, row, "", params) for user in users if user != by.pk], now)


def tell_opened(counts: Mapping[int, int], *, today: date, now: datetime) -> int:
    """One notice in the morning for each manager (user → how many), not one for each customer."""
    return notify(
        [
            NoticeRow(user_id, OPENED.kind, TABLE, 0, str(today), {"count": count}, "/churn/alerts/")
            for user_id, count in sorted(counts.items())
        ],
        now,
    )


def moment(at: datetime) -> str:
    """Day and time as a notice says them."""
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


def _notice(user_id: int, kind: str, row: Alert, occasion: str, params: Mapping[str, str]) -> NoticeRow:
    words = {"customer": row.customer.name, **params}
    return NoticeRow(user_id, kind, TABLE, row.pk, occasion, words, f"/churn/alerts/{row.pk}/", urgent=True)

"""Monday's digest of what customers said (PLAN-20): for regional market managers and supervisors, one a week."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.notices import NoticeRow, notify
from crm.core.sweeps import sweep
from visits.notices import VOICE_DIGEST

_COUNTS = """
SELECT t.user_id, count(DISTINCT o.id)
FROM visits_customervoice o JOIN accounts_customer c ON c.id = o.customer_id
JOIN accounts_unit cu ON cu.id = c.unit_id
JOIN accounts_post p ON p.role IN ('regional_market_manager', 'supervisor')
    AND (p.starts_on IS NULL OR p.starts_on <= %(today)s) AND (p.ends_on IS NULL OR p.ends_on >= %(today)s)
JOIN accounts_unit pu ON pu.id = p.unit_id AND cu.path LIKE pu.path || '%%'
JOIN accounts_staff t ON t.id = p.staff_id AND t.is_active
WHERE o.said_at >= %(first)s AND o.said_at < %(end)s GROUP BY t.user_id
"""


@sweep("voice_digest", label=_("Monday's digest of what customers said"))
def voice_digest(*, today: date, now: datetime) -> int:
    """PLAN-20: the last seven days' entries of the area; nothing was said: no notice. Only on a Monday."""
    if today.weekday() or today < timezone.localdate(now):
        return 0
    first, last = today - timedelta(days=7), today - timedelta(days=1)
    midnight = timezone.make_aware(datetime.combine(today, datetime.min.time()))
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"today": today, "first": midnight - timedelta(days=7), "end": midnight})
        counts = cursor.fetchall()
    url = f"/visits/voices/?first={first}&last={last}"
    return notify(
        (NoticeRow(user_id, VOICE_DIGEST.kind, "visits_customervoice", 0, today.isoformat(), {"count": count}, url)
         for user_id, count in counts),
        now,
    )  # fmt: skip

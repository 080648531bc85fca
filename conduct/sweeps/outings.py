"""Every night: who did not tap "back" is back (SEC-7)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection
from django.utils.translation import gettext_lazy as _

from crm.core.sweeps import sweep

_CLOSE = """
UPDATE conduct_outing SET state = CASE WHEN state = 'out' THEN 'back' ELSE 'cancelled' END, closed_by_night = true,
  back_at = CASE WHEN state = 'out' THEN greatest(returns_at, left_at) END
WHERE state IN ('out', 'registered') AND day < %(today)s
  AND (returns_at AT TIME ZONE 'Asia/Shanghai')::date < %(today)s
"""


@sweep("close_outings", label=_("Close yesterday's outings"))
def close_outings(*, today: date, now: datetime) -> int:
    """An outing closes itself at the end of its day: back when he meant to be; what never began is cancelled."""
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, {"today": today})
        return int(cursor.rowcount)

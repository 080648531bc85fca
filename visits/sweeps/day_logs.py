"""The day closes itself at 24:00 (PLAN-3): whoever has not closed it gets his log, filled from what stands there."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.queries.holders import is_away, was_manager
from crm.core.sweeps import sweep
from visits.sweeps.room import make_room

# The same rule as visits.rules.day_logs.needs_log. `closed_at` is midnight itself, whenever the night runs.
_CLOSE = f"""
INSERT INTO visits_daylog (staff_id, "on", sentence, closed_at, closed_by_id, entries, review_state, version)
SELECT s.id, %(day)s, '', %(midnight)s, NULL, coalesce(v.entries, 0), 'waiting', 1
FROM accounts_staff s
LEFT JOIN (
  SELECT staff_id, count(*) AS entries FROM visits_visit
  WHERE occurred_on = %(day)s AND occurred_at >= %(from)s AND occurred_at < %(to)s AND undone_at IS NULL
    AND logged_at < %(midnight)s GROUP BY staff_id
) v ON v.staff_id = s.id
WHERE s.is_active AND (s.hired_on IS NULL OR s.hired_on <= %(day)s)
  AND {was_manager("s.id", "%(day)s")}
  AND (v.entries > 0 OR core_is_working(%(day)s) AND NOT {is_away("s.id", "%(day)s")})
ON CONFLICT (staff_id, "on") DO NOTHING
"""


@sweep("close_day_logs", label=_("Close yesterday's work logs"))
def close_day_logs(*, today: date, now: datetime) -> int:
    """Logs of the day before, for every manager who has not closed it himself; running again writes none."""
    make_room()
    day = today - timedelta(days=1)
    midnight = timezone.make_aware(datetime.combine(today, datetime.min.time()))
    with connection.cursor() as cursor:
        cursor.execute(
            _CLOSE,
            {
                "day": day,
                "midnight": midnight,
                "from": midnight - timedelta(days=1),
                "to": midnight,
            },
        )
        return int(cursor.rowcount)

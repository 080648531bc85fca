"""Every minute: whose half hour is over passes the call-back on (CON-13)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection
from django.utils.translation import gettext_lazy as _

from crm.core import parameters
from crm.core.sweeps import sweep
from visits.actions.missed_calls import tell_holders

_NEXT_TURN = """
UPDATE visits_missedcall m SET step = x.step, holder_id = x.holder,
  due_at = %(now)s + make_interval(mins => %(minutes)s)
FROM (
  SELECT w.id,
    CASE WHEN w.step = 0 AND b.id IS NOT NULL AND b.id IS DISTINCT FROM w.holder_id THEN 1 ELSE 2 END AS step,
    CASE WHEN w.step = 0 AND b.id IS NOT NULL AND b.id IS DISTINCT FROM w.holder_id THEN b.id
      WHEN p.id IS NOT NULL AND p.id IS DISTINCT FROM w.holder_id THEN p.id
      WHEN h.id IS NOT NULL AND h.id IS DISTINCT FROM w.holder_id THEN h.id
      ELSE w.holder_id END AS holder
  FROM visits_missedcall w
  LEFT JOIN accounts_staff s ON s.id = w.manager_id
  LEFT JOIN accounts_staff b ON b.id = s.backup_id AND b.is_active
  LEFT JOIN accounts_staff p ON p.id = s.supervisor_id AND p.is_active
  JOIN accounts_unit u ON u.id = w.unit_id
  LEFT JOIN accounts_staff h ON h.id = u.head_id AND h.is_active
  WHERE w.state = 'waiting' AND w.step < 2 AND w.due_at <= %(now)s
  FOR UPDATE OF w SKIP LOCKED
) x WHERE m.id = x.id
RETURNING m.id
"""


@sweep("pass_on_missed_calls", label=_("Pass on missed calls nobody called back"))
def pass_on_missed_calls(*, today: date, now: datetime) -> int:
    """CON-13: unanswered → the backup, then the supervisor; the new one is told at once. Twice is the same as once."""
    with connection.cursor() as cursor:
        cursor.execute(_NEXT_TURN, {"now": now, "minutes": int(parameters.value("call_back_minutes", today))})
        passed = [row[0] for row in cursor.fetchall()]
    if passed:
        tell_holders(passed, now=now)
    return len(passed)

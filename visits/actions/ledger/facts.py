"""The facts of a standing that the ledger owns, computed from duties and visits in one statement (decisions 1).

The pure rule is `visits.rules.standing_of`; a parity test compares both.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from accounts.actions.standing import write_standings
from crm.core import parameters

FEW = 20
"""Up to so many customers the plan of one row is right, and planning would cost more than running."""
COLUMNS = (
    "last_visit_on",
    "next_due_on",
    "suggested_on",
    "duty_state",
    "is_overdue",
    "face_to_face_due_on",
)

# Parameters: today, today plus the days of "at risk", ids of the customers.
SELECT = """
SELECT c.id AS customer_id, v.last_visit_on,
  coalesce(k.open_due, CASE WHEN k.newest IS NOT NULL AND r.period <> '' AND live.yes
    THEN visits_period_end(r.period, s.opened_through + 1) END, '9999-12-31') AS next_due_on,
  coalesce(k.suggested_on, '9999-12-31') AS suggested_on,
  CASE WHEN o.overdue THEN 'overdue'
    WHEN k.open_due <= d.soon THEN 'due_soon' WHEN k.open_due IS NOT NULL THEN 'open'
    WHEN k.newest = 'met' THEN 'met' ELSE 'none' END AS duty_state,
  o.overdue AS is_overdue,
  CASE WHEN k.face_newest IS NULL OR NOT (live.yes AND c.is_important AND c.kind = 'vip') OR f.period = ''
      OR f.period IS NULL THEN '9999-12-31'
    WHEN k.face_silent AND k.face_ended IN ('provisional', 'missed', 'open') THEN k.face_ended_due
    ELSE coalesce(k.face_open_due, visits_period_end(f.period, k.face_newest + 1)) END AS face_to_face_due_on
FROM (SELECT %s::date AS today, %s::date AS soon) d
JOIN accounts_customer c ON c.id = ANY(%s)
JOIN accounts_standing s ON s.customer_id = c.id
JOIN accounts_unit u ON u.id = c.unit_id
CROSS JOIN LATERAL (SELECT c.state = 'active' AND coalesce(u.live_from <= d.today, false) AS yes) live
LEFT JOIN LATERAL (SELECT p.period FROM accounts_tierrule p WHERE p.tier_id = c.tier_id AND p.purpose = 'contact'
  AND p.effective_from <= d.today ORDER BY p.effective_from DESC LIMIT 1) r ON true
LEFT JOIN LATERAL (SELECT p.period FROM accounts_tierrule p WHERE p.tier_id IS NULL AND p.purpose = 'face_to_face'
  AND p.effective_from <= d.today AND c.is_important ORDER BY p.effective_from DESC LIMIT 1) f ON true
LEFT JOIN LATERAL (SELECT w.occurred_on AS last_visit_on FROM visits_visit w WHERE w.customer_id = c.id AND w.counts
  AND w.undone_at IS NULL ORDER BY w.occurred_on DESC LIMIT 1) v ON true
CROSS JOIN LATERAL (
  SELECT min(y.due_on) FILTER (WHERE y.contact AND y.state = 'open') AS open_due,
    min(y.suggested_on) FILTER (WHERE y.state = 'open') AS suggested_on,
    (array_agg(y.state ORDER BY y.due_on DESC, y.starts_on DESC, y.revision DESC)
      FILTER (WHERE y.contact))[1] AS newest,
    (array_agg(y.state ORDER BY y.due_on DESC, y.starts_on DESC, y.revision DESC)
      FILTER (WHERE y.contact AND y.due_on < d.today))[1] AS ended,
    max(y.due_on) FILTER (WHERE y.contact AND y.due_on < d.today) AS ended_due,
    coalesce(bool_or(y.state = 'open') FILTER (WHERE y.contact AND y.due_on < d.today), false) AS forgotten,
    max(y.due_on) FILTER (WHERE NOT y.contact) AS face_newest,
    min(y.due_on) FILTER (WHERE NOT y.contact AND y.state = 'open') AS face_open_due,
    (array_agg(y.state ORDER BY y.due_on DESC, y.starts_on DESC, y.revision DESC)
      FILTER (WHERE NOT y.contact AND y.due_on < d.today))[1] AS face_ended,
    max(y.due_on) FILTER (WHERE NOT y.contact AND y.due_on < d.today) AS face_ended_due,
    coalesce(bool_and(y.state = 'open') FILTER (WHERE NOT y.contact AND y.due_on >= d.today), true) AS face_silent
  FROM (SELECT z.state, z.due_on, z.starts_on, z.suggested_on, z.revision, z.purpose = 'contact' AS contact
    FROM visits_duty z WHERE z.customer_id = c.id AND z.state <> 'void') y
) k
CROSS JOIN LATERAL (SELECT coalesce(r.period, '') <> '' AND live.yes AND (k.forgotten
  OR coalesce(k.ended IN ('provisional', 'missed') AND (v.last_visit_on IS NULL OR v.last_visit_on <= k.ended_due),
    false)) AS overdue) o
"""


def soon_from(today: date) -> date:
    """The last due day that is "at risk" today (CON-1: within 7 days, ours)."""
    return today + timedelta(days=int(parameters.value("due_soon_days", today)))


def write_facts(customer_ids: Sequence[int], *, today: date) -> int:
    """Bring the standings of these customers up to date; answers how many were not."""
    if not customer_ids:
        return 0
    types = ("date", "date", "bigint[]") if len(customer_ids) <= FEW else None
    return write_standings(SELECT, [today, soon_from(today), list(customer_ids)], columns=COLUMNS, types=types)

"""Alerts by the clock: the most at risk of a manager's customers, rises, those that subside (RET-3, RET-4)."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actions.escalations import escalate
from accounts.queries import names
from crm.core import parameters
from crm.core.sweeps import sweep
from retention.actions.alerts import END_OF_WORK, after_opening, due_of, end_alert, wants_proposal
from retention.actions.attention import TABLE, mend_attention
from retention.actions.telling import moment, tell_opened
from retention.choices import AlertOutcome, AlertState, AlertTrigger
from retention.models import Alert
from retention.rules.alerts import RISE_DAYS, day_number
from retention.rules.losses import GONE
from visits.sweeps.room import make_room

MOST_REPORTS = 300
"""So many alerts are reported up at once; each is a handful of statements."""

ASKED = {"capacity": "alert_capacity", "rise": "alert_rise", "enter": "alert_enter", "control": "control_percent"}

# Where everybody stands among his manager's customers; `retention.rules.rise` is the rule of the rise.
_RANKED = """
SELECT r.customer_id, t.manager_id, r.model_id, r.points, r.probability, r.level, r.reasons, r.missing, r.quiet_until,
  t.value, t.alert_level, t.tier_rank, r.recent,
  row_number() OVER (PARTITION BY t.manager_id ORDER BY r.probability DESC, t.value DESC, r.customer_id) AS place,
  count(*) OVER (PARTITION BY t.manager_id) AS among
FROM retention_riskscore r JOIN accounts_standing t ON t.customer_id = r.customer_id WHERE t.manager_id IS NOT NULL
"""
_RISE = """
(SELECT r.points - min(h.points) FROM (
  SELECT r.recent[i + 1] AS points, r.recent[i] AS since,
    lag(r.recent[i]) OVER (ORDER BY i) AS until
  FROM generate_series(1, cardinality(r.recent) - 1, 2) i
) h WHERE h.since > %(rise_since)s OR h.until IS NULL OR h.until > %(rise_since)s)
"""
# Room is what capacity leaves: rises first, then the greatest expected loss (risk times value).
_OPEN = f"""
WITH ranked AS MATERIALIZED ({_RANKED}), room AS (
  SELECT m.manager_id, %(capacity)s - count(a.id) AS places
  FROM (SELECT DISTINCT manager_id FROM ranked) m LEFT JOIN accounts_standing t ON t.manager_id = m.manager_id
    AND t.alert_level <> ''
  LEFT JOIN retention_alert a ON a.customer_id = t.customer_id AND a.closed_at IS NULL AND a.trigger <> 'hard'
  GROUP BY 1
), wanted AS (
  SELECT r.*, coalesce(CASE WHEN r.recent[1] > %(rise_since)s THEN {_RISE} END, 0) AS rise FROM ranked r
  WHERE r.alert_level = ''
), chosen AS (
  SELECT w.*, w.rise >= %(rise)s AND NOT EXISTS (SELECT 1 FROM retention_alert o WHERE o.customer_id = w.customer_id
      AND (o.closed_at IS NULL OR o.closed_at > %(rise_from)s)) AS is_rise
  FROM wanted w
), candidates AS (
  SELECT c.*, row_number() OVER (PARTITION BY c.manager_id
    ORDER BY c.is_rise DESC, c.probability * greatest(c.value, 1) DESC, c.customer_id) AS turn
  FROM chosen c
  WHERE c.is_rise OR c.level <> '' AND c.place <= ceil(c.among * %(enter)s / 100.0)
    AND (c.quiet_until IS NULL OR c.quiet_until < %(today)s)
), made AS (
  INSERT INTO retention_alert (customer_id, manager_id, trigger, level, state, model_id, points, probability, reasons,
    is_on_old_data, is_control, opened_at, due_at, snooze_reason, proposal, outcome, outcome_reason, version)
  SELECT c.customer_id, c.manager_id, CASE WHEN c.is_rise THEN 'rise' ELSE 'capacity' END,
    coalesce(nullif(c.level, ''), 'yellow'), 'open', c.model_id, c.points, c.probability, c.reasons::jsonb,
    EXISTS (SELECT 1 FROM unnest(c.missing) m WHERE m LIKE 'feed:%%'),
    c.tier_rank > 2 AND mod(abs(hashint8extended(c.customer_id, %(draw)s)), 100) < %(control)s,
    %(now)s, %(due)s, '', '', '', '', 1
  FROM candidates c JOIN room o ON o.manager_id = c.manager_id AND c.turn <= o.places
  ORDER BY c.customer_id
  ON CONFLICT (customer_id) WHERE closed_at IS NULL DO NOTHING
  RETURNING id, state, opened_at
), told AS (
  INSERT INTO retention_alertstep (alert_id, from_state, to_state, note, at)
  SELECT id, '', state, '', opened_at FROM made
)
SELECT id FROM made ORDER BY id
"""
# Not among the most at risk any more, quiet by level, and nothing is owed to it.
_SUBSIDED = f"""
WITH ranked AS MATERIALIZED ({_RANKED})
SELECT a.id FROM retention_alert a JOIN ranked r ON r.customer_id = a.customer_id
WHERE a.closed_at IS NULL AND a.trigger IN ('capacity', 'rise') AND a.state IN ('open', 'acknowledged', 'in_care')
  AND r.level = '' AND r.place > ceil(r.among * %(leave)s / 100.0)
  AND a.opened_at < %(now)s::timestamptz - interval '{RISE_DAYS} days'
  AND (a.first_action_at IS NOT NULL OR a.due_at > %(now)s)
ORDER BY a.id
"""


@sweep("raise_alerts", label=_("Open alerts on those most at risk, let others rest"))
def raise_alerts(*, today: date, now: datetime) -> dict[str, int]:
    """RET-3: per manager the most at risk within his capacity, and fast rises; who is lost or at rest again is closed.
    One open per customer. Twice is the same as once."""
    make_room()
    lost = close_lost(now=now)
    rested = let_rest(today=today, now=now)
    opened = open_by_capacity(today=today, now=now)
    mended = mend_attention(today=today, now=now)
    return {"rows": lost + rested + opened, "opened": opened, "rested": rested, "lost": lost, "tasks": mended}


def open_by_capacity(*, today: date, now: datetime) -> int:
    """New alerts by rank, rise and room; one notice for each manager."""
    facts: dict[str, Any] = {name: int(parameters.value(key, today)) for name, key in ASKED.items()}
    facts |= {"rise_since": day_number(today) - RISE_DAYS, "rise_from": now - timedelta(days=RISE_DAYS), "today": today}
    facts |= {"now": now, "due": due_of(AlertTrigger.CAPACITY, now), "draw": today.toordinal()}
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, facts)
        ids = [row[0] for row in cursor.fetchall()]
    rows = list(Alert.unscoped.filter(pk__in=ids).select_related("manager"))
    if rows:
        after_opening(rows, today=today, now=now)
        counts = Counter(row.manager.user_id for row in rows if row.manager is not None)
        tell_opened(counts, today=today, now=now)
    return len(rows)


def let_rest(*, today: date, now: datetime) -> int:
    """Who left the wider circle of those at risk is at rest; falling usage without a proposal stays open (RET-20)."""
    with connection.cursor() as cursor:
        cursor.execute(_SUBSIDED, {"leave": int(parameters.value("alert_leave", today)), "now": now})
        ids = [row[0] for row in cursor.fetchall()]
    rows = Alert.unscoped.filter(pk__in=ids).select_related("signal").select_for_update(of=("self",))
    done = 0
    for row in rows.order_by("pk"):
        if not wants_proposal(row):
            end_alert(row, AlertState.CLEARED, AlertOutcome.SUBSIDED, "", by=None, now=now)
            done += 1
    return done


def close_lost(*, now: datetime) -> int:
    """Whoever is gone is lost; an alert with a save case ends with its case."""
    rows = Alert.unscoped.filter(closed_at=None, customer__state__in=GONE).exclude(state=AlertState.SAVING)
    found = list(rows.select_for_update(of=("self",)).order_by("pk"))
    for row in found:
        end_alert(row, AlertState.CHURNED, AlertOutcome.LOST, "", by=None, now=now)
    return len(found)


_LATE = f"""
SELECT a.id, a.customer_id, c.name, a.due_at, c.manager_id FROM retention_alert a
JOIN accounts_customer c ON c.id = a.customer_id
WHERE a.closed_at IS NULL AND a.first_action_at IS NULL AND a.due_at <= %(now)s
  AND (a.snoozed_until IS NULL OR (a.snoozed_until + %(end)s::time) AT TIME ZONE 'Asia/Shanghai' <= %(now)s)
  AND NOT EXISTS (SELECT 1 FROM accounts_escalation e WHERE e.origin_table = '{TABLE}' AND e.origin_id = a.id)
ORDER BY a.due_at, a.id LIMIT %(most)s FOR NO KEY UPDATE OF a SKIP LOCKED
"""


@sweep("late_alerts", label=_("Report up alerts that nobody acted on"))
def late_alerts(*, today: date, now: datetime) -> int:
    """RET-4, RET-13: past its limit without an action → the first level hears of it, then level by level. What was put
    off is reported when that day is over."""
    with connection.cursor() as cursor:
        cursor.execute(_LATE, {"now": now, "end": END_OF_WORK.isoformat(), "most": MOST_REPORTS})
        rows = cursor.fetchall()
    done = 0
    for alert_id, customer_id, name, due_at, manager_id in rows:
        reason = gettext("Nobody acted on this alert of %(manager)s: it was due by %(due)s.")
        words = {"manager": names.staff_name(manager_id) if manager_id else "–", "due": moment(due_at)}
        done += (
            escalate(
                customer_id=customer_id, origin_table=TABLE, origin_id=alert_id, reason=(reason % words)[:300],
                subject=(gettext("%(customer)s may leave") % {"customer": name})[:200], by=None, now=now, system=True,
            )
            is not None
        )  # fmt: skip
    return done

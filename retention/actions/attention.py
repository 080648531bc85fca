"""Double attention (RET-5): while an alert is open its customer is due half a cadence after the last valid contact.

One open task of the kind per alert. A contact ticks it off and the next one is due; ledger and figures don't change.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import connection

from accounts.actions.tasks import cancel_tasks_of, end_tasks_of
from accounts.choices import TaskKind
from retention.rules.alerts import WITHOUT_PROMISE
from visits.actions.facts import TASK, WAITS

if TYPE_CHECKING:
    from crm.core.models import User
    from visits.models import Visit

TABLE = "retention_alert"

# The promise that holds today, as `accounts.rules.tier_rule_on` finds it; days as `retention.rules.half_cadence`.
_HALF = f"""
coalesce((SELECT CASE r.period WHEN 'month' THEN 15 WHEN 'quarter' THEN 45 WHEN 'half' THEN 90 WHEN 'year' THEN 180 END
  FROM accounts_tierrule r WHERE r.tier_id = c.tier_id AND r.purpose = 'contact' AND r.effective_from <= %(today)s
  ORDER BY r.effective_from DESC LIMIT 1), {WITHOUT_PROMISE})
"""
# Before anybody acted the task is due with the alert at the latest (RET-4), afterwards by the last contact alone.
_OPEN = f"""
INSERT INTO accounts_task (kind, customer_id, staff_id, title, reason, due_on, shown_from, topic, source, result,
  origin_table, origin_id, state, created_at)
SELECT '{TaskKind.ATTENTION.value}', a.customer_id, c.manager_id, '', left(coalesce(g.text, ''), 500), d.due_on,
  CASE WHEN a.first_action_at IS NULL THEN %(today)s::date END, '', '', '', '{TABLE}', a.id, 'open', %(now)s
FROM retention_alert a JOIN accounts_customer c ON c.id = a.customer_id
LEFT JOIN accounts_signal g ON g.id = a.signal_id
LEFT JOIN LATERAL (SELECT w.occurred_on FROM visits_visit w WHERE w.customer_id = c.id AND w.counts
  AND w.undone_at IS NULL ORDER BY w.occurred_on DESC LIMIT 1) v ON true
CROSS JOIN LATERAL (SELECT greatest(%(today)s::date, CASE WHEN a.snoozed_until >= %(today)s THEN a.snoozed_until END,
    CASE WHEN a.first_action_at IS NULL
      THEN least((a.due_at AT TIME ZONE 'Asia/Shanghai')::date, coalesce(v.occurred_on + {_HALF}, %(today)s::date))
    ELSE coalesce(v.occurred_on + {_HALF}, %(today)s::date) END) AS due_on) d
WHERE a.id = ANY(%(alerts)s) AND a.closed_at IS NULL
ON CONFLICT (customer_id, kind, origin_table, origin_id) WHERE state = 'open'
DO UPDATE SET due_on = EXCLUDED.due_on, staff_id = EXCLUDED.staff_id, reason = EXCLUDED.reason
WHERE (accounts_task.due_on, accounts_task.staff_id, accounts_task.reason)
  IS DISTINCT FROM (EXCLUDED.due_on, EXCLUDED.staff_id, EXCLUDED.reason)
"""


def give_attention(alert_ids: Sequence[int], *, today: date, now: datetime) -> int:
    """One open task for each of these open alerts, due half a cadence after the last contact; twice changes nothing."""
    if not alert_ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, {"alerts": list(alert_ids), "today": today, "now": now})
        return int(cursor.rowcount)


def end_attention(alert_ids: Sequence[int], *, by: User | None, now: datetime) -> int:
    """The alert was acted on, or is over: its task is ticked off."""
    return end_tasks_of(origin_table=TABLE, origin_ids=alert_ids, by=by, now=now)


def drop_attention(alert_ids: Sequence[int], *, by: User | None, now: datetime) -> int:
    """What asked for it falls away."""
    return cancel_tasks_of(origin_table=TABLE, origin_ids=alert_ids, by=by, now=now)


# --- What logging does (settings.VISIT_FOLLOWERS, UNDO_FOLLOWERS, MEND_FOLLOWERS)

_ALERTS = """
SELECT a.id, a.state FROM retention_alert a
WHERE a.customer_id = ANY(%s) AND a.closed_at IS NULL ORDER BY a.id FOR NO KEY UPDATE
"""
_ACTED = """
UPDATE retention_alert SET first_action_at = coalesce(first_action_at, %(at)s), state = CASE
  WHEN state IN ('open', 'acknowledged') THEN 'in_care' ELSE state END, snoozed_until = NULL, snooze_reason = '',
  version = version + 1
WHERE id = ANY(%(ids)s)
"""
_STEP = """
INSERT INTO retention_alertstep (alert_id, from_state, to_state, note, by_id, at)
SELECT u.id, u.was, u.became, '', %(by)s, %(at)s
FROM unnest(%(ids)s::bigint[], %(was)s::varchar[], %(became)s::varchar[]) AS u(id, was, became)
"""


def follow_visits(
    *, visits: Sequence[Visit], today: date, now: datetime, by: User, waits: Collection[str] = WAITS
) -> None:
    """A valid contact is an action on the alert; the next one is due half a cadence later (RET-4, RET-5)."""
    met = [visit.customer_id for visit in visits if visit.counts]
    if not met or TASK not in waits:
        return
    with connection.cursor() as cursor:
        cursor.execute(_ALERTS, [met])
        found = cursor.fetchall()
        if not found:
            return
        ids = [row[0] for row in found]
        cursor.execute(_ACTED, {"at": now, "ids": ids})
        fresh = [row for row in found if row[1] in ("open", "acknowledged")]
        steps = {"ids": [row[0] for row in fresh], "was": [row[1] for row in fresh], "became": ["in_care"] * len(fresh)}
        if fresh:
            cursor.execute(_STEP, steps | {"by": by.pk, "at": now})
    end_attention(ids, by=by, now=now)
    give_attention(ids, today=today, now=now)


# The action was that very contact: as before it, unless something else was done since.
_UNDONE = """
UPDATE retention_alert a SET first_action_at = NULL, state = 'acknowledged', version = a.version + 1
FROM visits_visit v
WHERE v.id = ANY(%s) AND a.customer_id = v.customer_id AND a.closed_at IS NULL AND a.state = 'in_care'
  AND a.first_action_at = v.logged_at
  AND NOT EXISTS (SELECT 1 FROM retention_alertstep s WHERE s.alert_id = a.id AND s.at > v.logged_at)
RETURNING a.id
"""
_OF_VISITS = """
SELECT DISTINCT a.id FROM retention_alert a JOIN visits_visit v ON v.customer_id = a.customer_id
WHERE v.id = ANY(%s) AND a.closed_at IS NULL
"""


def follow_undo(*, visit_ids: Sequence[int], today: date, now: datetime, by: User) -> None:
    """A contact was undone: the alert is to be acted on as before, its task is due by the contact before."""
    with connection.cursor() as cursor:
        cursor.execute(_OF_VISITS, [list(visit_ids)])
        ids = [row[0] for row in cursor.fetchall()]
        if not ids:
            return
        cursor.execute(_UNDONE, [list(visit_ids)])
        back = [row[0] for row in cursor.fetchall()]
        if back:
            was, became = ["in_care"] * len(back), ["acknowledged"] * len(back)
            cursor.execute(_STEP, {"ids": back, "was": was, "became": became, "by": by.pk, "at": now})
    give_attention(ids, today=today, now=now)


def follow_mend(*, visit: Visit, today: date, now: datetime, by: User) -> None:
    """A mended contact counts now, or does not any more."""
    follow_undo(visit_ids=[visit.pk], today=today, now=now, by=by)
    follow_visits(visits=[visit], today=today, now=visit.logged_at, by=by)


# Where the task, the manager or the last contact moved by itself (handover, tier, a contact brought by another system).
_DIFFER = """
SELECT a.id FROM retention_alert a WHERE a.closed_at IS NULL ORDER BY a.id
"""


def mend_attention(*, today: date, now: datetime) -> int:
    """Every open alert has its task with today's manager and day; the night calls it."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFER)
        return give_attention([row[0] for row in cursor.fetchall()], today=today, now=now)

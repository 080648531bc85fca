"""Every night: analyses of losses, what became of save cases, whether who was kept has stayed (RET-7, RET-8)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.queries import names
from accounts.queries.staff import users_with_role
from crm.core import parameters, working_days
from crm.core.db import write
from crm.core.notices import NoticeKind, NoticeRow, notify
from crm.core.sweeps import sweep
from retention.actions.saving import finish
from retention.models import Alert, SaveCase
from retention.notices import ANALYSIS_DUE, ANALYSIS_LATE, SAVE_ATTEMPT_MISSING, SAVE_UNCONFIRMED
from retention.queries.saving_measures import ATTEMPTED
from retention.rules.losses import GONE
from retention.rules.saving import stayed
from visits.sweeps.room import make_room

ANALYSES, CASES = "retention_churnanalysis", "retention_savecase"
REMIND_DAYS = 31
MOST = 5000

_LOSSES = """
SELECT r.id, r.lost_on FROM retention_churnrecord r
WHERE NOT r.is_void AND r.customer_kind <> 'ordinary' AND r.lost_on BETWEEN %(since)s AND %(today)s
  AND NOT EXISTS (SELECT 1 FROM retention_churnanalysis a WHERE a.record_id = r.id)
ORDER BY r.id LIMIT %(most)s
"""
# What the system knew on the day of the loss; nothing of it is asked of anybody.
_INSERT = """
INSERT INTO retention_churnanalysis (record_id, due_on, state, cause, depth, countermeasure, lesson, facts, version)
SELECT r.id, x.due_on, 'due', coalesce(k.cause, ''), '', '', '', jsonb_strip_nulls(jsonb_build_object(
    'alert', CASE WHEN w.id IS NOT NULL THEN jsonb_build_object('id', w.id, 'level', w.level, 'points', w.points,
      'opened_on', (w.opened_at AT TIME ZONE 'Asia/Shanghai')::date,
      'acted_on', (w.first_action_at AT TIME ZONE 'Asia/Shanghai')::date) END,
    'risk', s.risk,
    'case', CASE WHEN k.id IS NOT NULL THEN jsonb_build_object('id', k.id, 'words', k.words, 'offers',
      (SELECT count(*) FROM retention_saveoffer o WHERE o.case_id = k.id)) END,
    'last_visit_on', (SELECT max(v.occurred_on) FROM visits_visit v
      WHERE v.customer_id = r.customer_id AND v.counts AND v.occurred_on <= r.lost_on),
    'complaints', (SELECT count(*) FROM complaints_case q WHERE q.customer_id = r.customer_id AND q.kind = 'complaint'
      AND q.received_at >= r.lost_on - 90),
    'agreement_ends_on', (SELECT max(g.ends_on) FROM sales_agreement g
      WHERE g.customer_id = r.customer_id AND g.state = 'signed'),
    'joined_on', c.joined_on)), 1
FROM unnest(%(ids)s::bigint[], %(dues)s::date[]) AS x(record_id, due_on)
JOIN retention_churnrecord r ON r.id = x.record_id JOIN accounts_customer c ON c.id = r.customer_id
LEFT JOIN retention_riskscore s ON s.customer_id = r.customer_id
LEFT JOIN LATERAL (SELECT * FROM retention_alert w WHERE w.customer_id = r.customer_id
  AND w.opened_at < r.lost_on + 1 ORDER BY w.opened_at DESC LIMIT 1) w ON TRUE
LEFT JOIN retention_savecase k ON k.alert_id = w.id
ON CONFLICT (record_id) DO NOTHING
"""
_OPEN = """
SELECT a.id, c.name, r.manager_id, r.unit_id, a.due_on FROM retention_churnanalysis a
JOIN retention_churnrecord r ON r.id = a.record_id JOIN accounts_customer c ON c.id = r.customer_id
WHERE a.state = 'due' AND NOT r.is_void AND a.due_on >= %(today)s::date - %(days)s ORDER BY a.id
"""


@sweep("open_analyses", label=_("Ask for the analyses of losses, remind of them"))
def open_analyses(*, today: date, now: datetime) -> int:
    """RET-8: each loss is analysed within so many working days, begun with what the system knows; who had the customer
    is told, once more with his supervisor when it is overdue. A loss taken back asks for nothing. Never twice."""
    make_room()
    days = int(parameters.value("analysis_days", today))
    reach = int(parameters.value("analysis_reach_days", today))
    calendar = working_days.calendar()
    with connection.cursor() as cursor:
        cursor.execute(_LOSSES, {"since": date.fromordinal(today.toordinal() - reach), "today": today, "most": MOST})
        losses = cursor.fetchall()
        dues = [calendar.add(lost_on, days) for _record, lost_on in losses]
        cursor.execute(_INSERT, {"ids": [record for record, _lost_on in losses], "dues": dues})
        made = int(cursor.rowcount)
        cursor.execute(_OPEN, {"today": today, "days": REMIND_DAYS})
        rows = cursor.fetchall()
    for analysis_id, name, manager_id, unit_id, due in rows:
        _remind(analysis_id, name, manager_id, unit_id, due, today, now)
    return made


def _remind(
    analysis_id: int, name: str, manager_id: int | None, unit_id: int, due: date, today: date, now: datetime
) -> None:
    is_late = due < today
    card = names.staff_card(manager_id)
    users = [card.user_id] if card is not None else []
    if is_late or card is None:
        users += users_with_role(Role.SUPERVISOR, unit_id, today)
    _tell(ANALYSIS_LATE if is_late else ANALYSIS_DUE, users, ANALYSES, analysis_id, {"customer": name, "due": str(due)},
          f"/churn/analyses/{analysis_id}/", now)  # fmt: skip


_GONE = f"""
SELECT k.id, {ATTEMPTED} FROM retention_savecase k JOIN accounts_customer c ON c.id = k.customer_id
WHERE k.closed_at IS NULL AND c.state = ANY(%(gone)s) AND c.exited_on <= %(today)s ORDER BY k.id LIMIT %(most)s
"""
_KEPT = """
SELECT k.id, c.name, k.manager_id, (k.closed_at AT TIME ZONE 'Asia/Shanghai')::date,
  c.state = ANY(%(gone)s) AND c.exited_on <= %(today)s,
  EXISTS (SELECT 1 FROM retention_churnrecord r WHERE r.customer_id = k.customer_id AND NOT r.is_void
    AND r.lost_on >= (k.closed_at AT TIME ZONE 'Asia/Shanghai')::date),
  (SELECT sum(u.revenue) FROM sales_usagemonth u WHERE u.customer_id = k.customer_id AND u.product_id IS NULL
    AND u.month > (k.closed_at AT TIME ZONE 'Asia/Shanghai')::date), k.confirm_on
FROM retention_savecase k JOIN accounts_customer c ON c.id = k.customer_id
WHERE k.state = 'retained' AND k.is_confirmed IS NULL
  AND (k.confirm_on <= %(today)s OR c.state = ANY(%(gone)s)
    OR EXISTS (SELECT 1 FROM retention_churnrecord r WHERE r.customer_id = k.customer_id AND NOT r.is_void
      AND r.lost_on >= (k.closed_at AT TIME ZONE 'Asia/Shanghai')::date))
ORDER BY k.id LIMIT %(most)s
"""
_CONFIRM = """
UPDATE retention_savecase k SET is_confirmed = x.stayed, confirmed_on = %(today)s, version = k.version + 1
FROM unnest(%(ids)s::bigint[], %(stayed)s::boolean[]) AS x(id, stayed) WHERE k.id = x.id AND k.is_confirmed IS NULL
"""


@sweep("follow_saves", label=_("Follow save cases up and confirm those who stayed"))
def follow_saves(*, today: date, now: datetime) -> dict[str, int]:
    """RET-7: a customer who has gone ends his case as lost when something was offered, else his manager is asked to
    write that down. Who was retained is confirmed months later by state and billing, or denied at once when he was
    lost meanwhile. Twice is the same as once."""
    make_room()
    facts: dict[str, Any] = {"today": today, "gone": list(GONE), "most": MOST}
    with connection.cursor() as cursor:
        cursor.execute(_GONE, facts)
        gone = cursor.fetchall()
        cursor.execute(_KEPT, facts)
        kept = cursor.fetchall()
    lost = sum(_end(case_id, attempted=attempted, now=now) for case_id, attempted in gone)
    confirmed = _confirm(kept, today, now)
    return {"rows": lost + confirmed, "lost": lost, "confirmed": confirmed}


def _end(case_id: int, *, attempted: bool, now: datetime) -> int:
    """Close the case of a customer who has gone; without an attempt it stays open and somebody is asked (RET-7)."""
    with write(label="system:follow_saves"):
        row = SaveCase.unscoped.select_related("customer").select_for_update(of=("self",)).get(pk=case_id)
        if attempted:
            alert = Alert.unscoped.select_related("customer").select_for_update(of=("self",)).get(pk=row.alert_id)
            finish(row, alert, retained=False, note=str(_("The customer has left the network.")), by=None, now=now)
            return 1
    card = names.staff_card(row.manager_id)
    _tell(SAVE_ATTEMPT_MISSING, [card.user_id] if card else [], CASES, case_id, {"customer": row.customer.name},
          f"/churn/alerts/{row.alert_id}/", now)  # fmt: skip
    return 0


def _confirm(rows: Sequence[Any], today: date, now: datetime) -> int:
    ids, answers = [], []
    for case_id, name, manager_id, closed_on, is_gone, was_lost, billed, _confirm_on in rows:
        answer = stayed(is_gone=bool(is_gone), was_lost=was_lost, billed=billed)
        ids.append(case_id)
        answers.append(answer)
        if not answer:
            card = names.staff_card(manager_id)
            _tell(SAVE_UNCONFIRMED, [card.user_id] if card else [], CASES, case_id,
                  {"customer": name, "day": str(closed_on)}, f"/churn/cases/{case_id}/", now)  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_CONFIRM, {"today": today, "ids": ids, "stayed": answers})
        return int(cursor.rowcount)


def _tell(
    kind: NoticeKind, users: Sequence[int], table: str, row_id: int, params: dict[str, str], url: str, now: datetime
) -> None:
    notify((NoticeRow(user, kind.kind, table, row_id, "", params, url) for user in users), now)

"""What a clock does by itself: it warns, then it is late, is told and reported up (CMP-2). Set-based, safe to repeat.

Deeds lock the case before they touch its clocks. Here the case is locked as well, and left alone while a deed has it:
the next minute finds it again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext

from accounts.actions.escalations import escalate
from complaints.choices import CaseKind
from complaints.queries.concerned import users_concerned
from complaints.queries.dispatched import ORIGIN as TABLE
from crm.core.notices import NoticeRow, notify

MOST_REPORTS = 300
"""So many complaints are reported up in one minute; each is a handful of statements."""
TOLD_ONE_BY_ONE = 5
"""Who has more news than this in one minute is told their number instead."""

_LATE = """
WITH due AS MATERIALIZED (
  SELECT w.id, w.case_id FROM complaints_caseclock w JOIN complaints_case c ON c.id = w.case_id
  WHERE w.state = 'running' AND w.breached_at IS NULL AND w.due_at <= %(now)s
    AND (%(case)s IS NULL OR w.case_id = %(case)s) {kinds}
  FOR NO KEY UPDATE OF c SKIP LOCKED
), hit AS (
  UPDATE complaints_caseclock w SET breached_at = %(now)s, warned_at = coalesce(w.warned_at, %(now)s)
  FROM due WHERE w.id = due.id AND w.state = 'running' AND w.breached_at IS NULL AND w.due_at <= %(now)s
  RETURNING w.id, w.case_id, w.kind, w.due_at
), marked AS (
  UPDATE complaints_case c SET is_breached = true FROM (SELECT DISTINCT case_id FROM hit) h
  WHERE c.id = h.case_id AND NOT c.is_breached
)
SELECT h.id, h.case_id, h.kind, h.due_at, c.kind, c.number, c.customer_id, u.name
FROM hit h JOIN complaints_case c ON c.id = h.case_id JOIN accounts_customer u ON u.id = c.customer_id
ORDER BY h.due_at, h.id
"""
_OTHERS = "AND c.kind <> 'complaint' "
_COMPLAINTS = "AND c.kind = 'complaint' ORDER BY w.due_at LIMIT %(most)s"
_WARN = """
WITH due AS MATERIALIZED (
  SELECT w.id FROM complaints_caseclock w
  WHERE w.state = 'running' AND w.warned_at IS NULL AND w.warn_at <= %(now)s AND w.due_at > %(now)s
  FOR NO KEY UPDATE SKIP LOCKED
), hit AS (
  UPDATE complaints_caseclock w SET warned_at = %(now)s FROM due WHERE w.id = due.id
  RETURNING w.id, w.case_id, w.kind, w.due_at
)
SELECT h.id, h.case_id, h.kind, h.due_at, c.kind, c.number, c.customer_id, u.name
FROM hit h JOIN complaints_case c ON c.id = h.case_id JOIN accounts_customer u ON u.id = c.customer_id
"""


class Rung(NamedTuple):
    """A clock that rang: which, of which case."""

    clock_id: int
    case_id: int
    clock: str
    due_at: datetime
    case_kind: str
    number: str
    customer_id: int
    customer: str


def mark_late(now: datetime, case_id: int | None = None) -> int:
    """Every running clock past its deadline is late from now on: told to owner, manager and supervisor, and a
    complaint is reported up to the first level unless it is up already (CMP-2, CMP-24)."""
    asked = {"now": now, "case": case_id, "most": MOST_REPORTS}
    rung = _rung(_LATE.format(kinds=_OTHERS), asked) + _rung(_LATE.format(kinds=_COMPLAINTS), asked)
    if rung:
        _tell(rung, "case_late", above=True, now=now)
        for case in {row.case_id: row for row in rung if row.case_kind == CaseKind.COMPLAINT}.values():
            _report_up(case, now)
    return len(rung)


def warn(now: datetime) -> int:
    """Every running clock of which little time is left warns once: owner and manager are told."""
    rung = _rung(_WARN, {"now": now})
    if rung:
        _tell(rung, "case_warns", above=False, now=now)
    return len(rung)


def _rung(sql: str, asked: Mapping[str, Any]) -> list[Rung]:
    with connection.cursor() as cursor:
        cursor.execute(sql, asked)
        return list(map(Rung._make, cursor.fetchall()))


def _report_up(row: Rung, now: datetime) -> None:
    """Level 1 hears of a late complaint; while it is up nothing is reported twice."""
    reason = gettext("The time of this complaint is over: it was due by %(due)s.") % {"due": _moment(row.due_at)}
    escalate(
        customer_id=row.customer_id, origin_table=TABLE, origin_id=row.case_id,
        subject=f"{row.number} {row.customer}"[:200], reason=reason, by=None, now=now, system=True,
    )  # fmt: skip


def _moment(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


def _tell(rung: Sequence[Rung], kind: str, *, above: bool, now: datetime) -> None:
    """One notice per clock; who would get many at once gets their number."""
    people = users_concerned({row.case_id for row in rung}, timezone.localdate(now), above=above)
    news: dict[int, list[Rung]] = defaultdict(list)
    for row in rung:
        for user_id in people[row.case_id]:
            news[user_id].append(row)
    notify(
        [
            notice
            for user_id, rows in news.items()
            for notice in (
                [_one(user_id, kind, row) for row in rows]
                if len(rows) <= TOLD_ONE_BY_ONE
                else [_many(user_id, kind, len(rows), now)]
            )
        ],
        now,
    )


def _one(user_id: int, kind: str, row: Rung) -> NoticeRow:
    params = {"number": row.number, "customer": row.customer, "due": _moment(row.due_at)}
    url = f"/cases/{row.case_id}/"
    occasion = f"{row.clock_id} {row.due_at:%y%m%d%H%M}"
    return NoticeRow(user_id, f"{kind}_{row.clock}", TABLE, row.case_id, occasion, params, url, urgent=True)


def _many(user_id: int, kind: str, number: int, now: datetime) -> NoticeRow:
    return NoticeRow(user_id, f"{kind}_many", occasion=_moment(now), params={"n": number}, url="/cases/", urgent=True)


_CASES = """
SELECT c.id, c.number, u.name, p.until_at FROM complaints_case c JOIN accounts_customer u ON u.id = c.customer_id
JOIN LATERAL (SELECT max(until_at) AS until_at FROM complaints_casepause WHERE case_id = c.id) p ON true
WHERE c.id = ANY(%s)
"""


def tell_appointments(case_ids: Sequence[int], now: datetime) -> None:
    """Owner and manager hear that an agreed time has come."""
    if not case_ids:
        return
    people = users_concerned(case_ids, timezone.localdate(now), above=False)
    with connection.cursor() as cursor:
        cursor.execute(_CASES, [list(case_ids)])
        rows = cursor.fetchall()
    notify(
        [
            NoticeRow(
                user_id, "appointment_over", TABLE, case_id, f"{until_at:%F %R}",
                {"number": number, "customer": customer}, f"/cases/{case_id}/", urgent=True,
            )
            for case_id, number, customer, until_at in rows
            for user_id in people[case_id]
        ],
        now,
    )  # fmt: skip

"""Monthly figures of the desk: F24 and F25 (KPI-36), F43 (CON-32, CMP-36). A month is named by its first day.

Credit is of the day: a case counts for who had the customer when it came in, and for the unit where it is handled.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from complaints.rules.figures import SATISFIED, Complaints, Response, Solved
from crm.core.scope import Scope

_COMPLAINTS = """
SELECT k.manager_id, count(*) FILTER (WHERE k.judgement = 'justified'), count(*)
FROM complaints_case k
WHERE {scope} AND k.kind = 'complaint' AND k.state <> 'merged' AND k.manager_id IS NOT NULL
  AND k.received_at >= %s AND k.received_at < %s GROUP BY 1
"""
# VIP: active customers with a VIP tier, of who had them on the last day.
_CUSTOMERS = """
SELECT a.staff_id, count(*) FROM accounts_assignment a JOIN accounts_customer c ON c.id = a.customer_id
WHERE {scope} AND a.valid_from <= %s AND (a.valid_to IS NULL OR a.valid_to > %s)
  AND c.kind = 'vip' AND c.tier_id IS NOT NULL AND c.state = 'active' GROUP BY 1
"""


def complaint_figures(scope: Scope, month: date, today: date) -> dict[int, Complaints]:
    """F24 (KPI-36) by manager: justified complaints, and all complaints per hundred VIP customers."""
    first, after = _month(month)
    last = min(_next(month) - timedelta(days=1), today)
    counted = {row[0]: (row[1], row[2]) for row in _rows(_COMPLAINTS, scope, "k", [first, after])}
    customers = dict(_rows(_CUSTOMERS, scope, "c", [last, last]))
    found: dict[int, Complaints] = {}
    for staff in sorted(counted.keys() | customers.keys()):
        justified, complaints = counted.get(staff, (0, 0))
        found[staff] = Complaints(justified, complaints, customers.get(staff, 0))
    return found


# Resolved in time: the clock of the solution stopped by its deadline; of a round told twice, the last run.
_SOLVED = """
SELECT k.unit_id, count(*) FILTER (WHERE w.state = 'met'), count(*)
FROM complaints_caseclock w JOIN complaints_case k ON k.id = w.case_id
WHERE {scope} AND w.kind = 'solution' AND w.state <> 'void' AND k.kind = 'complaint' AND k.state <> 'merged'
  AND w.due_at >= %s AND w.due_at < %s AND (w.state <> 'running' OR w.due_at <= %s)
  AND NOT EXISTS (SELECT FROM complaints_caseclock n
    WHERE n.case_id = w.case_id AND n.round = w.round AND n.kind = 'solution' AND n.turn > w.turn)
GROUP BY 1
"""
_SCORED = """
SELECT k.unit_id, count(*) FILTER (WHERE k.satisfaction >= %s), count(*)
FROM complaints_case k
WHERE {scope} AND k.kind = 'complaint' AND k.satisfaction IS NOT NULL AND k.state <> 'merged'
  AND k.closed_at >= %s AND k.closed_at < %s GROUP BY 1
"""


def solution_figures(scope: Scope, month: date, now: datetime) -> dict[int, Solved]:
    """F25 (KPI-36) by unit: complaints solved by their deadline of those due in the month so far; scores 4 and 5."""
    first, after = _month(month)
    solved = {row[0]: row[1:] for row in _rows(_SOLVED, scope, "k", [first, after, now])}
    scored = {row[0]: row[1:] for row in _rows(_SCORED, scope, "k", [first, after], before=[SATISFIED])}
    return {
        unit: Solved(*solved.get(unit, (0, 0)), *scored.get(unit, (0, 0)))
        for unit in sorted(solved.keys() | scored.keys())
    }


_RESPONSE = """
SELECT k.manager_id, count(*), count(k.first_reply_at),
  coalesce(sum(extract(epoch FROM k.first_reply_at - k.received_at)), 0)::float,
  count(k.first_action_at), coalesce(sum(extract(epoch FROM k.first_action_at - k.received_at)), 0)::float
FROM complaints_case k
WHERE {scope} AND k.kind = ANY(%s) AND k.state <> 'merged' AND k.manager_id IS NOT NULL
  AND k.received_at >= %s AND k.received_at < %s GROUP BY 1
"""
REQUESTS = ("need", "handling", "enquiry")


def response_figures(scope: Scope, month: date, kinds: tuple[str, ...] = REQUESTS) -> dict[int, Response]:
    """F43 (CON-32, CMP-36) by manager: from receiving to the first word, and to the first deed, by the clock."""
    first, after = _month(month)
    return {row[0]: Response(*row[1:]) for row in _rows(_RESPONSE, scope, "k", [list(kinds), first, after])}


def _month(month: date) -> tuple[datetime, datetime]:
    """Its first moment, and that of the next."""
    return _start(month.replace(day=1)), _start(_next(month))


def _next(month: date) -> date:
    return month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1, day=1)


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _rows(
    sql: str, scope: Scope, alias: str, params: list[Any], before: list[Any] | None = None
) -> list[tuple[Any, ...]]:
    """`before` are the values of marks that stand before the scope."""
    where, mine = scope.sql(alias)
    with connection.cursor() as cursor:
        cursor.execute(sql.format(scope=where), [*(before or []), *mine, *params])
        return list(cursor.fetchall())

"""Team (screens 1b): one row per manager – owed, met, at risk, overdue, last logged, capacity, what waits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from accounts.queries import names
from crm.core import parameters, working_days
from crm.core.scope import Scope
from visits.queries.ring import month_of


@dataclass(frozen=True, slots=True)
class CoverMark:
    """Who covers whom, and how long."""

    staff_id: int
    name: str
    until: date


@dataclass(frozen=True, slots=True)
class TeamRow:
    """One manager on Monday morning; the numbers are those of the month's contact duties."""

    staff_id: int
    user_id: int
    number: str
    name: str
    line: str
    unit_id: int
    unit_name: str
    customers: int
    owed: int
    met: int
    at_risk: int
    overdue: int
    provisional: int
    last_logged_at: datetime | None
    working_days_left: int
    slots_left: int
    away_until: date | None
    next_leave_on: date | None
    covered_by: CoverMark | None
    covers: tuple[CoverMark, ...]
    excuses: int
    proposals: int

    @property
    def left(self) -> int:
        """Still to do this month."""
        return self.owed - self.met

    @property
    def fits(self) -> bool:
        """Whether what is left fits into the slots left."""
        return self.left <= self.slots_left

    @property
    def waiting(self) -> int:
        """Approvals that wait for somebody's decision."""
        return self.excuses + self.proposals


_ROWS = """
WITH team AS (
    SELECT s.id, s.user_id, s.number, s.name, s.line, s.unit_id FROM accounts_staff s
    WHERE s.is_active AND {scope} AND EXISTS (SELECT 1 FROM accounts_post p WHERE p.staff_id = s.id
        AND p.role = 'manager' AND (p.starts_on IS NULL OR p.starts_on <= %(today)s)
        AND (p.ends_on IS NULL OR p.ends_on >= %(today)s))
), duties AS (
    SELECT d.manager_id,
        count(*) FILTER (WHERE d.due_on >= %(first)s) AS owed,
        count(*) FILTER (WHERE d.due_on >= %(first)s AND d.state = 'met') AS met,
        count(*) FILTER (WHERE d.state = 'open' AND d.due_on BETWEEN %(today)s AND %(soon)s) AS at_risk,
        count(*) FILTER (WHERE d.due_on < %(today)s AND d.state = 'provisional') AS provisional
    FROM visits_duty d
    WHERE d.manager_id IN (SELECT id FROM team) AND d.due_on BETWEEN %(recent)s AND %(last)s
        AND d.purpose = 'contact' AND d.state IN ('open', 'met', 'provisional', 'missed')
    GROUP BY d.manager_id
), standings AS (
    SELECT st.manager_id, count(*) AS customers, count(*) FILTER (WHERE st.is_overdue) AS overdue
    FROM accounts_standing st WHERE st.manager_id IN (SELECT id FROM team) GROUP BY st.manager_id
), excuses AS (
    SELECT d.manager_id, count(*) AS waiting FROM visits_excuse e JOIN visits_duty d ON d.id = e.duty_id
    WHERE e.state = 'requested' GROUP BY d.manager_id
), proposals AS (
    SELECT c.manager_id, count(*) AS waiting FROM accounts_tierproposal t
    JOIN accounts_customer c ON c.id = t.customer_id WHERE t.state = 'open' GROUP BY c.manager_id
)
SELECT team.id, team.user_id, team.number, team.name, team.line, team.unit_id,
    COALESCE(st.customers, 0), COALESCE(d.owed, 0), COALESCE(d.met, 0), COALESCE(d.at_risk, 0),
    COALESCE(st.overdue, 0), COALESCE(d.provisional, 0),
    (SELECT v.logged_at FROM visits_visit v WHERE v.staff_id = team.id AND v.undone_at IS NULL
        ORDER BY v.occurred_at DESC LIMIT 1),
    COALESCE(e.waiting, 0), COALESCE(t.waiting, 0)
FROM team LEFT JOIN duties d ON d.manager_id = team.id LEFT JOIN standings st ON st.manager_id = team.id
LEFT JOIN excuses e ON e.manager_id = team.id LEFT JOIN proposals t ON t.manager_id = team.id
ORDER BY COALESCE(st.overdue, 0) DESC, COALESCE(d.owed, 0) - COALESCE(d.met, 0) DESC, team.number
"""
_AWAY = """
SELECT 'leave', l.staff_id, NULL::bigint, l.starts_on, l.ends_on FROM accounts_leave l
WHERE l.staff_id = ANY(%(staff)s) AND l.ends_on >= %(today)s AND l.starts_on <= %(horizon)s
UNION ALL
SELECT 'cover', c.absent_id, c.substitute_id, c.starts_on, c.ends_on FROM accounts_cover c
WHERE (c.absent_id = ANY(%(staff)s) OR c.substitute_id = ANY(%(staff)s)) AND c.cancelled_at IS NULL
    AND %(today)s BETWEEN c.starts_on AND c.ends_on
ORDER BY 4
"""


def team_rows(scope: Scope, today: date) -> list[TeamRow]:
    """The managers of the scope, those furthest behind first; two statements however many they are."""
    if scope.is_empty:
        return []
    first, last = month_of(today)
    condition, scope_params = _named_scope(scope)
    params: dict[str, Any] = scope_params | {
        "today": today,
        "first": first,
        "last": last,
        "recent": first - timedelta(days=93),
        "soon": today + timedelta(days=int(parameters.value("due_soon_days", today))),
        "horizon": last + timedelta(days=31),
    }
    with connection.cursor() as cursor:
        cursor.execute(_ROWS.format(scope=condition), params)
        rows = cursor.fetchall()
        cursor.execute(_AWAY, params | {"staff": [row[0] for row in rows]})
        away = _Away(cursor.fetchall(), today, last)
    slots = int(parameters.value("day_slots", today))
    return [_team_row(row, away, slots) for row in rows]


def _team_row(row: Sequence[Any], away: _Away, slots: int) -> TeamRow:
    staff_id = row[0]
    return TeamRow(
        staff_id=staff_id,
        user_id=row[1],
        number=row[2],
        name=row[3],
        line=row[4],
        unit_id=row[5],
        unit_name=names.unit_name(row[5]),
        customers=row[6],
        owed=row[7],
        met=row[8],
        at_risk=row[9],
        overdue=row[10],
        provisional=row[11],
        last_logged_at=row[12],
        working_days_left=away.working,
        slots_left=away.free_days(staff_id) * slots,
        away_until=away.until(staff_id),
        next_leave_on=away.next_leave(staff_id),
        covered_by=away.covered_by.get(staff_id),
        covers=tuple(away.covers[staff_id]),
        excuses=row[13],
        proposals=row[14],
    )


def _named_scope(scope: Scope) -> tuple[str, dict[str, Any]]:
    """The scope over staff with named parameters, for a statement that has others."""
    if scope.everything:
        return "TRUE", {}
    return "(s.unit_id = ANY(%(units)s) OR s.id = ANY(%(people)s))", {
        "units": list(scope.unit_ids),
        "people": list(scope.manager_ids),
    }


class _Away:
    """Leave and cover of the people on the page."""

    def __init__(self, rows: Sequence[Sequence[Any]], today: date, last: date) -> None:
        self.today = today
        self.days = frozenset(working_days.calendar().days(today, last))
        self.working = len(self.days)
        self.leaves: dict[int, list[tuple[date, date]]] = defaultdict(list)
        self.covered_by: dict[int, CoverMark] = {}
        self.covers: dict[int, list[CoverMark]] = defaultdict(list)
        for kind, staff_id, other_id, starts_on, ends_on in rows:
            if kind == "leave":
                self.leaves[staff_id].append((starts_on, ends_on))
            else:
                self.covered_by[staff_id] = CoverMark(other_id, names.staff_name(other_id), ends_on)
                self.covers[other_id].append(CoverMark(staff_id, names.staff_name(staff_id), ends_on))

    def free_days(self, staff_id: int) -> int:
        """Working days left in the month, leave taken out."""
        leaves = self.leaves[staff_id]
        return sum(not any(first <= day <= last for first, last in leaves) for day in self.days)

    def until(self, staff_id: int) -> date | None:
        """Last day of a leave that is on today."""
        return next((last for first, last in self.leaves[staff_id] if first <= self.today <= last), None)

    def next_leave(self, staff_id: int) -> date | None:
        """First day of the next leave."""
        return next((first for first, __ in self.leaves[staff_id] if first > self.today), None)

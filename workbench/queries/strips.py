"""What other registers bring to Today: call-backs for a colleague (CON-13), the way out (SEC-7), tasks, open cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.queries import names
from complaints.rules.cases import OPEN
from conduct.queries.day_plans import IN_ORDER, REGISTERS, STILL_TO_COME, destination_of
from crm.core.marks import due_words
from crm.core.prepared import run
from workbench.queries.case_things import OPEN_CASES, OpenCases, open_cases
from workbench.queries.reasons import clock_words

SHORT = 120

# One statement, five short lists: calls of others' customers, one's outing of today, what is planned on site, tasks
# that concern no customer, open cases of one's customers.
_STRIPS = f"""
SELECT 'call', m.id, c.name, m.manager_id, m.due_at, CASE WHEN m.tried_at IS NULL THEN 'waiting' ELSE 'tried' END, 0,
  NULL::timestamptz
FROM visits_missedcall m JOIN accounts_customer c ON c.id = m.customer_id
WHERE m.holder_id = %(staff)s AND m.state IN ('waiting', 'tried')
  AND (c.manager_id IS NULL OR c.manager_id <> ALL(%(managers)s))
UNION ALL
SELECT 'outing', o.id, o.destination, NULL, o.returns_at, o.state, CASE WHEN o.state = 'out' THEN 0 ELSE 1 END, NULL
FROM conduct_outing o WHERE o.staff_id = %(staff)s AND o.day = %(today)s AND o.state IN ('out', 'registered')
UNION ALL
SELECT 'item', i.id, j.name, NULL, NULL, i.half, row_number() OVER (ORDER BY {IN_ORDER}), NULL
FROM {REGISTERS} WHERE p.staff_id = %(staff)s AND i.planned_on = %(today)s AND {STILL_TO_COME}
UNION ALL
SELECT 'task', t.id, t.title, NULL, t.due_on::timestamptz, '', t.due_on - %(today)s, NULL
FROM accounts_task t WHERE t.staff_id = ANY(%(managers)s) AND t.state = 'open' AND t.kind = 'assigned'
  AND t.customer_id IS NULL AND t.due_on <= %(today)s + 7
UNION ALL
SELECT 'case', * FROM ({OPEN_CASES}) k
ORDER BY 1, 7, 5, 6, 2
"""


@dataclass(frozen=True, slots=True)
class PassedOnLine:
    """A call-back that came to him up the ladder, as the template shows it."""

    url: str
    name: str
    text: str
    clock: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class OutingStrip:
    """What Today offers: "back", "leaving" with a registered outing or the day plan, or to register one."""

    state: str
    outing_id: int | None = None
    destination: str = ""
    returns_at: datetime | None = None
    planned: int = 0


@dataclass(frozen=True, slots=True)
class AssignedLine:
    """A task that was given to him and concerns no customer (PLAN-17), due within a week."""

    url: str
    title: str
    due_on: date
    words: str
    look: str


@dataclass(frozen=True, slots=True)
class Strips:
    """All of it."""

    calls: list[PassedOnLine]
    outing: OutingStrip
    tasks: list[AssignedLine]
    cases: OpenCases


def strips(staff_id: int, manager_ids: Sequence[int], today: date, now: datetime) -> Strips:
    """All of it, from one statement."""
    params = {"staff": staff_id, "managers": list(manager_ids), "today": today, "open": list(OPEN)}
    types = {"staff": "bigint", "managers": "bigint[]", "today": "date", "open": "varchar[]"}
    with connection.cursor() as cursor:
        run(cursor, _STRIPS, params, types)
        rows = cursor.fetchall()
    calls = [_line(row, now) for row in rows if row[0] == "call"]
    outing = _outing([row for row in rows if row[0] == "outing"], [row[2] for row in rows if row[0] == "item"])
    tasks = [
        AssignedLine(reverse("accounts:task_detail", args=[task_id]), title, due_on, *due_words(due_on, today))
        for task_id, title, due_on in ((row[1], row[2], today + timedelta(row[6])) for row in rows if row[0] == "task")
    ]
    return Strips(calls, outing, tasks, open_cases([row[1:] for row in rows if row[0] == "case"], now))


def _line(row: Sequence[Any], now: datetime) -> PassedOnLine:
    _source, call_id, name, manager_id, due_at, state, *_rest = row
    manager = names.staff_name(manager_id)
    waits = state == "waiting"
    return PassedOnLine(
        url=reverse("visits:missed_call_detail", args=[call_id]),
        name=name,
        text=_("customer of %(name)s") % {"name": manager} if manager else "",
        clock=clock_words(due_at, now) if waits else "",
        is_late=waits and due_at < now,
    )


def _outing(outings: Sequence[Sequence[Any]], planned: Sequence[str]) -> OutingStrip:
    """Who is out taps "back"; else the registered outing, else the accepted plan, which is the registration."""
    if outings:
        _source, outing_id, destination, _manager, returns_at, state, *_rest = outings[0]
        return OutingStrip(state, outing_id, destination, returns_at)
    if planned:
        return OutingStrip("planned", None, destination_of(planned, SHORT), None, len(planned))
    return OutingStrip("none")

"""The ring of Today: duties of the month met and owed, and whether what is left fits into the days left."""

from __future__ import annotations

import calendar as months
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection

from crm.core import parameters, working_days
from crm.core.prepared import run


@dataclass(frozen=True, slots=True)
class Ring:
    """The top strip of Today (screens 1); contact duties due this month, excused ones in neither number."""

    met: int
    owed: int
    at_risk: int
    overdue: int
    provisional: int
    working_days_left: int
    slots_left: int
    fits: bool
    face_to_face: int = 0

    @property
    def left(self) -> int:
        """Still to do this month."""
        return self.owed - self.met


_SQL = """
SELECT count(*) FILTER (WHERE d.state = 'met'),
    count(*),
    count(*) FILTER (WHERE d.state = 'open' AND d.due_on BETWEEN %(today)s AND %(soon)s),
    (SELECT count(*) FROM accounts_standing s WHERE s.manager_id = ANY(%(managers)s) AND s.is_overdue),
    (SELECT count(*) FROM visits_duty p WHERE p.manager_id = ANY(%(managers)s) AND p.state = 'provisional'
        AND p.purpose = 'contact' AND p.due_on >= %(recent)s),
    (SELECT count(*) FROM visits_duty f WHERE f.manager_id = ANY(%(managers)s) AND f.state = 'open'
        AND f.purpose = 'face_to_face' AND f.due_on <= %(last)s),
    (SELECT array_agg(DISTINCT g.day::date) FROM accounts_leave l,
        generate_series(GREATEST(l.starts_on, %(today)s), LEAST(l.ends_on, %(last)s), interval '1 day') AS g(day)
        WHERE l.staff_id = %(staff)s AND l.ends_on >= %(today)s AND l.starts_on <= %(last)s)
FROM visits_duty d
WHERE d.manager_id = ANY(%(managers)s) AND d.due_on BETWEEN %(first)s AND %(last)s AND d.purpose = 'contact'
    AND d.state IN ('open', 'met', 'provisional', 'missed')
"""


_TYPES = {
    "managers": "bigint[]",
    "staff": "bigint",
    "today": "date",
    "soon": "date",
    "recent": "date",
    "first": "date",
    "last": "date",
}


def month_of(today: date) -> tuple[date, date]:
    """First and last day of the month."""
    return today.replace(day=1), today.replace(day=months.monthrange(today.year, today.month)[1])


def ring(manager_ids: Sequence[int], today: date, *, staff_id: int | None = None) -> Ring:
    """The ring of a manager (with those he covers); the capacity is that of `staff_id`, the first id without it."""
    first, last = month_of(today)
    owner = staff_id if staff_id is not None else (manager_ids[0] if manager_ids else 0)
    params: dict[str, Any] = {
        "managers": list(manager_ids),
        "staff": owner,
        "today": today,
        "soon": today + timedelta(days=int(parameters.value("due_soon_days", today))),
        "recent": first - timedelta(days=93),
        "first": first,
        "last": last,
    }
    with connection.cursor() as cursor:
        run(cursor, _SQL, params, _TYPES)
        met, owed, at_risk, overdue, provisional, face_to_face, away = cursor.fetchone()
    calendar = working_days.calendar()
    working = list(calendar.days(today, last))
    free = len(set(working) - set(away or ()))
    slots = free * int(parameters.value("day_slots", today))
    return Ring(
        met=met,
        owed=owed,
        at_risk=at_risk,
        overdue=overdue,
        provisional=provisional,
        working_days_left=len(working),
        slots_left=slots,
        fits=owed - met <= slots,
        face_to_face=face_to_face,
    )

"""The list of work logs (PLAN-3, F26): filters that stand in the address, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from crm.core.pages import Keyset
from crm.core.scope import Scope
from visits.queries.journal.day_logs import LOG, LogRow

LOG_ORDER = Keyset(order=('-l."on"', "-l.id"), limit=50, types=(date, int))
_OWED = """(core_is_working(l."on") AND NOT EXISTS (SELECT FROM accounts_leave a WHERE a.staff_id = l.staff_id
    AND l."on" BETWEEN a.starts_on AND a.ends_on))"""


@dataclass(frozen=True, slots=True)
class LogFilters:
    """What the list of logs is narrowed to."""

    staff_id: int | None = None
    state: str = ""
    first: date | None = None
    last: date | None = None
    kept: bool | None = None
    owed: bool | None = None
    """Of a working day without leave: the days F26 counts."""
    reviewed: bool | None = None


def log_list(people: Scope, filters: LogFilters, cursor: str | None = None) -> tuple[Sequence[LogRow], str | None]:
    """Work logs of the people in scope, newest first."""
    condition, params = people.sql_for(unit="s.unit_id", manager="l.staff_id")
    parts = [condition]
    for text, value in (
        ("l.staff_id = %s", filters.staff_id),
        ("l.review_state = %s", filters.state or None),
        ('l."on" >= %s', filters.first),
        ('l."on" <= %s', filters.last),
        ("(l.closed_by_id IS NOT NULL OR l.entries > 0) = %s", filters.kept),
        (f"{_OWED} = %s", filters.owed),
        ("(l.review_state <> 'waiting') = %s", filters.reviewed),
    ):
        if value is not None:
            parts.append(text)
            params = [*params, value]
    after, place = LOG_ORDER.where(cursor)
    with connection.cursor() as db:
        db.execute(
            f"SELECT {LOG} FROM visits_daylog l JOIN accounts_staff s ON s.id = l.staff_id"
            f" WHERE {' AND '.join(parts)} AND {after} ORDER BY {LOG_ORDER.order_sql} LIMIT %s",
            [*params, *place, LOG_ORDER.limit + 1],
        )
        rows = [LogRow(*row) for row in db.fetchall()]
    return LOG_ORDER.page(rows, lambda row: (row.on, row.id))

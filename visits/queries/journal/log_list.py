"""The list of work logs (PLAN-3, F26): filters that stand in the address, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

from accounts.queries.holders import is_away
from crm.core.measure_sql import named
from crm.core.pages import Keyset
from crm.core.scope import Scope
from visits.queries import review_sql as review
from visits.queries.journal.day_logs import LOG, LogRow

LOG_ORDER = Keyset(order=('-l."on"', "-l.id"), limit=50, types=(date, int))
_OWED = f"""(core_is_working(l."on") AND NOT {is_away("l.staff_id", 'l."on"')})"""


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
    asked: bool | None = None
    """Remarkable or drawn: what F26 wants to be read."""


def log_list(people: Scope, filters: LogFilters, cursor: str | None = None) -> tuple[Sequence[LogRow], str | None]:
    """Work logs of the people in scope, newest first."""
    condition, params = people.sql_for(unit="s.unit_id", manager="l.staff_id")
    parts = [condition]
    for text, value in (
        ("l.staff_id = %s", filters.staff_id),
        ("l.review_state = %s", filters.state or None),
        ('l."on" >= %s', filters.first),
        ('l."on" <= %s', filters.last),
        (f"{review.LOG_KEPT} = %s", filters.kept),
        (f"{_OWED} = %s", filters.owed),
        (f"{review.LOG_REVIEWED} = %s", filters.reviewed),
        (f"{review.LOG_ASKED} = %s", filters.asked),
    ):
        if value is not None:
            parts.append(text)
            params = [*params, value]
    after, place = LOG_ORDER.where(cursor)
    facts = review.LOG_FACTS if filters.asked is not None else ""
    sql, bound = named(
        f"SELECT {LOG} FROM visits_daylog l JOIN accounts_staff s ON s.id = l.staff_id {facts}"
        f" WHERE {' AND '.join(parts)} AND {after} ORDER BY {LOG_ORDER.order_sql} LIMIT %s",
        [*params, *place, LOG_ORDER.limit + 1],
    )
    with connection.cursor() as db:
        db.execute(sql, bound | review.values())
        rows = [LogRow(*row) for row in db.fetchall()]
    return LOG_ORDER.page(rows, lambda row: (row.on, row.id))

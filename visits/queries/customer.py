"""What the customer page shows of keeping in touch: timeline and duties."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from accounts.choices import Purpose
from accounts.queries import names
from crm.core.pages import decode_cursor, encode_cursor
from crm.core.prepared import run
from crm.core.scope import Scope
from visits.choices import DutyState, ExcuseState
from visits.queries.rows import COLUMNS, SOURCE, VisitRow, visit_rows


@dataclass(frozen=True, slots=True)
class Timeline:
    """A stretch of the timeline, newest first, and where the next one begins."""

    rows: list[VisitRow]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class DutyRow:
    """One period of the promise, newest first; the highest revision only."""

    id: int
    purpose: str
    starts_on: date
    owed_from: date
    due_on: date
    suggested_on: date
    state: str
    met_by_id: int | None
    met_on: date | None
    manager_id: int | None
    tier_id: int | None
    is_introduction: bool
    is_frozen: bool
    revision: int
    correction_reason: str
    excuse_state: str
    excuse_id: int | None

    @property
    def state_label(self) -> str:
        """The state in words."""
        return str(DutyState(self.state).label)

    @property
    def purpose_label(self) -> str:
        """What is owed, in words."""
        return str(Purpose(self.purpose).label)

    @property
    def manager_name(self) -> str:
        """Who is credited."""
        return names.staff_name(self.manager_id)

    @property
    def can_be_excused(self) -> bool:
        """Whether an excuse may still be asked for."""
        return (
            self.state in (DutyState.OPEN, DutyState.PROVISIONAL)
            and not self.is_frozen
            and self.excuse_state != ExcuseState.REQUESTED
        )


def timeline(
    scope: Scope, customer_id: int, *, before: str | None = None, limit: int = 20, with_undone: bool = False
) -> Timeline:
    """Visits of one customer, newest first; `before` is the cursor of the last answer."""
    condition, params = scope.sql("c")
    after = ""
    if before:
        moment, last_id = decode_cursor(before, 2, (datetime, int))
        after = "AND (v.occurred_at, v.id) < (%s, %s)"
        params = [*params, customer_id, moment, last_id]
    else:
        params = [*params, customer_id]
    undone = "" if with_undone else "AND v.undone_at IS NULL"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {COLUMNS} {SOURCE} WHERE {condition} AND v.customer_id = %s {after} {undone}"
            " ORDER BY v.occurred_at DESC, v.id DESC LIMIT %s",
            [*params, limit + 1],
        )
        rows = visit_rows(cursor.fetchall())
    if len(rows) <= limit:
        return Timeline(rows, None)
    rows = rows[:limit]
    return Timeline(rows, encode_cursor((rows[-1].occurred_at, rows[-1].id)))


_DUTIES = """
SELECT * FROM (
    SELECT DISTINCT ON (d.rule_id, d.starts_on) d.id, d.purpose, d.starts_on, d.owed_from, d.due_on, d.suggested_on,
        d.state, d.met_by_id, d.met_on, d.manager_id, d.tier_id, d.is_introduction, d.frozen_at IS NOT NULL,
        d.revision, d.correction_reason, COALESCE(e.state, ''), e.id
    FROM visits_duty d JOIN accounts_customer c ON c.id = d.customer_id
    LEFT JOIN LATERAL (SELECT x.id, x.state FROM visits_excuse x WHERE x.duty_id = d.id ORDER BY x.id DESC LIMIT 1) e
        ON true
    WHERE {scope} AND d.customer_id = %s AND d.state <> 'void'
    ORDER BY d.rule_id, d.starts_on, d.revision DESC
) rows ORDER BY due_on DESC, purpose LIMIT %s
"""


def duties_of(scope: Scope, customer_id: int, *, limit: int = 24) -> list[DutyRow]:
    """The periods of one customer, newest first; a corrected one as it stands now (decisions 2)."""
    condition, params = scope.sql("c")
    with connection.cursor() as cursor:
        types = [*["bigint[]"] * len(params), "bigint", "bigint"]
        run(cursor, _DUTIES.format(scope=condition), [*params, customer_id, limit], types)
        return [DutyRow(*row) for row in cursor.fetchall()]

"""Churn analyses: what is to be written, what is overdue, one of them (RET-8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from django.db import connection

from accounts.queries import names
from accounts.queries.names import TierView
from crm.core.abilities import Access
from crm.core.errors import NotFound
from crm.core.scope import Scope
from retention.choices import AnalysisState, CauseCategory, LossKind
from retention.queries.losses import EDITS, SEES

LIMIT = 50
_FACTS = 16


@dataclass(frozen=True, slots=True)
class AnalysisRow:
    """An analysis with its loss. A customer whom the reader may no longer see has no name (decisions 6)."""

    id: int
    record_id: int
    customer_id: int | None
    customer: str | None
    tier_id: int | None
    manager_id: int | None
    unit_id: int
    loss_kind: str
    lost_on: date
    competitor_id: int | None
    due_on: date
    state: str
    cause: str
    depth: str
    countermeasure: str
    lesson: str
    facts: Mapping[str, Any]
    article: str | None
    analysed_by: str | None
    analysed_at: datetime | None
    version: int

    @property
    def is_done(self) -> bool:
        """Whether it is written."""
        return self.state == AnalysisState.DONE

    def is_late(self, today: date) -> bool:
        """Whether it should have been written by now."""
        return not self.is_done and self.due_on < today

    @property
    def tier(self) -> TierView | None:
        """The tier of the day he was lost."""
        return names.tier(self.tier_id)

    @property
    def manager(self) -> str:
        """Who had him then; empty: nobody."""
        return names.staff_name(self.manager_id)

    @property
    def unit(self) -> str:
        """Where he belonged."""
        return names.unit_name(self.unit_id)

    @property
    def cause_label(self) -> str:
        """Why he left, in words."""
        return str(CauseCategory(self.cause).label) if self.cause else ""

    @property
    def loss_label(self) -> str:
        """How he left, in words."""
        return str(LossKind(self.loss_kind).label)


_ROWS = """
SELECT a.id, r.id, CASE WHEN {seen} THEN c.id END, CASE WHEN {seen} THEN c.name END, r.tier_at_loss_id, r.manager_id,
  r.unit_id, r.kind, r.lost_on, r.competitor_id, a.due_on, a.state, a.cause, a.depth, a.countermeasure, a.lesson,
  a.facts::text, t.code, u.name, a.analysed_at, a.version
FROM retention_churnanalysis a JOIN retention_churnrecord r ON r.id = a.record_id
JOIN accounts_customer c ON c.id = r.customer_id LEFT JOIN core_user u ON u.id = a.analysed_by_id
LEFT JOIN core_article t ON t.id = a.article_id
WHERE NOT r.is_void AND {where}
"""
_STATES = {
    "due": ("a.state = 'due'", ()),
    "late": ("a.state = 'due' AND a.due_on < %s", ("today",)),
    "done": ("a.state = 'done'", ()),
}
STATES = tuple(_STATES)


def analyses(
    access: Access, *, today: date, state: str = "", unit_ids: Sequence[int] = (), manager_id: int | None = None,
    cause: str = "", after: tuple[date, int] | None = None,
) -> list[AnalysisRow]:  # fmt: skip
    """Those to be written first as they are due, then the latest; at most one more than are shown."""
    where, params = access.scope_for(SEES).sql_for(unit="r.unit_id", manager="r.manager_id")
    seen, seen_params = access.scope.sql("c")
    parts = [where]
    if state:
        condition, marks = _STATES[state]
        parts.append(condition)
        params = [*params, *(today for _mark in marks)]
    for value, condition in (
        (list(unit_ids), "r.unit_id = ANY(%s)"), (manager_id, "r.manager_id = %s"), (cause, "a.cause = %s"),
    ):  # fmt: skip
        if value:
            parts.append(condition)
            params = [*params, value]
    if after is not None:
        parts.append("(a.due_on, a.id) < (%s, %s)")
        params = [*params, *after]
    sql = _ROWS.format(seen=seen, where=" AND ".join(parts)) + " ORDER BY a.due_on DESC, a.id DESC LIMIT %s"
    return _read(sql, [*seen_params * 2, *params, LIMIT + 1])


def analysis_for(access: Access, analysis_id: int) -> AnalysisRow:
    """One analysis in sight, or 404."""
    where, params = access.scope_for(SEES).sql_for(unit="r.unit_id", manager="r.manager_id")
    seen, seen_params = access.scope.sql("c")
    rows = _read(_ROWS.format(seen=seen, where=f"a.id = %s AND {where}"), [*seen_params * 2, analysis_id, *params])
    if not rows:
        raise NotFound
    return rows[0]


def analysis_of_loss(record_id: int) -> int | None:
    """The analysis of a loss already in sight."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM retention_churnanalysis WHERE record_id = %s", [record_id])
        row = cursor.fetchone()
    return int(row[0]) if row else None


def may_write(access: Access, row: AnalysisRow) -> bool:
    """Whether the reader may analyse this loss: who had the customer, or leads the unit."""
    return access.scope_for(EDITS).allows(unit_id=row.unit_id, manager_id=row.manager_id)


def counts(scope: Scope, today: date) -> tuple[int, int]:
    """(to be written, overdue), for the chips of the list."""
    where, params = scope.sql_for(unit="r.unit_id", manager="r.manager_id")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*), count(*) FILTER (WHERE a.due_on < %s) FROM retention_churnanalysis a"
            " JOIN retention_churnrecord r ON r.id = a.record_id WHERE a.state = 'due' AND NOT r.is_void"
            f" AND {where}",
            [today, *params],
        )
        row = cursor.fetchone()
    return int(row[0]), int(row[1])


def _read(sql: str, params: Sequence[Any]) -> list[AnalysisRow]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [AnalysisRow(*_told(row)) for row in cursor.fetchall()]


def _told(row: Sequence[Any]) -> list[Any]:
    return [*row[:_FACTS], orjson.loads(row[_FACTS]), *row[_FACTS + 1 :]]

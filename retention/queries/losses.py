"""Losses: the list, one of them, their counts by unit and competitor (RET-1, RET-14)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from accounts.choices import CustomerKind
from accounts.queries import names
from accounts.queries.names import TierView
from crm.core.abilities import Access
from crm.core.errors import NotFound
from crm.core.scope import Scope
from retention.choices import LossKind
from retention.queries.measures import COUNTED, IN_DIAMOND_GOLD

SEES, EDITS = "view_churn", "edit_churn"
LIMIT = 50


@dataclass(frozen=True, slots=True)
class CompetitorView:
    """A competitor as filters and lists show it."""

    id: int
    code: str
    label_zh: str
    label_en: str
    is_active: bool

    def label(self, *, english: bool) -> str:
        """The label in one of the two languages."""
        return self.label_en if english else self.label_zh


def competitors() -> list[CompetitorView]:
    """Every competitor in its order (RET-14)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, code, label_zh, label_en, is_active FROM retention_competitor ORDER BY position, id")
        return [CompetitorView(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class LossRow:
    """A loss on the list. A customer whom the reader may no longer see has no name and no link (decisions 6)."""

    id: int
    customer_id: int | None
    customer_name: str | None
    number: str | None
    customer_kind: str
    kind: str
    lost_on: date
    tier_id: int | None
    manager_id: int | None
    unit_id: int
    competitor_id: int | None
    cause: str
    returned_on: date | None
    is_void: bool
    edited_by: str | None
    edited_at: datetime | None
    version: int

    @property
    def tier(self) -> TierView | None:
        """The tier of the day he was lost."""
        return names.tier(self.tier_id)

    @property
    def kind_label(self) -> str:
        """How he was lost, in words."""
        return str(LossKind(self.kind).label)

    @property
    def customer_kind_label(self) -> str:
        """What kind of customer he was."""
        return str(CustomerKind(self.customer_kind).label)

    @property
    def manager(self) -> str:
        """Who had him then; empty: nobody."""
        return names.staff_name(self.manager_id)

    @property
    def unit(self) -> str:
        """The unit he belonged to."""
        return names.unit_name(self.unit_id)


_ROWS = """
SELECT r.id, CASE WHEN {seen} THEN c.id END, CASE WHEN {seen} THEN c.name END, CASE WHEN {seen} THEN c.number END,
  r.customer_kind, r.kind, r.lost_on, r.tier_at_loss_id, r.manager_id, r.unit_id, r.competitor_id, r.cause,
  r.returned_on, r.is_void, e.name, r.edited_at, r.version
FROM retention_churnrecord r JOIN accounts_customer c ON c.id = r.customer_id
LEFT JOIN core_user e ON e.id = r.edited_by_id
WHERE {where}
"""
_NAMED = {
    "first": "r.lost_on >= %s",
    "last": "r.lost_on <= %s",
    "kind": "r.kind = %s",
    "customer_kind": "r.customer_kind = %s",
    "competitor_id": "r.competitor_id IS NOT DISTINCT FROM %s",
    "tier_ids": "r.tier_at_loss_id = ANY(%s)",
    "unit_ids": "r.unit_id = ANY(%s)",
    "manager_id": "r.manager_id IS NOT DISTINCT FROM %s",
    "is_void": "r.is_void = %s",
}
_FLAGS = {
    "no_cause": "r.cause = ''",
    "returned": "r.returned_on IS NOT NULL",
    "vips": COUNTED,
    "diamond_gold": f"{COUNTED} AND {IN_DIAMOND_GOLD}",
}


def conditions(scope: Scope, filters: Mapping[str, Any]) -> tuple[list[str], list[Any]]:
    """The filters of an address as conditions on losses `r`, inside the scope."""
    where, params = scope.sql_for(unit="r.unit_id", manager="r.manager_id")
    parts = [where]
    for name, value in filters.items():
        if name in _FLAGS:
            parts.append(_FLAGS[name])
        else:
            parts.append(_NAMED[name])
            params = [*params, value]
    return parts, params


def losses(
    access: Access,
    filters: Mapping[str, Any],
    *,
    search: str = "",
    after: tuple[date, int] | None = None,
    limit: int = LIMIT,
) -> list[LossRow]:
    """The latest first; at most one more than are shown. Names are searched among customers in sight only."""
    parts, params = conditions(access.scope_for(SEES), filters)
    seen, seen_params = access.scope.sql("c")
    if search:
        escaped = search.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
        parts.append(f"({seen}) AND (c.name ILIKE %s OR c.number = %s)")
        params = [*params, *seen_params, f"%{escaped}%", search.upper()]
    if after is not None:
        parts.append("(r.lost_on, r.id) < (%s, %s)")
        params = [*params, *after]
    sql = _ROWS.format(seen=seen, where=" AND ".join(parts)) + " ORDER BY r.lost_on DESC, r.id DESC LIMIT %s"
    return _read(sql, [*seen_params * 3, *params, limit + 1])


def loss_for(access: Access, record_id: int) -> LossRow:
    """One loss in sight, or 404."""
    where, params = access.scope_for(SEES).sql_for(unit="r.unit_id", manager="r.manager_id")
    seen, seen_params = access.scope.sql("c")
    rows = _read(_ROWS.format(seen=seen, where=f"r.id = %s AND {where}"), [*seen_params * 3, record_id, *params])
    if not rows:
        raise NotFound
    return rows[0]


def losses_by_id(access: Access, record_ids: Sequence[int]) -> list[LossRow]:
    """These losses, for a report that names them; in the order of their days."""
    seen, params = access.scope.sql("c")
    sql = _ROWS.format(seen=seen, where="r.id = ANY(%s)") + " ORDER BY r.lost_on, r.id"
    return _read(sql, [*params * 3, list(record_ids)])


def _read(sql: str, params: Sequence[Any]) -> list[LossRow]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [LossRow(*row) for row in cursor.fetchall()]


def may_edit(access: Access, row: LossRow) -> bool:
    """Whether the reader may say why this customer left."""
    return access.scope_for(EDITS).allows(unit_id=row.unit_id, manager_id=row.manager_id)


@dataclass(frozen=True, slots=True)
class LossCount:
    """So many losses of one unit to one competitor."""

    unit_id: int
    competitor_id: int | None
    kind: str
    count: int


def counts(scope: Scope, filters: Mapping[str, Any]) -> list[LossCount]:
    """RET-14: losses by unit and competitor; those who left the network and those who were ported apart."""
    parts, params = conditions(scope, filters)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.unit_id, r.competitor_id, r.kind, count(*) FROM retention_churnrecord r"
            f" WHERE {' AND '.join(parts)} GROUP BY 1, 2, 3",
            params,
        )
        return [LossCount(*row) for row in cursor.fetchall()]

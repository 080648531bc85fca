"""Value assessments as REST clients read them (CUS-16)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm.core.pages import narrowed, rows_by_id
from crm.core.scope import Scope

FILTERS: dict[str, str] = {
    "ids": "x.id = ANY(%s)",
    "customer": "c.number = %s",
    "value_class": "x.value_class = %s",
    "is_current": "x.is_current = %s",
    "assessed_from": "x.assessed_on >= %s",
    "assessed_to": "x.assessed_on <= %s",
}
_ROWS = """
SELECT x.id, c.number, x.assessed_on, x.volume, x.growth, x.potential, x.score, x.value_class, x.note, x.is_current,
  x.at
FROM accounts_valueassessment x JOIN accounts_customer c ON c.id = x.customer_id
WHERE {where}
"""
NAMES = (
    "id", "customer", "assessed_on", "volume", "growth", "potential", "score", "value_class", "note", "is_current",
    "at",
)  # fmt: skip


def value_records(
    scope: Scope, *, filters: Mapping[str, Any], cursor: str = "", limit: int = 100
) -> tuple[list[dict[str, Any]], str | None]:
    """(assessments in sight by id, cursor of the next page)."""
    clause = narrowed(scope.sql("c"), FILTERS, filters)
    rows, following = rows_by_id(_ROWS, "x.id", clause, cursor=cursor, limit=limit)
    return [dict(zip(NAMES, row, strict=True)) for row in rows], following

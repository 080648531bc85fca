"""Missed calls as REST clients read them (CON-13): value rows, staff numbers and unit codes instead of ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm.core.pages import narrowed, rows_by_id
from crm.core.scope import Scope
from crm.core.text import mask_phone

Record = dict[str, Any]
FIELDS = (
    "id", "source", "external_id", "customer", "number", "called_at", "last_called_at", "calls", "state", "manager",
    "unit", "holder", "due_at", "tried_at", "visit", "closed_at",
)  # fmt: skip
_CALLS = """
SELECT m.id, m.external_source, m.external_id, m.customer_id, m.number, m.called_at, m.last_called_at, m.calls,
    m.state, s.number, u.code, h.number, m.due_at, m.tried_at, m.visit_id, m.closed_at
FROM visits_missedcall m JOIN accounts_customer c ON c.id = m.customer_id JOIN accounts_unit u ON u.id = m.unit_id
LEFT JOIN accounts_staff s ON s.id = m.manager_id LEFT JOIN accounts_staff h ON h.id = m.holder_id WHERE {where}
"""
_FILTERS = {
    "ids": "m.id = ANY(%s)",
    "customer": "m.customer_id = %s",
    "state": "m.state = %s",
    "source": "m.external_source = %s",
    "external_id": "m.external_id = %s",
    "called_from": "m.called_at >= %s",
}


def missed_call_records(
    scope: Scope, *, filters: Mapping[str, Any], cursor: str = "", limit: int = 100, is_masked: bool = False
) -> tuple[list[Record], str | None]:
    """(missed calls by id, cursor of the next page)."""
    clause = narrowed(scope.sql("c"), _FILTERS, filters)
    rows, following = rows_by_id(_CALLS, "m.id", clause, cursor=cursor, limit=limit)
    found = [dict(zip(FIELDS, row, strict=True)) for row in rows]
    if is_masked:
        for record in found:
            record["number"] = mask_phone(record["number"])
    return found, following

"""Agreements as REST clients read them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from crm.core.pages import narrowed, rows_by_id
from crm.core.scope import Scope
from sales.queries.records import number_of

Record = dict[str, Any]
FILTERS: dict[str, str] = {
    "ids": "a.id = ANY(%s)",
    "number": "a.number = %s",
    "customer": "c.number = %s",
    "kind": "a.kind = %s",
    "state": "a.state = %s",
    "in_force_on": "%s BETWEEN a.starts_on AND coalesce(a.ends_on, DATE '9999-12-31')",
    "ends_from": "a.ends_on >= %s",
    "ends_to": "a.ends_on <= %s",
    "updated_since": "a.updated_at >= %s",
}
_ROWS = """
SELECT a.id, a.number, c.number, a.kind, a.state, a.signed_on, a.starts_on, a.ends_on, a.terminated_on, p.number,
    n.number, a.our_signer_id, d.name, k.state, k.checked_on, coalesce(u.name, k.checker_name), a.scan_id IS NOT NULL,
    a.note, a.source, a.source_updated_at, a.updated_at, a.version
FROM sales_agreement a JOIN accounts_customer c ON c.id = a.customer_id
LEFT JOIN sales_agreement p ON p.id = a.previous_id LEFT JOIN sales_agreement n ON n.previous_id = a.id
LEFT JOIN accounts_contactperson d ON d.id = a.their_signer_id
LEFT JOIN sales_joiningapplication k ON k.id = a.application_id LEFT JOIN core_user u ON u.id = k.checked_by_id
WHERE {where}
"""
NAMES = (
    "id", "number", "customer", "kind", "state", "signed_on", "starts_on", "ends_on", "terminated_on", "previous",
    "renewed_by", "our_signer", "their_signer", "check_result", "checked_on", "checked_by", "has_scan", "note",
    "source", "source_updated_at", "updated_at", "version",
)  # fmt: skip


def agreement_records(
    scope: Scope, *, filters: Mapping[str, Any], cursor: str = "", limit: int = 100
) -> tuple[list[Record], str | None]:
    """(agreements in sight by id, cursor of the next page)."""
    clause = narrowed(scope.sql("c"), FILTERS, filters)
    rows, following = rows_by_id(_ROWS, "a.id", clause, cursor=cursor, limit=limit)
    return [_record(row) for row in rows], following


def _record(row: tuple[Any, ...]) -> Record:
    found = dict(zip(NAMES, row, strict=True))
    found["our_signer"] = number_of(found["our_signer"])
    return found

"""Losses as REST clients read them: value rows, codes and staff numbers instead of ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.queries import names
from crm.core.pages import narrowed, rows_by_id
from crm.core.scope import Scope
from retention.queries.measures import COUNTED

Record = dict[str, Any]
PLAIN = (
    "id", "customer", "customer_kind", "kind", "lost_on", "tier", "competitor", "cause", "returned_on", "is_void",
    "is_counted", "recorded_at", "edited_at", "version",
)  # fmt: skip
_RECORDS = f"""
SELECT r.id, CASE WHEN {{seen}} THEN r.customer_id END, r.customer_kind, r.kind, r.lost_on, t.code, k.code, r.cause,
  r.returned_on, r.is_void, {COUNTED}, r.recorded_at, r.edited_at, r.version, r.manager_id, r.unit_id
FROM retention_churnrecord r JOIN accounts_customer c ON c.id = r.customer_id
LEFT JOIN accounts_tier t ON t.id = r.tier_at_loss_id LEFT JOIN retention_competitor k ON k.id = r.competitor_id
WHERE {{where}}
"""
FILTERS = {
    "id": "r.id = %s",
    "ids": "r.id = ANY(%s)",
    "customer": "r.customer_id = %s",
    "kind": "r.kind = %s",
    "customer_kind": "r.customer_kind = %s",
    "competitor": "k.code = %s",
    "manager_id": "r.manager_id = %s",
    "unit_ids": "r.unit_id = ANY(%s)",
    "lost_from": "r.lost_on >= %s",
    "lost_to": "r.lost_on <= %s",
    "is_void": "r.is_void = %s",
}


def churn_records(
    scope: Scope, customers: Scope, *, filters: Mapping[str, Any], cursor: str = "", limit: int = 100
) -> tuple[list[Record], str | None]:
    """(losses by id, cursor of the next page); a customer out of sight is null, the loss counts (decisions 6)."""
    clause = narrowed(scope.sql_for(unit="r.unit_id", manager="r.manager_id"), FILTERS, filters)
    seen, seen_params = customers.sql("c")
    if "customer" in filters:
        clause = f"{clause[0]} AND ({seen})", [*clause[1], *seen_params]
    sql = _RECORDS.replace("{seen}", seen)
    rows, following = rows_by_id(sql, "r.id", clause, cursor=cursor, limit=limit, before=seen_params)
    return [_record(row) for row in rows], following


def _record(row: tuple[Any, ...]) -> Record:
    manager_id, unit_id = row[len(PLAIN) :]
    card = names.staff_card(manager_id)
    return dict(zip(PLAIN, row, strict=False)) | {
        "manager": card.number if card else None,
        "unit": names.unit_code(unit_id),
    }

"""Orders and quotas as REST clients read them: codes and staff numbers instead of ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.queries import names
from crm.core.pages import Keyset, narrowed, rows_by_id
from crm.core.scope import Scope
from sales.queries.orders import OrderRow, orders
from sales.queries.things import product_names

Record = dict[str, Any]
QUOTA_FILTERS: dict[str, str] = {
    "ids": "q.id = ANY(%s)",
    "month": "q.month = %s",
    "metric": "q.metric = %s",
    "product_id": "q.product_id = %s",
    "staff_id": "q.staff_id = %s",
    "unit_id": "q.unit_id = %s",
}
_QUOTAS = """
SELECT q.id, q.month, q.metric, q.product_id, q.unit_id, q.staff_id, q.target, q.set_at FROM sales_quota q
WHERE {where}
"""


def number_of(staff_id: int | None) -> str | None:
    """A staff number; null for nobody."""
    card = names.staff_card(staff_id)
    return card.number if card else None


def order_records(
    scope: Scope, customers: Scope, *, filters: Mapping[str, Any], cursor: str = "", limit: int = 100
) -> tuple[list[Record], str | None]:
    """(orders by id, cursor of the next page)."""
    rows, following = orders(scope, customers, filters=filters, keyset=Keyset(("o.id",), limit, (int,)), cursor=cursor)
    products = product_names()
    return [_order(row, products) for row in rows], following


def _order(row: OrderRow, products: Mapping[int, tuple[str, str]]) -> Record:
    return {
        "id": row.id,
        "source": row.source,
        "external_id": row.external_id,
        "staff": number_of(row.staff_id),
        "unit": names.unit_code(row.unit_id),
        "customer": row.customer_number,
        "metric": row.metric,
        "product": products.get(row.product_id or 0, (None, ""))[0],
        "quantity": row.quantity,
        "state": row.state,
        "ordered_on": row.ordered_on,
        "effective_on": row.effective_on,
        "source_updated_at": row.source_updated_at,
        "updated_at": row.updated_at,
        "version": row.version,
    }


def quota_records(
    scope: Scope, *, filters: Mapping[str, Any], cursor: str = "", limit: int = 100
) -> tuple[list[Record], str | None]:
    """(quotas by id, cursor of the next page)."""
    clause = narrowed(scope.sql_for(unit="q.unit_id", manager="q.staff_id"), QUOTA_FILTERS, filters)
    rows, following = rows_by_id(_QUOTAS, "q.id", clause, cursor=cursor, limit=limit)
    products = product_names()
    return [_quota(row, products) for row in rows], following


def _quota(row: Any, products: Mapping[int, tuple[str, str]]) -> Record:
    pk, month, metric, product_id, unit_id, staff_id, target, set_at = row
    return {
        "id": pk,
        "month": f"{month:%Y-%m}",
        "metric": metric,
        "product": products.get(product_id or 0, (None, ""))[0],
        "unit": names.unit_code(unit_id),
        "staff": number_of(staff_id),
        "target": target,
        "set_at": set_at,
    }

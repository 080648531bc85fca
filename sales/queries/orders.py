"""Orders as lists and machines read them; a customer out of sight stays without name (decisions 6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from accounts.queries import names
from crm.core.pages import Keyset
from crm.core.scope import Scope
from sales.queries.measures import counts_in

LIMIT = 50
NEWEST = Keyset(("-o.ordered_on", "-o.id"), LIMIT, (date, int))
COMING = "o.state IN ('promised', 'confirmed')"
"""Told, in effect not yet."""
FILTERS: dict[str, str] = {
    "id": "o.id = %s",
    "ids": "o.id = ANY(%s)",
    "staff_id": "o.staff_id = %s",
    "unit_ids": "o.unit_id = ANY(%s)",
    "customer_id": "o.customer_id = %s",
    "metric": "o.metric = %s",
    "product_id": "o.product_id = %s",
    "state": "o.state = %s",
    "source": "o.source = %s",
    "external_id": "o.external_id = %s",
    "ordered_from": "o.ordered_on >= %s",
    "ordered_to": "o.ordered_on <= %s",
    "effective_from": "o.effective_on >= %s",
    "effective_to": "o.effective_on <= %s",
    # Both marks are the same month.
    "effective_in": counts_in("%s"),
    "ordered_in": "o.ordered_on >= %s AND o.ordered_on < %s + interval '1 month'",
    "coming_by": f"{COMING} AND o.ordered_on < %s + interval '1 month'",
    "is_coming": f"{COMING} AND %s",
    "updated_since": "o.updated_at >= %s",
}
_ORDERS = """
SELECT o.id, o.source, o.external_id, o.staff_id, o.unit_id, c.id, c.number, c.name, o.metric, o.product_id, o.quantity,
    o.state, o.ordered_on, o.effective_on, o.source_updated_at, o.updated_at, o.version
FROM sales_salesorder o LEFT JOIN accounts_customer c ON c.id = o.customer_id AND {customers}
WHERE {where} ORDER BY {order} LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class OrderRow:
    """One order."""

    id: int
    source: str
    external_id: str
    staff_id: int
    unit_id: int
    customer_id: int | None
    customer_number: str | None
    customer_name: str | None
    metric: str
    product_id: int | None
    quantity: int
    state: str
    ordered_on: date
    effective_on: date | None
    source_updated_at: Any
    updated_at: Any
    version: int

    @property
    def staff_name(self) -> str:
        """Who sold it."""
        return names.staff_name(self.staff_id)

    @property
    def unit_name(self) -> str:
        """Where it counts."""
        return names.unit_name(self.unit_id)


def _conditions(scope: Scope, filters: Mapping[str, Any]) -> tuple[str, list[Any]]:
    where, params = scope.sql_for(unit="o.unit_id", manager="o.staff_id")
    parts = [where]
    for name, value in filters.items():
        parts.append(FILTERS[name])
        params = [*params, *[value] * FILTERS[name].count("%s")]
    return " AND ".join(parts), params


def orders(
    scope: Scope, customers: Scope, *, filters: Mapping[str, Any], keyset: Keyset = NEWEST, cursor: str = ""
) -> tuple[list[OrderRow], str | None]:
    """(orders in sight, cursor of the next page); `customers` says whose names may be read."""
    where, params = _conditions(scope, filters)
    named, of_named = customers.sql("c")
    after, place = keyset.where(cursor)
    sql = _ORDERS.format(customers=named, where=f"{where} AND {after}", order=keyset.order_sql)
    with connection.cursor() as db:
        db.execute(sql, [*of_named, *params, *place, keyset.limit + 1])
        found = [OrderRow(*row) for row in db.fetchall()]
    rows, following = keyset.page(found, lambda row: _place(keyset, row))
    return list(rows), following


def _place(keyset: Keyset, row: OrderRow) -> Sequence[Any]:
    return [getattr(row, name.removeprefix("o.")) for name in keyset.columns]


def order_sums(scope: Scope, filters: Mapping[str, Any]) -> tuple[int, int, int]:
    """Over the whole list: orders, their quantity, and the quantity that is in effect."""
    where, params = _conditions(scope, filters)
    with connection.cursor() as db:
        db.execute(
            "SELECT count(*), coalesce(sum(o.quantity), 0),"
            " coalesce(sum(o.quantity) FILTER (WHERE o.state = 'effective'), 0)"
            f" FROM sales_salesorder o WHERE {where}",
            params,
        )
        row: tuple[int, int, int] = db.fetchone()
        return row

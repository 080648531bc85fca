"""Products, subscriptions, usage, uses and bills as REST clients read them: numbers and codes instead of ids."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db import connection

from accounts.models import Product
from crm.core.pages import Keyset
from crm.core.scope import Scope
from crm.core.text import mask_phone

Record = dict[str, Any]
_COMMON: dict[str, str] = {
    "ids": "x.id = ANY(%s)",
    "customer": "c.number = %s",
    "product": "p.code = %s",
    "month": "x.month = %s",
    "month_from": "x.month >= %s",
    "month_to": "x.month <= %s",
    "source": "x.source = %s",
    "external_id": "x.external_id = %s",
    "updated_since": "x.updated_at >= %s",
    "unpaid": "(x.paid_on IS NULL) = %s",
    "bill": "x.bill_id = %s",
    "paid_from": "x.paid_on >= %s",
    "paid_to": "x.paid_on <= %s",
    "due_to": "x.due_on <= %s",
    "active_on": "x.started_on <= %s AND (x.ended_on IS NULL OR x.ended_on >= %s)",
    "member": "m.msisdn = %s",
}
_USAGE = """
SELECT x.id, c.number AS customer, p.code AS product, to_char(x.month, 'YYYY-MM') AS month, x.revenue, x.voice_minutes,
    x.data_mb, x.messages, x.volume, x.active_members, x.active_lines, x.balance, x.source, x.source_updated_at,
    x.updated_at
FROM sales_usagemonth x JOIN accounts_customer c ON c.id = x.customer_id
LEFT JOIN accounts_product p ON p.id = x.product_id
WHERE {where} ORDER BY x.id LIMIT %s
"""
_USES = """
SELECT x.id, c.number AS customer, m.msisdn AS member, p.code AS product, to_char(x.month, 'YYYY-MM') AS month, x.uses,
    x.uses >= coalesce(p.min_uses_per_member, 1) AS is_active, x.updated_at
FROM sales_memberuse x JOIN accounts_groupmember m ON m.id = x.member_id
JOIN accounts_customer c ON c.id = m.customer_id JOIN accounts_product p ON p.id = x.product_id
WHERE {where} ORDER BY x.id LIMIT %s
"""
_BILLS = """
SELECT x.id, c.number AS customer, l.number AS line, to_char(x.month, 'YYYY-MM') AS month, x.amount, x.due_on,
    x.paid_amount, x.paid_on, x.source, x.source_updated_at, x.updated_at
FROM sales_bill x JOIN accounts_customer c ON c.id = x.customer_id LEFT JOIN accounts_line l ON l.id = x.line_id
WHERE {where} ORDER BY x.id LIMIT %s
"""
_PAYMENTS = """
SELECT x.id, x.source, x.external_id, c.number AS customer, l.number AS line, to_char(x.month, 'YYYY-MM') AS month,
    x.bill_id AS bill, x.amount, x.paid_on, x.source_updated_at, x.updated_at
FROM (SELECT p.*, b.month, b.line_id FROM sales_payment p JOIN sales_bill b ON b.id = p.bill_id) x
JOIN accounts_customer c ON c.id = x.customer_id LEFT JOIN accounts_line l ON l.id = x.line_id
WHERE {where} ORDER BY x.id LIMIT %s
"""
_SUBSCRIPTIONS = """
SELECT x.id, x.source, x.external_id, c.number AS customer, p.code AS product, l.number AS line, x.quantity,
    x.attributes, x.consent_note, x.started_on, x.ended_on, x.source_updated_at, x.updated_at, x.version
FROM sales_subscription x JOIN accounts_customer c ON c.id = x.customer_id
JOIN accounts_product p ON p.id = x.product_id LEFT JOIN accounts_line l ON l.id = x.line_id
WHERE {where} ORDER BY x.id LIMIT %s
"""
Lister = Callable[..., tuple[list[Record], str | None]]


def product_records() -> list[Record]:
    """The catalogue (SAL-1, SAL-2)."""
    return [
        {
            "id": row.pk,
            "code": row.code,
            "name": row.name,
            "name_en": row.label_en,
            "category": row.category,
            "min_uses_per_member": row.min_uses_per_member,
            "attributes": row.attributes,
            "needs_consent": row.needs_consent,
            "launched_on": row.launched_on,
            "is_active": row.is_active,
        }
        for row in Product.objects.order_by("position", "code")
    ]


def _record(columns: Sequence[str], row: Sequence[Any]) -> Record:
    found = dict(zip(columns, row, strict=True))
    if isinstance(found.get("attributes"), str):
        found["attributes"] = json.loads(found["attributes"])
    return found


def masked(row: Record) -> Record:
    """The same without whole numbers: browser sessions see them masked."""
    found = row | {name: mask_phone(row[name]) for name in ("line", "member") if row.get(name)}
    if row.get("attributes"):
        found["attributes"] = {
            name: [mask_phone(number) for number in value] if isinstance(value, list) else value
            for name, value in row["attributes"].items()
        }
    return found


def _lister(sql: str) -> Lister:
    def records(
        scope: Scope, *, filters: Mapping[str, Any], cursor: str = "", limit: int = 100
    ) -> tuple[list[Record], str | None]:
        keyset = Keyset(("x.id",), limit, (int,))
        where, params = scope.sql("c")
        parts: list[str] = [where]
        for name, value in filters.items():
            parts.append(_COMMON[name])
            params = [*params, *[value] * _COMMON[name].count("%s")]
        after, place = keyset.where(cursor)
        with connection.cursor() as db:
            db.execute(sql.format(where=" AND ".join([*parts, after])), [*params, *place, limit + 1])
            columns = [column.name for column in db.description]
            found: Sequence[Record] = [_record(columns, row) for row in db.fetchall()]
        rows, following = keyset.page(found, lambda row: [row["id"]])
        return list(rows), following

    return records


usage_records = _lister(_USAGE)
use_records = _lister(_USES)
bill_records = _lister(_BILLS)
payment_records = _lister(_PAYMENTS)
subscription_records = _lister(_SUBSCRIPTIONS)

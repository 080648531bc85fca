"""Counts, sums and a hash of rows by unit, so that a difference between two systems names its unit (对账, sync-api).

The hash of a set of rows does not depend on their order: every row is written as its fields joined by "|" (nothing is
an empty text, amounts have two decimals, days are ISO), in UTF-8; the first 15 hexadecimal digits of its MD5 are a
number; the hash is the sum of these numbers modulo 2^60, as 15 hexadecimal digits. `hash_of` names the fields.
Rows belong to the unit their customer belongs to today.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from accounts.queries import names
from crm.core.scope import Scope

MODULUS = 2**60
KEY = "coalesce(e.external_id, c.number)"
"""The customer's id in the caller's own source, else our number."""


@dataclass(frozen=True)
class Table:
    """What is compared of one type: its rows of a day, their written form, what is summed."""

    rows: str
    fields: Mapping[str, str]
    ability: str
    token_scope: str
    sums: Mapping[str, str] = field(default_factory=dict)
    on: str = "TRUE"


def _money(column: str) -> str:
    return f"coalesce(round({column}, 2)::text, '')"


_IN_FORCE = "({0}.starts_on <= %(day)s AND ({0}.ends_on IS NULL OR {0}.ends_on >= %(day)s))"
TABLES: dict[str, Table] = {
    "customer": Table(
        "accounts_customer c",
        {"customer": KEY, "kind": "c.kind", "name": "c.name", "phone": "c.phone"},
        "view_customers",
        "customers:read",
        {"monthly_spend": "c.monthly_spend"},
        "coalesce(c.joined_on, (c.created_at AT TIME ZONE 'Asia/Shanghai')::date) <= %(day)s"
        " AND (c.exited_on IS NULL OR c.exited_on > %(day)s)",
    ),
    "line": Table(
        "accounts_line r JOIN accounts_customer c ON c.id = r.customer_id",
        {"number": "r.number", "customer": KEY, "opened_on": "r.opened_on::text"},
        "view_customers",
        "lines:read",
        on="r.opened_on <= %(day)s AND (r.closed_on IS NULL OR r.closed_on > %(day)s)",
    ),
    "subscription": Table(
        "sales_subscription r JOIN accounts_customer c ON c.id = r.customer_id"
        " JOIN accounts_product p ON p.id = r.product_id",
        {"external_id": "r.external_id", "customer": KEY, "product": "p.code", "quantity": "r.quantity::text"},
        "view_sales",
        "billing:read",
        {"quantity": "r.quantity"},
        "r.started_on <= %(day)s AND (r.ended_on IS NULL OR r.ended_on > %(day)s)",
    ),
    "usage": Table(
        "sales_usagemonth r JOIN accounts_customer c ON c.id = r.customer_id"
        " LEFT JOIN accounts_product p ON p.id = r.product_id",
        {
            "customer": KEY,
            "product": "coalesce(p.code, '')",
            "month": "to_char(r.month, 'YYYY-MM')",
            "revenue": _money("r.revenue"),
        },
        "view_sales",
        "billing:read",
        {"revenue": "r.revenue", "data_mb": "r.data_mb", "voice_minutes": "r.voice_minutes"},
        "r.month = date_trunc('month', %(day)s::date)::date",
    ),
    "bill": Table(
        "sales_bill r JOIN accounts_customer c ON c.id = r.customer_id LEFT JOIN accounts_line l ON l.id = r.line_id",
        {
            "customer": KEY,
            "line": "coalesce(l.number, '')",
            "month": "to_char(r.month, 'YYYY-MM')",
            "amount": _money("r.amount"),
            "paid_amount": _money("r.paid_amount"),
        },
        "view_sales",
        "billing:read",
        {"amount": "r.amount", "paid_amount": "r.paid_amount"},
        "r.month = date_trunc('month', %(day)s::date)::date",
    ),
    "payment": Table(
        "sales_payment r JOIN accounts_customer c ON c.id = r.customer_id",
        {
            "external_id": "r.external_id",
            "customer": KEY,
            "amount": _money("r.amount"),
            "paid_on": "r.paid_on::text",
        },
        "view_sales",
        "billing:read",
        {"amount": "r.amount"},
        "r.paid_on = %(day)s",
    ),
    "agreement": Table(
        "sales_agreement r JOIN accounts_customer c ON c.id = r.customer_id",
        {
            "number": "r.number",
            "customer": KEY,
            "starts_on": "r.starts_on::text",
            "ends_on": "coalesce(r.ends_on::text, '')",
        },
        "view_sales",
        "agreements:read",
        on=_IN_FORCE.format("r"),
    ),
}


@dataclass
class Side:
    """One unit's part, or all of them together."""

    rows: int = 0
    sums: dict[str, Decimal] = field(default_factory=dict)
    hash: int = 0

    def add(self, other: Side) -> None:
        """Together with another one."""
        self.rows += other.rows
        self.hash = (self.hash + other.hash) % MODULUS
        for name, value in other.sums.items():
            self.sums[name] = self.sums.get(name, Decimal(0)) + value

    def as_json(self) -> dict[str, Any]:
        """As the API gives it."""
        sums = {name: str(value) for name, value in self.sums.items()}
        return {"rows": self.rows, "sums": sums, "hash": f"{self.hash:015x}"}


def compare(scope: Scope, kind: str, *, day: date, source: str) -> dict[str, Any]:
    """The rows of a type on a day: by unit, and all together."""
    table = TABLES[kind]
    condition, params = scope.sql("c")
    found: list[tuple[str, Side]] = []
    total = Side(sums=dict.fromkeys(table.sums, Decimal("0.00")))
    with connection.cursor() as cursor:
        cursor.execute(*_statement(table, condition, params, day, source))
        for unit_id, rows, hashed, *sums in cursor.fetchall():
            side = Side(rows, dict(zip(table.sums, sums, strict=True)), int(hashed))
            found.append((names.unit_code(unit_id), side))
            total.add(side)
    items = [{"unit": code, **side.as_json()} for code, side in sorted(found)]
    return {
        "type": kind,
        "date": day.isoformat(),
        "hash_of": list(table.fields),
        "items": items,
        "total": total.as_json(),
    }


def _statement(
    table: Table, condition: str, params: Sequence[Any], day: date, source: str
) -> tuple[str, dict[str, Any]]:
    """Names of tables and columns are our own constants; what comes from outside is bound."""
    given: dict[str, Any] = {"day": day, "source": source}
    for place, value in enumerate(params):
        given[f"scope{place}"] = value
        condition = condition.replace("%s", f"%(scope{place})s", 1)
    text = " || '|' || ".join(table.fields.values())
    number = f"('x' || left(md5(convert_to({text}, 'UTF8')), 15))::bit(60)::bigint"
    sums = "".join(f", coalesce(round(sum({column}), 2), 0.00)" for column in table.sums.values())
    sql = (
        f"SELECT c.unit_id, count(*), mod(sum({number}), {MODULUS}){sums} FROM {table.rows}"
        " LEFT JOIN accounts_externalid e ON e.customer_id = c.id AND e.source = %(source)s AND e.alias = 0"
        f" WHERE {table.on} AND {condition} GROUP BY c.unit_id"
    )
    return sql, given

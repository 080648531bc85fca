"""The eighty-twenty of a base: the curve of its revenue and the customers of the top fifth (CUS-22).

The ranking and who stands in it are those of the measure behind F44 (accounts.queries.measures.profiles).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from accounts.queries.measures.profiles import is_top, ranked_revenue, served_on
from crm.core.scope import Scope

LIMIT = 15
_BASE = f"""
SELECT c.id, c.monthly_spend AS spend FROM accounts_customer c
WHERE c.monthly_spend IS NOT NULL AND {served_on("c", "%s")} AND {{scope}}
"""
_CURVE = f"""
SELECT ceil(100.0 * r.place / r.many)::int AS hundredth, count(*), sum(r.spend),
    count(*) FILTER (WHERE {is_top("r")}), coalesce(sum(r.spend) FILTER (WHERE {is_top("r")}), 0)
FROM ({{ranked}}) r GROUP BY 1 ORDER BY 1
"""
_TOP = f"""
SELECT c.id, c.name, c.number, c.tier_id, c.manager_id, c.unit_id, s.last_visit_on, r.spend, r.place, r.many
FROM ({{ranked}}) r JOIN accounts_customer c ON c.id = r.id
LEFT JOIN accounts_standing s ON s.customer_id = r.id
WHERE {is_top("r")} AND r.place > %s ORDER BY r.place LIMIT %s
"""


@dataclass(frozen=True, slots=True)
class Curve:
    """How the revenue is spread: so many customers, so much a month, and what the first of them bring together."""

    customers: int
    revenue: Decimal
    top_customers: int
    top_revenue: Decimal
    # Hundredth of the customers → share of the revenue in per cent up to there.
    points: list[tuple[int, float]]

    @property
    def per_cent(self) -> Decimal | None:
        """F44: one decimal; no revenue has no value."""
        return round(100 * self.top_revenue / self.revenue, 1) if self.revenue else None


@dataclass(frozen=True, slots=True)
class TopCustomer:
    """One customer of the top fifth."""

    id: int
    name: str
    number: str
    tier_id: int | None
    manager_id: int | None
    unit_id: int
    last_visit_on: date | None
    spend: Decimal
    place: int
    many: int


def _ranked(scope: Scope, today: date) -> tuple[str, list[Any]]:
    where, params = scope.sql("c")
    return ranked_revenue(_BASE.format(scope=where)), [today, today, *params]


def revenue_curve(scope: Scope, today: date) -> Curve:
    """The base inside a scope, cut into hundredths."""
    ranked, params = _ranked(scope, today)
    with connection.cursor() as cursor:
        cursor.execute(_CURVE.format(ranked=ranked), params)
        rows = cursor.fetchall()
    revenue = sum((row[2] for row in rows), Decimal(0))
    so_far, points = Decimal(0), []
    for hundredth, _count, spend, _top, _top_spend in rows:
        so_far += spend
        points.append((hundredth, round(float(100 * so_far / revenue), 1) if revenue else 0.0))
    top = sum((row[4] for row in rows), Decimal(0))
    return Curve(sum(row[1] for row in rows), revenue, sum(row[3] for row in rows), top, points)


def top_customers(scope: Scope, today: date, *, after: int = 0) -> tuple[list[TopCustomer], int | None]:
    """The customers of the top fifth, the greatest first; and the place to go on from."""
    ranked, params = _ranked(scope, today)
    with connection.cursor() as cursor:
        cursor.execute(_TOP.format(ranked=ranked), [*params, after, LIMIT + 1])
        rows = [TopCustomer(*row) for row in cursor.fetchall()]
    return rows[:LIMIT], rows[LIMIT - 1].place if len(rows) > LIMIT else None

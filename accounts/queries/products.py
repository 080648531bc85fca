"""Products and the minimum price that holds on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection


@dataclass(frozen=True, slots=True)
class ProductLine:
    """A product with the minimum price of the day, in CNY; None: there is none."""

    id: int
    code: str
    name: str
    is_active: bool
    minimum: Decimal | None
    next_minimum: Decimal | None = None
    next_from: date | None = None


_PRODUCTS = """
SELECT p.id, p.code, p.name, p.is_active, now.minimum, later.minimum, later.effective_from
FROM accounts_product p
LEFT JOIN LATERAL (SELECT r.minimum FROM accounts_productprice r WHERE r.product_id = p.id AND r.effective_from <= %s
    ORDER BY r.effective_from DESC LIMIT 1) now ON true
LEFT JOIN LATERAL (SELECT r.minimum, r.effective_from FROM accounts_productprice r WHERE r.product_id = p.id
    AND r.effective_from > %s ORDER BY r.effective_from LIMIT 1) later ON true
WHERE p.is_active OR %s ORDER BY p.position, p.code
"""


def products_on(day: date, *, with_inactive: bool = False) -> list[ProductLine]:
    """The products on sale with their minimum price of the day; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_PRODUCTS, [day, day, with_inactive])
        return [ProductLine(*row) for row in cursor.fetchall()]


def minimum_of(product_ids: Sequence[int], day: date) -> dict[int, Decimal | None]:
    """Product → the minimum price of the day."""
    return {line.id: line.minimum for line in products_on(day, with_inactive=True) if line.id in set(product_ids)}

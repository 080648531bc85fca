"""Products and the minimum price that holds on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from accounts.choices import ProductCategory


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
    category: str = ProductCategory.GOODS
    label_en: str = ""
    min_uses_per_member: int | None = None

    @property
    def category_label(self) -> str:
        """What kind of business it is."""
        return str(ProductCategory(self.category).label)


_PRODUCTS = """
SELECT p.id, p.code, p.name, p.is_active, now.minimum, later.minimum, later.effective_from,
  p.category, p.label_en, p.min_uses_per_member
FROM accounts_product p
LEFT JOIN LATERAL (SELECT r.minimum FROM accounts_productprice r WHERE r.product_id = p.id AND r.effective_from <= %s
    ORDER BY r.effective_from DESC LIMIT 1) now ON true
LEFT JOIN LATERAL (SELECT r.minimum, r.effective_from FROM accounts_productprice r WHERE r.product_id = p.id
    AND r.effective_from > %s ORDER BY r.effective_from LIMIT 1) later ON true
WHERE (p.is_active OR %s) AND (p.category = 'goods' OR %s) ORDER BY p.position, p.code
"""


def products_on(day: date, *, with_inactive: bool = False, with_business: bool = False) -> list[ProductLine]:
    """The goods on sale with their minimum price of the day, and the business customers subscribe to; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_PRODUCTS, [day, day, with_inactive, with_business])
        return [ProductLine(*row) for row in cursor.fetchall()]


def minimum_of(product_ids: Sequence[int], day: date) -> dict[int, Decimal | None]:
    """Product → the minimum price of the day."""
    lines = products_on(day, with_inactive=True, with_business=True)
    return {line.id: line.minimum for line in lines if line.id in set(product_ids)}

"""What the filters and the bulk bar of the board offer."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

from accounts.models import Customer, Product
from accounts.queries import names
from accounts.queries.names import StaffCard
from crm.core.abilities import Access
from crm.core.scope import Scope

MOST_STAFF = 200


@dataclass(frozen=True, slots=True)
class CategoryView:
    """A category as filters show it."""

    id: int
    code: str
    label_zh: str
    label_en: str

    def label(self, *, english: bool) -> str:
        """The label in one of the two languages."""
        return self.label_en if english else self.label_zh


def categories_in_use() -> list[CategoryView]:
    """Every category that is still given, in its order."""
    with connection.cursor() as db:
        db.execute("SELECT id, code, label_zh, label_en FROM complaints_category WHERE is_active ORDER BY position, id")
        return [CategoryView(*row) for row in db.fetchall()]


def category_by_code(code: str) -> CategoryView | None:
    """One category, even one that is not given any more."""
    with connection.cursor() as db:
        db.execute("SELECT id, code, label_zh, label_en FROM complaints_category WHERE code = %s", [code])
        row = db.fetchone()
        return CategoryView(*row) if row else None


def assignees(access: Access) -> list[StaffCard]:
    """To whom somebody may give cases: the people of the units where he assigns; the guard looks at each case anew."""
    scope = access.scope_for("assign_cases")
    if scope.is_empty:
        return []
    cards = [card for card in names.active_staff() if scope.everything or card.unit_id in scope.unit_ids]
    return cards[:MOST_STAFF]


def customer_name(scope: Scope, customer_id: int) -> str:
    """A customer of the scope by name; "" for any other."""
    return Customer.visible_to(scope).filter(pk=customer_id).values_list("name", flat=True).first() or ""


def product_name(product_id: int) -> str:
    """A product by name; "" for one that is not there."""
    return Product.objects.filter(pk=product_id).values_list("name", flat=True).first() or ""

"""Rows of sales that come in by hundreds (accounts.actions.books), with products and sellers by their codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.actions import books
from accounts.actions.books import (
    CREATED,
    FAILED,
    MOST_ROWS,
    STALE,
    UNCHANGED,
    UPDATED,
    Done,
    Row,
    customer_ids,
    upsert,
)
from accounts.actions.references import customers_by_number
from accounts.models import Product
from accounts.queries import names
from crm.core.errors import FieldProblem

__all__ = [
    "CREATED",
    "FAILED",
    "MOST_ROWS",
    "STALE",
    "UNCHANGED",
    "UPDATED",
    "Book",
    "Done",
    "Row",
    "customer_ids",
    "upsert",
]


class Book(books.Book[Row]):
    """One set of rows of one kind, in the scope of whoever brings them."""

    label = "import_sales"

    def __init__(self, **about: Any) -> None:
        super().__init__(**about)
        self.products = dict(Product.objects.values_list("code", "id"))

    def plain(self, items: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
        """A customer may be named by our id, or by his id in any source (sync-api "manage ids")."""
        return customers_by_number(self.scope, getattr(self, "source", ""), items)

    def staff_id(self, number: str, problems: list[FieldProblem], *, is_active: bool) -> int | None:
        """A colleague of the scope by staff number."""
        card = names.staff_card(names.staff_id_by_number(number)) if number else None
        if card is None or not self.scope.allows(unit_id=card.unit_id, manager_id=card.id):
            if number:
                problems.append(FieldProblem("staff", "not_found", _("There is no such staff number.")))
            return None
        if is_active and not card.is_active:
            problems.append(FieldProblem("staff", "inactive", _("This colleague is no longer with us.")))
        return card.id

    def product_id(self, code: str, problems: list[FieldProblem]) -> int | None:
        """A product by its code."""
        found = self.products.get(code) if code else None
        if code and found is None:
            problems.append(FieldProblem("product", "not_found", _("There is no such product.")))
        return found

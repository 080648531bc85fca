"""Orders come in from the systems that take them (SAL-3, SAL-7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from accounts.queries import names
from crm.core.errors import FieldProblem
from sales.actions.rows import FAILED, STALE, UPDATED, Book, Done, customer_ids
from sales.models import SalesOrder
from sales.rules import check_order


class Orders(Book[SalesOrder]):
    """Orders of one source."""

    model = SalesOrder

    def __init__(self, *, source: str, **about: Any) -> None:
        super().__init__(**about)
        self.source = source
        self.lock_name = f"sales:orders:{source}"
        self.stored: dict[str, SalesOrder] = {}
        self.customers: dict[str, int] = {}
        self.numbers: dict[int, str] = {}
        self.codes = {pk: code for code, pk in self.products.items()}

    def load(self, items: Sequence[Mapping[str, Any]]) -> None:
        """The orders named, and the customers."""
        named = [str(item.get("external_id", "")).strip() for item in items]
        rows = SalesOrder.unscoped.filter(source=self.source, external_id__in=[name for name in named if name])
        self.stored = {row.external_id: row for row in rows.select_for_update().order_by("pk")}
        words = [str(item["customer"]).strip() for item in items if item.get("customer")]
        self.customers = customer_ids(self.scope, self.source, words)
        theirs = [row.customer_id for row in self.stored.values() if row.customer_id]
        self.numbers = dict(Customer.unscoped.filter(pk__in=theirs).values_list("pk", "number"))
        self.customers |= {number: pk for pk, number in self.numbers.items()}

    def take(self, given: Mapping[str, Any]) -> Done[SalesOrder]:
        """One order, checked as it would be stored."""
        row = self.stored.get(str(given.get("external_id", "")).strip())
        if row is not None and not self.scope.allows(unit_id=row.unit_id, manager_id=row.staff_id):
            missing = FieldProblem("external_id", "not_found", _("There is no such record."))
            return Done(FAILED, problems=(missing,))
        clean, problems = check_order({**(self._as_given(row) if row else {}), **given}, today=self.today)
        values = self._values(clean, problems) if not problems else {}
        if problems:
            return Done(FAILED, problems=tuple(problems))
        told = clean.get("source_updated_at")
        if self.is_outdated(row, told):
            return Done(STALE, row)
        if row is None:
            row = SalesOrder(source=self.source, external_id=clean["external_id"], updated_at=self.now)
            self.stored[row.external_id] = row
            self.made.append(row)
        return Done(self._put(row, values, told), row)

    def _put(self, row: SalesOrder, values: dict[str, Any], told: Any) -> str:
        if row.staff_id != values["staff_id"]:
            card = names.staff_card(values["staff_id"])
            values["unit_id"] = card.unit_id if card else row.unit_id
        status = self.note(row, values)
        if status == UPDATED:
            self.note(row, {"version": row.version + 1, "updated_at": self.now})
        self.heard(row, status, told)
        return status

    def _as_given(self, row: SalesOrder) -> dict[str, Any]:
        """What is stored, in the words of a call: so that the rules always see the whole order."""
        card = names.staff_card(row.staff_id)
        return {
            "external_id": row.external_id,
            "staff": card.number if card else "",
            "customer": self.numbers.get(row.customer_id or 0, ""),
            "metric": row.metric,
            "product": self.codes.get(row.product_id or 0, ""),
            "quantity": row.quantity,
            "state": row.state,
            "ordered_on": row.ordered_on,
            "effective_on": row.effective_on,
        }

    def _values(self, clean: dict[str, Any], problems: list[FieldProblem]) -> dict[str, Any]:
        """What is stored of a checked order; what is named and not there is a problem."""
        if clean.get("source") not in (None, "", self.source):
            problems.append(FieldProblem("source", "not_found", _("This client has another source.")))
        customer = clean.get("customer")
        if customer and customer not in self.customers:
            problems.append(FieldProblem("customer", "not_found", _("There is no such customer.")))
        return {
            "staff_id": self.staff_id(clean["staff"], problems, is_active=False),
            "customer_id": self.customers.get(customer) if customer else None,
            "metric": clean["metric"],
            "product_id": self.product_id(clean.get("product", ""), problems),
            "quantity": clean["quantity"],
            "state": clean["state"],
            "ordered_on": clean["ordered_on"],
            "effective_on": clean.get("effective_on"),
        }

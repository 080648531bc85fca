"""Figures of a month typed by hand, where no system tells them (SAL-35)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from accounts.actions.books import MANUAL
from accounts.actions.doors import the_customer
from crm.core.db import write
from crm.core.errors import FieldProblem, Invalid
from crm.core.wording import worded
from sales.actions.billing import Usages, month_or_none, word
from sales.actions.rows import FAILED, Done, upsert
from sales.models import UsageMonth
from sales.usage_rules import FIGURES

if TYPE_CHECKING:
    from crm.core.models import User

MAY = "edit_sales"


class TypedUsages(Usages):
    """Months that people type: what a system told of a month stays the system's."""

    def take(self, given: Mapping[str, Any]) -> Done[UsageMonth]:
        """One month, by the rules of a row of billing."""
        product_id = self.products.get(word(given, "product"))
        customer_id = self.customers.get(word(given, "customer"))
        found = month_or_none(given.get("month"), self.today)
        row = self.stored.get((customer_id, product_id, found))
        if row is not None and row.source != MANUAL:
            told = worded(_("%(source)s has told the figures of this month; only it corrects them."), source=row.source)
            return Done(FAILED, row, problems=(FieldProblem("month", "not_owned", told),))
        return super().take(given)


def keep_usage(*, customer_id: int, values: Mapping[str, Any], by: User, now: datetime) -> UsageMonth:
    """SAL-35: a month of a customer with a product or as a whole; typed again it is corrected."""
    given = {name: value for name, value in values.items() if value not in (None, "")}
    if not set(FIGURES) & set(given):
        raise Invalid(_("Type at least one figure."), code="required", field="revenue")
    with write(by=by):
        customer = the_customer(by, customer_id, MAY)
        book = TypedUsages(source=MANUAL, scope=by.access.scope_for(MAY), by=by, now=now)
        (done,), _kept = upsert(book, [{**given, "customer": customer.number}])
    if done.status == FAILED or done.row is None:
        raise Invalid(errors=list(done.problems))
    return done.row

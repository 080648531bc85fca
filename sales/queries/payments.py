"""One bill and what was paid of it when (SAL-23)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import connection

from crm.core.errors import NotFound
from crm.core.scope import Scope
from sales.usage_rules import left_of

_BILL = """
SELECT b.id, b.customer_id, c.name, c.unit_id, c.manager_id, l.number, b.month, b.amount, b.due_on, b.paid_amount,
  b.paid_on, b.source, b.told_amount, b.told_on
FROM sales_bill b JOIN accounts_customer c ON c.id = b.customer_id LEFT JOIN accounts_line l ON l.id = b.line_id
WHERE b.id = %s AND {where}
"""
_PAYMENTS = """
SELECT p.id, p.paid_on, p.amount, p.source, p.external_id,
  sum(p.amount) OVER (ORDER BY p.paid_on, p.id) AS so_far
FROM sales_payment p WHERE p.bill_id = %s ORDER BY p.paid_on, p.id LIMIT 200
"""


@dataclass(frozen=True, slots=True)
class BillView:
    """A bill with what is paid of it."""

    id: int
    customer_id: int
    customer: str
    unit_id: int
    manager_id: int | None
    line: str | None
    month: date
    amount: Decimal
    due_on: date
    paid_amount: Decimal
    paid_on: date | None
    source: str
    told_amount: Decimal | None
    told_on: date | None

    @property
    def left(self) -> Decimal:
        """What is still to be paid."""
        return left_of(self.amount, self.paid_amount)

    @property
    def has_payments(self) -> bool:
        """It is paid by payments of its own, and by them alone."""
        return self.told_amount is not None

    @property
    def differs(self) -> bool:
        """What was told with the bill is not what its payments say."""
        return self.told_amount is not None and self.told_amount not in (self.paid_amount, Decimal(0))


@dataclass(frozen=True, slots=True)
class PaymentRow:
    """One payment, and what was paid with it so far."""

    id: int
    paid_on: date
    amount: Decimal
    source: str
    external_id: str
    so_far: Decimal


def bill_for(scope: Scope, bill_id: int) -> BillView:
    """A bill of the scope; out of sight is not there."""
    where, params = scope.sql("c")
    with connection.cursor() as cursor:
        cursor.execute(_BILL.format(where=where), [bill_id, *params])
        row = cursor.fetchone()
    if row is None:
        raise NotFound
    return BillView(*row)


def payments_of(bill_id: int) -> list[PaymentRow]:
    """Its payments, oldest first; of a bill that is in sight."""
    with connection.cursor() as cursor:
        cursor.execute(_PAYMENTS, [bill_id])
        return [PaymentRow(*row) for row in cursor.fetchall()]

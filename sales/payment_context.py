"""What the page of a bill is given."""

from __future__ import annotations

from datetime import date
from typing import Any

from accounts.actions.books import MANUAL
from crm.core.abilities import Access
from sales.actions.payments import MAY
from sales.money_context import SEES
from sales.queries.payments import bill_for, payments_of


def bill_context(access: Access, bill_id: int, *, today: date) -> dict[str, Any]:
    """SAL-23: a bill, its payments, and what is still open."""
    bill = bill_for(access.scope_for(SEES), bill_id)
    brings = access.can(MAY) and access.scope_for(MAY).allows(unit_id=bill.unit_id, manager_id=bill.manager_id)
    rows = [(row, brings and row.source == MANUAL) for row in payments_of(bill_id)]
    return {"bill": bill, "rows": rows, "is_late": bill.paid_on is None and bill.due_on < today, "can_note": brings}

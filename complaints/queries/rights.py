"""Which rights somebody has on a case (plan: scope of an ability against the case's customer)."""

from __future__ import annotations

from accounts.models import Customer
from complaints.models import Case
from complaints.rules.cases import ABILITY_OF, HANDLE, rights_for
from crm.core.abilities import Access


def rights_on(access: Access, case: Case, customer: Customer) -> frozenset[str]:
    """Handle, assign, judge, orders: by post where the customer is; whoever answers for a case may handle it."""
    return rights_at(
        access, kind=case.kind, owner_id=case.owner_id, unit_id=customer.unit_id, manager_id=customer.manager_id
    )


def rights_at(
    access: Access, *, kind: str, owner_id: int | None, unit_id: int, manager_id: int | None
) -> frozenset[str]:
    """The same from values."""
    has = {
        right
        for right, ability in ABILITY_OF.items()
        if access.scope_for(ability).allows(unit_id=unit_id, manager_id=manager_id)
    }
    if owner_id is not None and owner_id == access.staff_id and access.can("view_cases"):
        has.add(HANDLE)
    return rights_for(kind, has)

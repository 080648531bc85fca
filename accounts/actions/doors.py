"""How an action reaches its rows: visible first (404), allowed second (403), the same for page, API and bulk."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, Staff
from accounts.queries.merges import not_there
from crm.core.errors import Invalid, NotAllowed, NotFound
from crm.core.scope import Scope, ScopedModel
from crm.core.text import clean_text

if TYPE_CHECKING:
    from crm.core.models import User

MAX_BULK = 10_000
REASON_LENGTH = 200

Row = TypeVar("Row", bound=ScopedModel)


def scope_of(by: User | None, ability: str) -> Scope:
    """Where somebody has an ability; the system (None) has it everywhere."""
    return Scope.ALL if by is None else by.access.scope_for(ability)


def must(by: User | None, *abilities: str) -> None:
    """Refuse with 403 whoever has none of the abilities."""
    if by is not None and not by.access.can_any(*abilities):
        raise NotAllowed


def the_customer(by: User | None, customer_id: int, *abilities: str, lock: bool = True) -> Customer:
    """One customer to act on, locked for the transaction; every ability must reach him."""
    rows = Customer.visible_to(scope_of(by, "view_customers")).filter(pk=customer_id)
    customer = (rows.select_for_update(of=("self",)) if lock else rows).first()
    if customer is None:
        raise not_there(scope_of(by, "view_customers"), customer_id)
    for ability in abilities:
        if not scope_of(by, ability).allows(unit_id=customer.unit_id, manager_id=customer.manager_id):
            raise NotAllowed
    return customer


def the_customers(by: User | None, customer_ids: Iterable[int], ability: str) -> list[Customer]:
    """Customers to act on in bulk, locked in order of id; one that is not visible stops all (decisions 14)."""
    wanted = sorted(set(customer_ids))
    if len(wanted) > MAX_BULK:
        raise Invalid(
            _("At most %(max)d customers at once, these are %(has)d."),
            code="too_many",
            field="customers",
            params={"max": MAX_BULK, "has": len(wanted)},
        )
    rows = Customer.visible_to(scope_of(by, "view_customers")).filter(pk__in=wanted)
    found = list(rows.order_by("pk").select_for_update(of=("self",)))
    if len(found) != len(wanted):
        raise NotFound(_("There is no such customer."), field="customers")
    scope = scope_of(by, ability)
    if not all(scope.allows(unit_id=row.unit_id, manager_id=row.manager_id) for row in found):
        raise NotAllowed
    return found


def the_staff(by: User | None, staff_id: int, ability: str, *, field: str = "staff") -> Staff:
    """A colleague to act on, locked; outside the ability's scope he is not there."""
    found = Staff.visible_to(scope_of(by, ability)).filter(pk=staff_id).select_for_update(of=("self",)).first()
    if found is None:
        raise NotFound(_("There is no such colleague."), field=field)
    return found


def one(rows: Sequence[Row] | None) -> Row:
    """The only row, or 404."""
    if not rows:
        raise NotFound
    return rows[0]


def a_reason(reason: str, *, field: str = "reason") -> str:
    """A reason that can be read by somebody."""
    return clean_text(reason, field=field, max_length=REASON_LENGTH, blank=False)

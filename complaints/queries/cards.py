"""Somebody else's customer, found by an exact number: a minimal card, masked (issue: intake)."""

from __future__ import annotations

from dataclasses import dataclass

from accounts.models import Customer
from accounts.queries import names
from crm.core.errors import Invalid
from crm.core.scope import Scope
from crm.core.text import narrow, normal_phone
from visits.queries.missed_calls import customer_of_number

SHORTEST = 5


@dataclass(frozen=True, slots=True)
class MinimalCard:
    """Enough to take a request down, not enough to serve him: the name masked, tier, unit."""

    customer_id: int
    name: str
    tier: str
    unit: str
    kind: str
    # In the asker's own scope the intake form may show the customer himself.
    is_own: bool


def masked_name(name: str) -> str:
    """The first character, and as many stars as there are others (at most three).

    >>> masked_name("钱多多"), masked_name("江城海尔电器有限公司")
    ('钱**', '江***')
    """
    return f"{name[:1]}{'*' * min(max(len(name) - 1, 1), 3)}"


def customer_by_number(typed: str, scope: Scope = Scope.ALL) -> Customer | None:
    """The customer of an exact number: his customer number, a business number, a contact person's."""
    number = narrow(typed).strip()
    if len(number) < SHORTEST or len(number) > 30:
        return None
    rows = Customer.visible_to(scope)
    found = rows.filter(number=number.upper()).first()
    if found is not None:
        return found
    try:
        customer_id = customer_of_number(scope, normal_phone(number))
    except Invalid:
        return None
    return rows.filter(pk=customer_id).first() if customer_id is not None else None


def card_of(customer: Customer, scope: Scope) -> MinimalCard:
    """The card of a customer that was found."""
    tier = names.tier(customer.tier_id)
    return MinimalCard(
        customer_id=customer.pk, name=masked_name(customer.name), tier=str(tier) if tier else "",
        unit=names.unit_name(customer.unit_id), kind=str(customer.get_kind_display()),
        is_own=scope.allows(unit_id=customer.unit_id, manager_id=customer.manager_id),
    )  # fmt: skip

"""The customer list as its page needs it: value rows with names from the process cache, nothing formatted twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.queries import names
from accounts.queries.customer_list import NO_DUE, customer_page
from crm.core.abilities import Access
from crm.core.text import mask_phone


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One line of the list."""

    id: int
    number: str
    name: str
    kind: str
    state: str
    tier_code: str
    tier_label: str
    phone: str
    unit: str
    manager_id: int | None
    manager: str
    district: str
    is_important: bool
    last_visit_on: date | None
    next_due_on: date | None
    duty_state: str
    completeness: int
    value: Any
    can_dial: bool


@dataclass(frozen=True)
class ListPage:
    """The rows and the cursor of the next page."""

    rows: list[CustomerRow]
    next: str


def list_page(
    access: Access, *, filters: Mapping[str, Any], search: str, sort: str, cursor: str, limit: int = 50
) -> ListPage:
    """A page of the list for somebody; his own and covered customers may be dialled from it."""
    page = customer_page(access.scope, filters=filters, search=search, sort=sort, cursor=cursor, limit=limit)
    own = access.scope_for("log_visits").manager_ids
    return ListPage([_row(row, own) for row in page.rows], page.next)


def _row(row: tuple[Any, ...], own: tuple[int, ...]) -> CustomerRow:
    (
        customer_id, number, name, kind, state, tier_id, phone, unit_id, manager_id, district,
        is_important, last_visit_on, next_due_on, duty_state, is_overdue, completeness, value,
    ) = row  # fmt: skip
    tier = names.tier(tier_id)
    return CustomerRow(
        id=customer_id,
        number=number,
        name=name,
        kind=kind,
        state=state,
        tier_code=tier.code if tier else "",
        tier_label=tier.label() if tier else "",
        phone=mask_phone(phone),
        unit=names.unit_name(unit_id),
        manager_id=manager_id,
        manager=names.staff_name(manager_id),
        district=district,
        is_important=is_important,
        last_visit_on=last_visit_on,
        next_due_on=None if next_due_on == NO_DUE else next_due_on,
        duty_state="overdue" if is_overdue else duty_state,
        completeness=completeness,
        value=value,
        can_dial=bool(phone) and manager_id in own,
    )

"""The customer list as its page needs it: value rows with names from the process cache, nothing formatted twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.utils.translation import get_language

from accounts.queries import names
from accounts.queries.customer_list import NO_DUE, PAGE_COLUMNS, customer_page
from crm.core.abilities import Access
from crm.core.text import mask_phone


class CustomerRow(NamedTuple):
    """One line of the list; a tuple, because the template takes it apart once instead of asking field by field."""

    id: int
    name: str
    under: str
    phone: str
    is_important: bool
    tier: tuple[str, str]
    duty_state: str
    next_due_on: date | None
    last_visit_on: date | None
    manager: str
    unit: str
    value: Any
    can_dial: bool
    open_complaints: int
    more: tuple[Any, ...] = ()
    """What somebody asked to see besides, in the order of `MORE`."""


MORE = {
    "kind": "c.kind",
    "state": "c.state",
    "district": "c.district",
    "completeness": "s.completeness",
    "alert": "s.alert_level",
    "joined": "c.joined_on",
}
"""Columns of the list that are only read for whoever asks for them."""


@dataclass(frozen=True)
class ListPage:
    """The rows and the cursor of the next page."""

    rows: list[CustomerRow]
    next: str


def list_page(
    access: Access, *, filters: Mapping[str, Any], search: str, sort: str, cursor: str, limit: int = 50,
    more: Sequence[str] = (),
) -> ListPage:  # fmt: skip
    """A page of the list for somebody; his own and covered customers may be dialled from it."""
    columns = ", ".join([PAGE_COLUMNS, *(MORE[key] for key in more)])
    page = customer_page(
        access.scope, filters=filters, search=search, sort=sort, cursor=cursor, limit=limit, columns=columns
    )
    own = access.scope_for("serve_customers").manager_ids
    language = get_language()
    tiers = {tier.id: (tier.code, tier.label(language)) for tier in names.tiers()}
    return ListPage([_row(row, own, tiers) for row in page.rows], page.next)


def _row(row: tuple[Any, ...], own: tuple[int, ...], tiers: Mapping[int, tuple[str, str]]) -> CustomerRow:
    (
        customer_id, number, name, _kind, _state, tier_id, phone, unit_id, manager_id, district,
        is_important, last_visit_on, next_due_on, duty_state, is_overdue, _completeness, value, open_complaints, *more,
    ) = row  # fmt: skip
    return CustomerRow(
        customer_id,
        name,
        f"{number} · {district}" if district else number,
        mask_phone(phone),
        is_important,
        tiers.get(tier_id, ("", "")),
        "overdue" if is_overdue else duty_state,
        None if next_due_on == NO_DUE else next_due_on,
        last_visit_on,
        names.staff_name(manager_id) or "–",
        names.unit_name(unit_id),
        value,
        bool(phone) and manager_id in own,
        open_complaints,
        tuple(more),
    )

"""Who is told of offers: whoever may approve them, then whoever made them (RET-7)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from accounts.choices import Role
from accounts.models import Customer
from accounts.queries import names
from accounts.queries.dispatches import deputies_of
from accounts.queries.staff import users_with_role
from crm.core.notices import NoticeRow, notify
from retention.models import SaveOffer
from retention.notices import OFFER_APPROVED, OFFER_REFUSED, OFFER_WAITING

if TYPE_CHECKING:
    from crm.core.models import User

TABLE = "retention_saveoffer"


def deciders(unit_id: int, but: int, now: datetime) -> list[int]:
    """Users who may decide: the supervisors of the unit with whoever covers them; without one, headquarters."""
    today = timezone.localdate(now)
    heads = users_with_role(Role.SUPERVISOR, unit_id, today)
    cards = [card for card in map(names.staff_of, heads) if card is not None]
    covers = [names.staff_card(one) for card in cards for one in deputies_of(card.id, today)]
    found = [user for user in dict.fromkeys([*heads, *(card.user_id for card in covers if card)]) if user != but]
    if found:
        return found
    return [user for user in users_with_role(Role.GROUP_DEPARTMENT, unit_id, today) if user != but]


def tell_waiting(row: SaveOffer, customer: Customer, *, by: User, now: datetime) -> None:
    """RET-7: decided from the notice, day and night: a customer who wants to leave does not wait."""
    params = {
        "by": by.name, "customer": customer.name, "offer": row.text, "cost": f"{row.cost:,.0f}",
        "limit": f"{row.limit:,.0f}",
    }  # fmt: skip
    users = deciders(customer.unit_id, by.pk, now)
    notify([_notice(user, OFFER_WAITING.kind, row, params) for user in users], now)


def tell_decided(row: SaveOffer, *, by: User, now: datetime) -> None:
    """Whoever made the offer hears what became of it."""
    kind = OFFER_APPROVED if row.state == "offered" else OFFER_REFUSED
    params = {"by": by.name, "customer": row.case.customer.name, "offer": row.text, "reason": row.decision_note}
    notify([_notice(row.offered_by_id, kind.kind, row, params)], now)


def _notice(user: int, kind: str, row: SaveOffer, params: dict[str, str]) -> NoticeRow:
    return NoticeRow(user, kind, TABLE, row.pk, "", params, f"/churn/offers/{row.pk}/", urgent=True)

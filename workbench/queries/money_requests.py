"""Credit and guarantees that wait for a decision, as the approvals list them (SAL-24, SAL-25, SEC-24)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.queries import names
from accounts.queries.names import TierView
from crm.core.abilities import Access
from crm.core.ui import money
from sales.money_choices import GuaranteeState
from sales.queries import credit, guarantees

SHOWN = 50


@dataclass(frozen=True, slots=True)
class MoneyRequest:
    """One request; it is decided on its own page, with the customer's credit beside it."""

    customer: str
    tier: TierView | None
    title: str
    reason: str
    asker: str
    at: datetime
    url: str
    is_own: bool


def money_requests(access: Access, manager_id: int | None) -> list[MoneyRequest]:
    """What this person may decide, credit first."""
    found = []
    if access.can("approve_credit"):
        found += [
            MoneyRequest(
                row.name,
                row.tier,
                f"{row.kind_label} {money(row.amount)}",
                row.reason,
                row.asker,
                row.requested_at,
                reverse("sales:change_detail", args=[row.id]),
                row.asker_id == access.user_id,
            )
            for row in credit.waiting_changes(access.scope_for("approve_credit"))
            if manager_id is None or row.manager_id == manager_id
        ]
    return found + (_guarantees(access, manager_id) if access.can("approve_guarantees") else [])


def _guarantees(access: Access, manager_id: int | None) -> list[MoneyRequest]:
    rows = guarantees.rows(access.scope_for("approve_guarantees"), {"state": GuaranteeState.REQUESTED})
    return [
        MoneyRequest(
            row.customer.name,
            names.tier(row.customer.tier_id),
            _("Guarantee %(amount)s: %(business)s") % {"amount": money(row.amount), "business": row.business},
            row.reason,
            row.requested_by.name,
            row.requested_at,
            reverse("sales:guarantee_detail", args=[row.pk]),
            access.user_id == row.requested_by_id or access.staff_id == row.staff_id,
        )
        for row in rows[:SHOWN]
        if manager_id is None or row.customer.manager_id == manager_id
    ]

"""Guarantees in sight, and how much of his limit a manager has given (SAL-25)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum

from accounts.queries import names
from accounts.queries.names import TierView
from crm.core import parameters
from crm.core.errors import NotFound
from crm.core.pages import decode_cursor, encode_cursor
from crm.core.scope import Scope
from sales.models import Guarantee
from sales.money_choices import RUNNING, GuaranteeState

LIMIT = 50
OWED = Q(state__in=[GuaranteeState.ACTIVE, GuaranteeState.OVERDUE], papers_on=None)
"""Papers are still to come."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a manager vouches for at this time, of what he may."""

    taken: Decimal
    limit: Decimal

    @property
    def left(self) -> Decimal:
        """What he may still vouch for."""
        return max(self.limit - self.taken, Decimal(0))


def rows(scope: Scope, filters: Mapping[str, Any]) -> QuerySet[Guarantee]:
    """Guarantees in sight, newest first."""
    found = Guarantee.visible_to(scope).select_related("customer", "requested_by", "decided_by")
    if "state" in filters:
        found = found.filter(state=filters["state"])
    if "customer_id" in filters:
        found = found.filter(customer_id=filters["customer_id"])
    if "unit_ids" in filters:
        found = found.filter(customer__unit_id__in=filters["unit_ids"])
    if "is_owed" in filters:
        found = found.filter(OWED)
    if "q" in filters:
        found = found.filter(Q(customer__name__icontains=filters["q"]) | Q(business__icontains=filters["q"]))
    return found.order_by("-pk")


def page(scope: Scope, filters: Mapping[str, Any], *, cursor: str = "") -> tuple[list[Guarantee], str | None]:
    """(guarantees, cursor of the next page)."""
    found = rows(scope, filters)
    if cursor:
        found = found.filter(pk__lt=decode_cursor(cursor, 1, (int,))[0])
    shown = list(found[: LIMIT + 1])
    following = encode_cursor([shown[LIMIT - 1].pk]) if len(shown) > LIMIT else None
    return shown[:LIMIT], following


def counts(scope: Scope, filters: Mapping[str, Any]) -> dict[str, int]:
    """How many in each state, whatever state is looked at."""
    kept = {name: value for name, value in filters.items() if name not in ("state", "is_owed")}
    found = rows(scope, kept).order_by().values_list("state")
    return dict(found.annotate(number=Count("pk")))


def guarantee_for(scope: Scope, pk: int) -> Guarantee:
    """One in sight, or 404."""
    found = rows(scope, {}).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def given_by(staff_id: int, today: date) -> Given:
    """What he vouches for."""
    found = Guarantee.unscoped.filter(staff_id=staff_id, state__in=RUNNING).aggregate(total=Sum("amount"))
    return Given(found["total"] or Decimal(0), Decimal(parameters.value("guarantee_limit", today)))


def tier_of(row: Guarantee) -> TierView | None:
    """The tier of its customer."""
    return names.tier(row.customer.tier_id)

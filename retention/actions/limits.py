"""Set what may be offered without asking (RET-7); from a day on, never backwards."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import must
from accounts.models import Tier
from crm.core.db import write
from crm.core.errors import FieldProblem, Invalid
from retention.models import OfferLimit

if TYPE_CHECKING:
    from crm.core.models import User

MOST = Decimal(10_000_000)
FARTHEST = timedelta(days=1826)


def set_offer_limit(
    *, tier_id: int | None, amount: Decimal, effective_from: date, by: User, now: datetime
) -> OfferLimit:
    """The limit of a tier (None: of customers without one) from today or a later day on."""
    problems = []
    if not 0 <= amount <= MOST:
        problems.append(FieldProblem("amount", "out_of_range", _("This amount cannot be.")))
    today = timezone.localdate(now)
    if not today <= effective_from <= today + FARTHEST:
        problems.append(FieldProblem("effective_from", "out_of_range", _("From today on, five years ahead at most.")))
    if tier_id is not None and not Tier.objects.filter(pk=tier_id).exists():
        problems.append(FieldProblem("tier", "invalid_choice", _("This is not one of the choices.")))
    with write(by=by):
        must(by, "configure")
        if problems:
            raise Invalid(errors=problems)
        rows = OfferLimit.objects.filter(effective_from=effective_from)
        row = rows.filter(tier_id=tier_id).first() if tier_id else rows.filter(tier=None).first()
        row = row or OfferLimit(tier_id=tier_id, effective_from=effective_from)
        row.amount, row.source = amount, "set"
        row.save()
    return row

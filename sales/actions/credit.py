"""Credit limits: asked for by one person, decided by another (SAL-24, SEC-24)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import must, the_customer
from accounts.models import Customer, Tier
from crm.core import parameters
from crm.core.db import write
from crm.core.errors import Conflict, Invalid, NotAllowed, NotFound
from crm.core.text import clean_text
from sales.actions.dunning import follow_one
from sales.actions.requests import locked, tell_asker, tell_boss, to_decide
from sales.models import CreditAccount, CreditChange, TierCredit
from sales.money_choices import CreditChangeKind, RequestState
from sales.queries.credit import limit_of

if TYPE_CHECKING:
    from crm.core.models import User

DECIDES = "approve_credit"
MOST = Decimal(10_000_000)


def request_credit(
    *,
    customer_id: int,
    kind: str,
    amount: Decimal,
    reason: str,
    by: User,
    now: datetime,
    until: date | None = None,
) -> CreditChange:
    """SAL-24: ask for another limit, or for use above it until a day; nothing changes before somebody approves."""
    with write(by=by):
        customer = the_customer(by, customer_id, "edit_sales", lock=False)
        limit = limit_of(customer_id, timezone.localdate(now))
        change = CreditChange(
            customer=customer,
            kind=CreditChangeKind(kind),
            old_limit=limit,
            amount=_amount(kind, amount, limit),
            until=_until(kind, until, timezone.localdate(now)),
            reason=clean_text(reason, field="reason", max_length=300, blank=False),
            requested_by=by,
            requested_at=now,
        )
        try:
            with transaction.atomic():
                change.save(force_insert=True)
        except IntegrityError as twin:
            raise Conflict(_("Such a request waits for a decision already."), code="already_requested") from twin
        tell_boss(change, customer.manager_id, "credit_requested", url=f"/sales/credit/changes/{change.pk}/", now=now,
                  by=by.name, customer=customer.name, amount=f"{change.amount:,.2f}")  # fmt: skip
    return change


def _amount(kind: str, amount: Decimal, limit: Decimal) -> Decimal:
    if kind == CreditChangeKind.OVERUSE and amount <= 0:
        raise Invalid(_("Overuse is an amount above zero."), code="out_of_range", field="amount")
    if not 0 <= amount <= MOST:
        raise Invalid(_("The amount must be between 0 and %(most)s."), code="out_of_range", field="amount",
                      params={"most": f"{MOST:,}"})  # fmt: skip
    if kind == CreditChangeKind.LIMIT and amount == limit:
        raise Invalid(_("This is the limit that holds already."), code="unchanged", field="amount")
    return amount


def _until(kind: str, until: date | None, today: date) -> date | None:
    if kind != CreditChangeKind.OVERUSE:
        return None
    last = today + timedelta(days=int(parameters.value("overuse_days", today)))
    if until is None or not today < until <= last:
        raise Invalid(_("Overuse ends on a day from tomorrow to %(last)s."), code="out_of_range", field="until",
                      params={"last": last})  # fmt: skip
    return until


def decide_credit(*, change_id: int, approve: bool, by: User, now: datetime, remark: str = "") -> CreditChange:
    """Somebody else decides; an approved change holds from this moment (SAL-24, SEC-24)."""
    remark = clean_text(remark, field="remark", max_length=300)
    with write(by=by):
        change = to_decide(CreditChange, change_id, DECIDES, by=by)
        if not approve and not remark:
            raise Invalid(_("Say why it is refused."), code="required", field="remark")
        if change.state != RequestState.WAITING:
            raise Conflict(_("This request has been decided already."), code="decided", current={"state": change.state})
        today = timezone.localdate(now)
        if approve and change.until is not None and change.until < today:
            raise Conflict(_("The time it was asked for is over."), code="too_late")
        _close(change, RequestState.APPROVED if approve else RequestState.REFUSED, remark, by=by, now=now)
        if approve:
            _apply(change, now)
        tell_asker(
            change, "credit_approved" if approve else "credit_refused", url=f"/sales/money/{change.customer_id}/",
            now=now, params={"customer": change.customer.name, "amount": f"{change.amount:,.2f}", "remark": remark},
        )  # fmt: skip
    return change


def withdraw_credit(*, change_id: int, by: User, now: datetime) -> CreditChange:
    """Whoever asked takes his request back before it is decided."""
    with write(by=by):
        change = locked(CreditChange, change_id, by=by)
        if change.requested_by_id != by.pk:
            raise NotAllowed
        if change.state != RequestState.WAITING:
            raise Conflict(_("This request has been decided already."), code="decided", current={"state": change.state})
        _close(change, RequestState.WITHDRAWN, "", by=by, now=now)
    return change


def _close(change: CreditChange, state: RequestState, remark: str, *, by: User, now: datetime) -> None:
    change.state, change.remark = state, remark
    change.decided_by, change.decided_at = by, now
    change.version += 1
    change.save(update_fields=["state", "remark", "decided_by", "decided_at", "version"])


def _apply(change: CreditChange, now: datetime) -> None:
    account, _made = CreditAccount.unscoped.select_for_update().get_or_create(customer_id=change.customer_id)
    if change.kind == CreditChangeKind.LIMIT:
        account.limit = change.amount
    else:
        account.extra, account.extra_until = change.amount, change.until
    account.save(update_fields=["limit", "extra", "extra_until"])
    follow_one(change.customer_id, now=now, by_id=change.decided_by_id)


def set_tier_credits(limits: Mapping[int, Decimal], *, by: User) -> int:
    """The limits that go with tiers (SAL-24); what is in use is judged anew at night. Answers how many were set."""
    must(by, "configure")
    if not all(0 <= limit <= MOST for limit in limits.values()):
        raise Invalid(
            _("The amount must be between 0 and %(most)s."), code="out_of_range", params={"most": f"{MOST:,}"}
        )
    with write(by=by):
        if Tier.objects.filter(pk__in=limits).count() != len(limits):
            raise NotFound
        for tier_id, limit in limits.items():
            TierCredit.objects.update_or_create(tier_id=tier_id, defaults={"limit": limit})
    return len(limits)


def customer_of(by: User, customer_id: int) -> Customer:
    """The customer somebody is about to ask for; 404 out of sight, 403 when it is not his to do."""
    return the_customer(by, customer_id, "edit_sales", lock=False)

"""Write a channel visit's checks; report a price under the minimum, decide about it (CON-19…22, CON-39, SAL-33)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actions import change_tier
from accounts.choices import Role
from accounts.models import Customer, Tier
from accounts.queries import names
from accounts.queries.products import minimum_of
from accounts.queries.staff import users_with_role
from crm.core.db import write
from crm.core.errors import Conflict, NotAllowed, NotFound, refuse_own
from crm.core.notices import NoticeRow, notify
from crm.core.text import clean_text
from visits.choices import ViolationState
from visits.models import PriceRow, PriceViolation, ShopCheck, StockRow, Visit
from visits.notices import IRREGULAR_NEARBY, PRICE_DECIDED, PRICE_REPORTED
from visits.rules.shop import below_minimum, rank_below

if TYPE_CHECKING:
    from crm.core.models import User

CHECKS = (
    "sales_note", "reminded_of_law", "display_improved", "tags_replaced", "irregular_nearby", "irregular_report",
    "badge_worn", "guidance_kind", "guidance",
)  # fmt: skip


def write_checks(
    visits: Sequence[Visit],
    *,
    checks: Mapping[str, Any],
    stock: Mapping[int, tuple[int | None, int | None]],
    prices: Mapping[int, Decimal],
    by: User,
    now: datetime,
) -> None:
    """The checklist of each visit; a price under the minimum drafts a report (CON-22)."""
    for visit in visits:
        ShopCheck.unscoped.create(visit=visit, **{name: checks[name] for name in CHECKS if name in checks})
        StockRow.unscoped.bulk_create(
            StockRow(visit=visit, product_id=product_id, quantity=quantity, suggested=suggested)
            for product_id, (quantity, suggested) in stock.items()
        )
        minimum = minimum_of(list(prices), visit.occurred_on)
        PriceRow.unscoped.bulk_create(
            PriceRow(visit=visit, product_id=product_id, price=price, minimum=minimum.get(product_id))
            for product_id, price in prices.items()
        )
        if below_minimum(prices, minimum):
            PriceViolation.unscoped.create(customer_id=visit.customer_id, visit=visit, reported_by=by, drafted_at=now)
        if checks.get("irregular_nearby"):
            _tell_of_irregular(visit, str(checks.get("irregular_report", "")), by=by, now=now)


def take_back(visit_ids: Sequence[int]) -> None:
    """The visit was undone: nothing was found in it. What was decided because of it stays decided."""
    for model in (ShopCheck, StockRow, PriceRow):
        model.unscoped.filter(visit_id__in=visit_ids).delete()
    PriceViolation.unscoped.filter(
        visit_id__in=visit_ids, state__in=(ViolationState.DRAFT, ViolationState.REPORTED)
    ).delete()


def report_violation(*, violation_id: int, note: str, by: User, now: datetime) -> PriceViolation:
    """Report to the regional market manager; the evidence is the rows of the price check (SAL-33)."""
    note = clean_text(note, field="note", max_length=500)
    with write(by=by):
        row = _seen(by, violation_id)
        if row.reported_by_id != by.pk:
            raise NotAllowed
        if row.state != ViolationState.DRAFT:
            raise Conflict(_("This has been reported already."), code="reported", current={"state": row.state})
        row.state, row.note, row.reported_at = ViolationState.REPORTED, note, now
        row.save(update_fields=["state", "note", "reported_at"])
        users = users_with_role(Role.REGIONAL_MARKET_MANAGER, row.customer.unit_id, timezone.localdate(now))
        params = {"by": by.name, "customer": row.customer.name}
        notify((_notice(user_id, PRICE_REPORTED.kind, row, params) for user_id in users if user_id != by.pk), now)
    return row


def decide_violation(*, violation_id: int, approve: bool, remark: str, by: User, now: datetime) -> PriceViolation:
    """Approved, the tier drops by one, with its history (SAL-33); never one's own report (SEC-24)."""
    remark = clean_text(remark, field="remark", max_length=300, blank=approve)
    with write(by=by):
        row = _seen(by, violation_id)
        where = {"unit_id": row.customer.unit_id, "manager_id": row.customer.manager_id}
        refuse_own(by.pk, row.reported_by_id)
        if not by.access.scope_for("decide_tiers").allows(**where):
            raise NotAllowed
        if row.state != ViolationState.REPORTED:
            raise Conflict(_("This report is not waiting for a decision."), code="not_waiting")
        row.state = ViolationState.APPROVED if approve else ViolationState.REFUSED
        row.decided_by, row.decided_at, row.remark = by, now, remark
        if approve:
            _lower(row, by=by, now=now)
        row.save()
        params = {"by": by.name, "customer": row.customer.name, "remark": remark}
        notify([_notice(row.reported_by_id, PRICE_DECIDED.kind, row, params)], now)
    return row


def _lower(row: PriceViolation, *, by: User, now: datetime) -> None:
    customer = row.customer
    tier = names.tier(customer.tier_id)
    tiers = {other.rank: other for other in Tier.objects.filter(kind=customer.kind, is_active=True)}
    lower = tiers.get(rank_below(tier.rank if tier else None, tiers) or 0)
    if tier is None or lower is None:
        raise Conflict(_("There is no tier below this one."), code="lowest")
    change_tier(
        customer_id=customer.pk, to_tier_id=lower.pk, reason=gettext("Price under the minimum retail price"), by=by,
        now=now,
    )  # fmt: skip
    row.from_tier_id, row.to_tier_id = tier.id, lower.pk


def _seen(by: User, violation_id: int) -> PriceViolation:
    rows = PriceViolation.visible_to(by.access.scope).select_related("customer").select_for_update(of=("self",))
    row = rows.filter(pk=violation_id).first()
    if row is None:
        raise NotFound(_("There is no such report."))
    return row


def _notice(user_id: int, kind: str, row: PriceViolation, params: dict[str, str]) -> NoticeRow:
    return NoticeRow(user_id, kind, "visits_priceviolation", row.pk, row.state, params, f"/violations/{row.pk}/")


def _tell_of_irregular(visit: Visit, text: str, *, by: User, now: datetime) -> None:
    """CON-39: the supervisor hears of a business without a licence at once."""
    card = names.staff_of(by.pk)
    boss = names.staff_card(card.supervisor_id) if card else None
    if boss is None:
        return
    customer = Customer.unscoped.only("name").get(pk=visit.customer_id)
    params = {"by": by.name, "customer": customer.name, "text": text[:100]}
    row = NoticeRow(boss.user_id, IRREGULAR_NEARBY.kind, "visits_visit", visit.pk, "", params, f"/visits/{visit.pk}/")
    notify([row], now)

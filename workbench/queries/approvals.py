"""What waits for a decision (SEC-24, CUS-4): excuses with the attempts in view, proposed tiers with their reason."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.models import TierProposal
from accounts.queries import names
from accounts.queries.names import TierView
from accounts.queries.tiers import open_proposals
from conduct.queries import PrintRow, waiting_prints
from conduct.queries.call_details import CONFIRMS
from crm.core.abilities import Access
from crm.core.exports import export_label, waiting_orders
from crm.core.models import ExportOrder
from crm.core.ui import duty_badge, tier_badge
from retention.queries.saving import waiting_offers
from sales.queries.agreements import CHECKS, ApplicationRow, waiting_applications
from visits.queries.excuses import Evidence, excuse_inbox
from workbench.queries.brief import ago_words
from workbench.queries.money_requests import MoneyRequest, money_requests
from workbench.queries.today import due_mark

DECIDES = ("decide_excuses", "decide_tiers", "decide_offers", "approve_exports", CONFIRMS)
"""Each of these opens the page."""
BY_CRITERIA = "criteria"
"""Source of the proposals that the monthly look at spending makes (accounts.sweeps)."""


@dataclass(frozen=True, slots=True)
class ExcuseCard:
    """One excuse asked for."""

    id: int
    customer: str
    url: str
    tier: SafeString
    unit: str
    manager: str
    asked: str
    reason: str
    text: str
    due: SafeString | str
    state: SafeString
    evidence: Evidence | None
    is_own: bool
    decide_url: str


@dataclass(frozen=True, slots=True)
class ProposalCard:
    """One proposed tier."""

    id: int
    customer: str
    url: str
    was: SafeString
    to: SafeString
    is_lower: bool
    manager: str
    asked: str
    reason: str
    is_own: bool
    decide_url: str


@dataclass(frozen=True, slots=True)
class OfferCard:
    """One offer over the limit, to a customer who wants to leave (RET-7)."""

    id: int
    customer: str
    url: str
    tier: SafeString
    manager: str
    asked: str
    text: str
    cost: Decimal
    limit: Decimal
    why: str
    is_own: bool
    decide_url: str


@dataclass(slots=True)
class ApprovalsPage:
    """Everything that waits."""

    excuses: list[ExcuseCard] = field(default_factory=list)
    proposals: list[ProposalCard] = field(default_factory=list)
    offers: list[OfferCard] = field(default_factory=list)
    requests: list[MoneyRequest] = field(default_factory=list)
    # Joining applications to be checked, and whether this person filed it himself.
    applications: list[tuple[ApplicationRow, bool]] = field(default_factory=list)
    # Exports in full that wait for approval, what each is of, and whether this person asked for it.
    exports: list[tuple[ExportOrder, str, bool]] = field(default_factory=list)
    # Prints of call details that wait for their second person, and whether this person asked for them.
    prints: list[tuple[PrintRow, bool]] = field(default_factory=list)
    can_decide_excuses: bool = False
    can_decide_tiers: bool = False
    who: str = ""


def approvals_page(access: Access, *, now: datetime, manager_id: int | None = None) -> ApprovalsPage:
    """What this person may decide, the nearest due day first."""
    today = timezone.localdate(now)
    page = ApprovalsPage(
        can_decide_excuses=access.can("decide_excuses"),
        can_decide_tiers=access.can("decide_tiers"),
        who=names.staff_name(manager_id),
    )
    if page.can_decide_excuses:
        page.excuses = _excuses(access, today, manager_id)
    if access.can("decide_offers"):
        page.offers = _offers(access, today, manager_id)
    page.requests = money_requests(access, manager_id)
    if access.can(CHECKS):
        waiting = waiting_applications(access.scope_for(CHECKS), manager_id)
        page.applications = [(row, row.applied_by_id == access.user_id) for row in waiting]
    if access.can("approve_exports"):
        page.exports = [
            (order, export_label(order.list_key), order.by_id == access.user_id) for order in waiting_orders(access)
        ]
    if access.can(CONFIRMS):
        page.prints = [(row, row.asker_id == access.user_id) for row in waiting_prints(access, now)]
    if page.can_decide_tiers:
        page.proposals = _proposals(access, today, manager_id)
    return page


def _badge(tier: TierView | None) -> SafeString:
    return tier_badge(tier.code, tier.label()) if tier else SafeString("")


def _asked(by: str, at: datetime, today: date) -> str:
    ago = ago_words(timezone.localdate(at), today)
    return f"{by} · {ago}" if by else ago


def _other(name: str, named: str) -> str:
    """The name, unless it has just been named."""
    return "" if name == named else name


def _excuses(access: Access, today: date, manager_id: int | None) -> list[ExcuseCard]:
    rows = excuse_inbox(access.scope_for("decide_excuses"), user_id=access.user_id, staff_id=access.staff_id)
    wanted = names.staff_name(manager_id) if manager_id is not None else None
    return [
        ExcuseCard(
            id=row.id,
            customer=row.customer_name,
            url=reverse("workbench:customer", args=[row.customer_id]),
            tier=_badge(names.tier(row.tier_id)),
            unit=row.unit_name,
            manager=row.manager_name,
            asked=_asked(_other(row.requested_by_name, row.manager_name), row.requested_at, today),
            reason=row.kind_label,
            text=row.text,
            due=due_mark(row.due_on, today),
            state=duty_badge(row.duty_state),
            evidence=row.evidence,
            is_own=row.is_own,
            decide_url=reverse("workbench:decide_excuse", args=[row.id]),
        )
        for row in rows
        if wanted is None or row.manager_name == wanted
    ]


def _offers(access: Access, today: date, manager_id: int | None) -> list[OfferCard]:
    return [
        OfferCard(
            id=row.id,
            customer=row.customer,
            url=reverse("retention:alert_detail", args=[row.alert_id]),
            tier=_badge(row.tier),
            manager=row.manager,
            asked=_asked(_other(row.offered_by, row.manager), row.offered_at, today),
            text=row.text,
            cost=row.cost,
            limit=row.limit,
            why=": ".join(part for part in (row.cause_label, row.words) if part),
            is_own=row.offered_by_id == access.user_id,
            decide_url=reverse("retention:offer_detail", args=[row.id]),
        )
        for row in waiting_offers(access.scope_for("decide_offers"))
        if manager_id is None or row.manager_id == manager_id
    ]


def _proposals(access: Access, today: date, manager_id: int | None) -> list[ProposalCard]:
    cards = []
    for row in open_proposals(access.scope_for("decide_tiers")):
        if manager_id is not None and row.customer.manager_id != manager_id:
            continue
        was, to = names.tier(row.from_tier_id), names.tier(row.to_tier_id)
        cards.append(
            ProposalCard(
                id=row.pk,
                customer=row.customer.name,
                url=reverse("workbench:customer", args=[row.customer_id]),
                was=_badge(was),
                to=_badge(to),
                is_lower=was is not None and (to is None or to.rank > was.rank),
                manager=names.staff_name(row.customer.manager_id),
                asked=_asked(_proposer(row), row.proposed_at, today),
                reason=row.reason,
                is_own=row.proposed_by_id is not None and row.proposed_by_id == access.user_id,
                decide_url=reverse("workbench:decide_tier", args=[row.pk]),
            )
        )
    return cards


def _proposer(row: TierProposal) -> str:
    """A person, the nightly look at the criteria, or another system by its name."""
    if row.proposed_by:
        return row.proposed_by.name
    return _("Tier criteria") if row.source == BY_CRITERIA else row.source or _("System")

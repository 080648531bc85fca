"""Tiers of customers: changed by decision, proposed by machines and managers, history kept (CUS-1…5)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import a_reason, scope_of, the_customer
from accounts.actions.standing import write_standings
from accounts.choices import CustomerKind, CustomerState, ProposalState
from accounts.followers import follow
from accounts.models import Customer, TierHistory, TierProposal
from accounts.queries import names
from crm.core.db import write
from crm.core.errors import Conflict, Invalid, NotAllowed, NotFound, refuse_own
from crm.core.notices import NoticeRow, notify
from crm.core.text import clean_text

if TYPE_CHECKING:
    from crm.core.models import User

TABLE = "accounts_tierproposal"


def is_lower(old_id: int | None, new_id: int | None) -> bool:
    """Whether a change takes something away: a worse rank, or no tier after one."""
    old, new = names.tier(old_id), names.tier(new_id)
    return old is not None and (new is None or new.rank > old.rank)


def needs_decision(customer: Customer, new_id: int | None) -> bool:
    """CUS-4: an active customer is never downgraded without a supervisor."""
    return customer.state == CustomerState.ACTIVE and is_lower(customer.tier_id, new_id)


def change_tier(
    *,
    customer_id: int,
    to_tier_id: int | None,
    reason: str,
    by: User | None,
    now: datetime,
    effective_on: date | None = None,
) -> Customer:
    """Change the tier of one customer, by who may decide it; `effective_on` may lie back to the last change."""
    today = timezone.localdate(now)
    with write(by=by):
        customer = the_customer(by, customer_id, "decide_tiers")
        reason = a_reason(reason)
        check_tier(customer.kind, to_tier_id)
        if customer.tier_id == to_tier_id:
            return customer
        day = _effective_day(customer, effective_on or today, today)
        set_tiers({customer.pk: to_tier_id}, reason=reason, effective_on=day, by=by, now=now)
        TierProposal.unscoped.filter(customer=customer, state=ProposalState.OPEN).update(
            state=ProposalState.REFUSED, decided_by=by, decided_at=now, remark=reason
        )
        customer.refresh_from_db()
        return customer


def check_tier(kind: str, tier_id: int | None) -> None:
    """A tier belongs to one kind of customer, and ordinary customers have none (ORG-3, D11)."""
    if tier_id is None:
        return
    tier = names.tier(tier_id)
    if tier is None or tier.kind != kind or not tier.is_active:
        raise Invalid(_("Customers of this kind do not have this tier."), code="invalid_choice", field="tier")


def _effective_day(customer: Customer, day: date, today: date) -> date:
    last = TierHistory.unscoped.filter(customer=customer, valid_to=None).values_list("valid_from", flat=True).first()
    if day > today or (last is not None and day < last):
        raise Invalid(
            _("A tier changes on a day between its last change and today."),
            code="out_of_range",
            field="effective_on",
        )
    return day


def set_tiers(
    tiers: Mapping[int, int | None], *, reason: str, effective_on: date, by: User | None, now: datetime
) -> None:
    """Write new tiers of locked customers with their history, whatever their number, and carry duties along."""
    if not tiers:
        return
    ids, new = list(tiers), list(tiers.values())
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_tierhistory SET valid_to = greatest(valid_from, %s)"
            " WHERE customer_id = ANY(%s) AND valid_to IS NULL",
            [effective_on, ids],
        )
        cursor.execute(
            "INSERT INTO accounts_tierhistory (customer_id, tier_id, valid_from, reason, decided_by_id)"
            " SELECT id, tier, %s, %s, %s FROM unnest(%s::bigint[], %s::bigint[]) AS u(id, tier)",
            [effective_on, reason[:200], by.pk if by is not None else None, ids, new],
        )
        cursor.execute(
            "UPDATE accounts_customer c SET tier_id = u.tier, version = version + 1, updated_at = %s"
            " FROM unnest(%s::bigint[], %s::bigint[]) AS u(id, tier) WHERE c.id = u.id",
            [now, ids, new],
        )
    write_standings(
        "SELECT c.id AS customer_id, coalesce(t.rank, 99)::smallint AS tier_rank FROM accounts_customer c"
        " LEFT JOIN accounts_tier t ON t.id = c.tier_id WHERE c.id = ANY(%s)",
        [ids],
        columns=["tier_rank"],
    )
    follow("TIER_FOLLOWERS", customer_ids=ids, today=timezone.localdate(now), now=now)


def propose_tier(
    *,
    customer_id: int,
    to_tier_id: int | None,
    reason: str,
    by: User | None,
    now: datetime,
    source: str = "manager",
) -> TierProposal:
    """Ask for another tier; a supervisor decides (CUS-4). One open proposal per customer: the newest wish counts."""
    with write(by=by):
        customer = the_customer(by, customer_id)
        if not any(
            scope_of(by, name).allows(unit_id=customer.unit_id, manager_id=customer.manager_id)
            for name in ("edit_customers", "decide_tiers")
        ):
            raise NotAllowed
        kind = CustomerKind.VIP if customer.kind == CustomerKind.ORDINARY else customer.kind
        check_tier(kind, to_tier_id)
        if customer.tier_id == to_tier_id:
            raise Invalid(_("The customer has this tier already."), code="nothing_to_do", field="tier")
        proposal = put_proposal(customer, to_tier_id, reason=a_reason(reason), source=source, by=by, now=now)
        _tell_supervisor(proposal, customer, now)
        return proposal


def put_proposal(
    customer: Customer, to_tier_id: int | None, *, reason: str, source: str, by: User | None, now: datetime
) -> TierProposal:
    """The open proposal of a locked customer, made or turned to the new wish; the same wish writes nothing."""
    proposal = TierProposal.unscoped.filter(customer=customer, state=ProposalState.OPEN).first()
    if proposal is not None and (proposal.to_tier_id, proposal.from_tier_id) == (to_tier_id, customer.tier_id):
        return proposal
    if proposal is None:
        proposal = TierProposal(customer=customer)
    proposal.from_tier_id, proposal.to_tier_id = customer.tier_id, to_tier_id
    proposal.source, proposal.reason = source[:40], reason[:200]
    proposal.proposed_by, proposal.proposed_at = by, now
    proposal.save()
    return proposal


def _tell_supervisor(proposal: TierProposal, customer: Customer, now: datetime) -> None:
    manager = names.staff_card(customer.manager_id)
    boss = names.staff_card(manager.supervisor_id) if manager else None
    if boss is not None:
        notify(
            [
                NoticeRow(
                    boss.user_id, "tier_proposed", TABLE, proposal.pk, occasion=f"{now:%F}",
                    params={"customer": customer.name}, url="/approvals/",
                )
            ],
            now,
        )  # fmt: skip


def decide_tier(*, proposal_id: int, approve: bool, remark: str, by: User, now: datetime) -> TierProposal:
    """Approve or refuse a proposed tier, never one's own (SEC-24)."""
    remark = clean_text(remark, field="remark", max_length=200, blank=approve)
    with write(by=by):
        rows = TierProposal.visible_to(by.access.scope).filter(pk=proposal_id)
        proposal = rows.select_for_update(of=("self",)).first()
        if proposal is None:
            raise NotFound(_("There is no such proposal."))
        customer = the_customer(by, proposal.customer_id, "decide_tiers")
        refuse_own(by.pk, proposal.proposed_by_id)
        if proposal.state != ProposalState.OPEN:
            raise Conflict(
                _("This proposal has been decided already."),
                code="decided",
                current={"state": proposal.state, "decided_by": str(proposal.decided_by), "remark": proposal.remark},
            )
        if approve:
            _carry_out(proposal, customer, remark or proposal.reason, by=by, now=now)
        proposal.state = ProposalState.APPROVED if approve else ProposalState.REFUSED
        proposal.decided_by, proposal.decided_at, proposal.remark = by, now, remark
        proposal.save(update_fields=["state", "decided_by", "decided_at", "remark"])
        _tell_decision(proposal, customer, by=by, now=now)
        return proposal


def _carry_out(proposal: TierProposal, customer: Customer, reason: str, *, by: User, now: datetime) -> None:
    if customer.tier_id != proposal.from_tier_id:
        raise Conflict(
            _("The tier of this customer has changed since it was proposed."),
            code="outdated",
            current={"tier": getattr(names.tier(customer.tier_id), "code", None)},
        )
    tier = proposal.to_tier
    if tier is not None and customer.kind == CustomerKind.ORDINARY:
        # An ordinary customer who reaches the criteria becomes a VIP with the decision (ORG-3).
        Customer.unscoped.filter(pk=customer.pk).update(kind=tier.kind)
    set_tiers(
        {customer.pk: proposal.to_tier_id},
        reason=reason,
        effective_on=timezone.localdate(now),
        by=by,
        now=now,
    )


def _tell_decision(proposal: TierProposal, customer: Customer, *, by: User, now: datetime) -> None:
    """Who asked and who looks after the customer hear of it; machines and the decider don't."""
    manager = names.staff_card(customer.manager_id)
    asker = names.staff_of(proposal.proposed_by_id)
    users = {card.user_id for card in (manager, asker) if card is not None} - {by.pk}
    notify(
        [
            NoticeRow(
                user_id, f"tier_{proposal.state}", TABLE, proposal.pk,
                params={"customer": customer.name},
                url=f"/customers/{customer.pk}/",
            )
            for user_id in sorted(users)
        ],
        now,
    )  # fmt: skip

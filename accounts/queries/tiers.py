"""Tiers and what is owed to them, on any date (CUS-1, CUS-2, CUS-3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import Q, QuerySet

from accounts.choices import Purpose
from accounts.models import Customer, Tier, TierHistory, TierProposal, TierRule
from accounts.queries import names
from accounts.queries.names import TierView
from accounts.rules import tier_rule_on
from crm.core.scope import Scope


@dataclass(frozen=True, slots=True)
class TierLine:
    """A tier as the settings page lists it: the promise today and the next change."""

    tier: Tier | None
    rule: TierRule | None
    upcoming: TierRule | None
    customers: int


def contact_periods(on: date) -> dict[int, str]:
    """Tier id → contact period that holds on a day; tiers to which nothing is owed are left out."""
    by_tier: dict[int, list[TierRule]] = {}
    for rule in TierRule.objects.filter(purpose=Purpose.CONTACT, tier__isnull=False):
        by_tier.setdefault(rule.tier_id or 0, []).append(rule)
    found = {tier_id: tier_rule_on(rules, on) for tier_id, rules in by_tier.items()}
    return {tier_id: rule.period for tier_id, rule in found.items() if rule is not None and rule.period}


def tier_table(scope: Scope, on: date) -> list[TierLine]:
    """Every tier with its promise, for the settings page; the last line is the face-to-face rule (CON-4)."""
    counts = dict(_counts_by_tier(scope))
    rules = list(TierRule.objects.select_related("tier").order_by("effective_from"))

    def line(tier: Tier | None, purpose: Purpose, customers: int) -> TierLine:
        own = [rule for rule in rules if rule.tier_id == (tier.pk if tier else None) and rule.purpose == purpose]
        upcoming = next((rule for rule in own if rule.effective_from > on), None)
        return TierLine(tier, tier_rule_on(own, on), upcoming, customers)

    lines = [line(tier, Purpose.CONTACT, counts.get(tier.pk, 0)) for tier in Tier.objects.order_by("kind", "rank")]
    important = Customer.visible_to(scope).filter(is_important=True, state="active").count()
    return [*lines, line(None, Purpose.FACE_TO_FACE, important)]


def _counts_by_tier(scope: Scope) -> list[tuple[int, int]]:
    where, params = scope.sql("c")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.tier_id, count(*) FROM accounts_customer c"
            f" WHERE c.tier_id IS NOT NULL AND c.state = 'active' AND {where} GROUP BY 1",
            params,
        )
        return list(cursor.fetchall())


def _rules_of(tier_id: int | None) -> QuerySet[TierRule]:
    rules = TierRule.objects.all()
    return rules.filter(tier__isnull=True) if tier_id is None else rules.filter(tier_id=tier_id)


def rule_history(tier_id: int | None, purpose: str = Purpose.CONTACT) -> list[TierRule]:
    """All rules of a tier and purpose, newest first."""
    return list(_rules_of(tier_id).filter(purpose=purpose).order_by("-effective_from"))


def tier_on(customer: Customer, on: date) -> TierView | None:
    """The tier of a customer on a day (CUS-2): a snapshot of 1 January still says gold."""
    return names.tier(tiers_on([customer.pk], on).get(customer.pk))


def tiers_on(customer_ids: Iterable[int], on: date) -> dict[int, int | None]:
    """Customer id → tier id on a day; customers without any history before it are left out."""
    rows = TierHistory.unscoped.filter(customer_id__in=list(customer_ids), valid_from__lte=on).filter(
        Q(valid_to=None) | Q(valid_to__gt=on)
    )
    return dict(rows.values_list("customer_id", "tier_id"))


def tier_history(scope: Scope, customer_id: int) -> list[TierHistory]:
    """How the tier of a customer came about, newest first."""
    rows = TierHistory.visible_to(scope).filter(customer_id=customer_id)
    return list(rows.select_related("tier", "decided_by").order_by("-valid_from", "-pk"))


def open_proposals(scope: Scope, limit: int = 200) -> list[TierProposal]:
    """Proposed tiers that wait for a decision, oldest first."""
    rows = TierProposal.visible_to(scope).filter(state="open")
    return list(
        rows.select_related("customer", "from_tier", "to_tier", "proposed_by").order_by("proposed_at", "pk")[:limit]
    )

"""Exception lists, load and structure of the base (ORG-9, ORG-28, CUS-12, 15, 24, 26, 36)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from accounts.choices import ContactRole, CustomerKind, CustomerState, SimKind
from accounts.models import ContactPerson, Customer
from crm.core.scope import Scope

# Dimensions of the structure report (CUS-15): name → SQL; constants of this module.
DIMENSIONS: dict[str, str] = {
    "kind": "c.kind",
    "tier": "c.tier_id",
    "industry": "left(c.industry, 1)",
    "unit": "c.unit_id",
    "district": "c.district",
    "band": "c.market_band",
    "state": "c.state",
    "tenure": (
        "CASE WHEN c.joined_on IS NULL THEN '' WHEN c.joined_on > %(today)s - interval '1 year' THEN '<1'"
        " WHEN c.joined_on > %(today)s - interval '3 years' THEN '1-3'"
        " WHEN c.joined_on > %(today)s - interval '5 years' THEN '3-5' ELSE '5+' END"
    ),
    "value": (
        "CASE WHEN c.monthly_spend IS NULL THEN '' WHEN c.monthly_spend < 100 THEN '<100'"
        " WHEN c.monthly_spend < 500 THEN '100-500' WHEN c.monthly_spend < 2000 THEN '500-2000' ELSE '2000+' END"
    ),
}


@dataclass(frozen=True, slots=True)
class StructureCell:
    """So many customers, worth so much a month, with these values of the chosen dimensions."""

    keys: tuple[Any, ...]
    customers: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class Load:
    """One manager's portfolio (ORG-28)."""

    manager_id: int
    customers: int
    by_tier: dict[int | None, int] = field(default_factory=dict)


def _active(scope: Scope, kind: str | None = None) -> QuerySet[Customer]:
    rows = Customer.visible_to(scope).filter(state=CustomerState.ACTIVE)
    return rows.filter(kind=kind) if kind else rows


def unassigned_vips(scope: Scope) -> QuerySet[Customer]:
    """ORG-9: every VIP has one accountable manager; the target of this list is 0."""
    return _active(scope, CustomerKind.VIP).filter(manager=None).order_by("pk")


def groups_without_leader(scope: Scope) -> QuerySet[Customer]:
    """CUS-24: groups without a leader among their contact persons."""
    leader = ContactPerson.unscoped.filter(
        customer=OuterRef("pk"), is_active=True, role__in=(ContactRole.LEADER, ContactRole.DECISION_MAKER)
    )
    return _active(scope, CustomerKind.GROUP).filter(~Exists(leader)).order_by("pk")


def not_updated_since(scope: Scope, moment: datetime) -> QuerySet[Customer]:
    """CUS-12, CUS-27: profiles that nobody confirmed or changed since then."""
    rows = _active(scope).annotate(touched=Coalesce("profile_updated_at", "created_at"))
    return rows.filter(touched__lt=moment).order_by("touched", "pk")


def ordinary_sims(scope: Scope) -> QuerySet[Customer]:
    """CUS-36: VIPs still on an ordinary SIM, an occasion to get in touch."""
    return _active(scope, CustomerKind.VIP).exclude(sim_kind=SimKind.EXCLUSIVE).order_by("pk")


def incomplete_profiles(scope: Scope) -> QuerySet[Customer]:
    """CUS-27: the maintenance list, the emptiest first."""
    rows = _active(scope).filter(~Q(kind=CustomerKind.ORDINARY), standing__completeness__lt=100)
    return rows.select_related("standing").order_by("standing__completeness", "pk")


def team_load(scope: Scope) -> list[Load]:
    """ORG-28: customers per manager and their tiers, to balance portfolios; the fullest first."""
    where, params = scope.sql("c")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.manager_id, c.tier_id, count(*) FROM accounts_customer c"
            f" WHERE c.manager_id IS NOT NULL AND c.state = 'active' AND {where} GROUP BY 1, 2",
            params,
        )
        rows = cursor.fetchall()
    by_manager: dict[int, dict[int | None, int]] = {}
    for manager_id, tier_id, count in rows:
        by_manager.setdefault(manager_id, {})[tier_id] = count
    loads = [Load(manager_id, sum(tiers.values()), tiers) for manager_id, tiers in by_manager.items()]
    return sorted(loads, key=lambda load: (-load.customers, load.manager_id))


def customer_structure(scope: Scope, by: Sequence[str], *, today: date) -> list[StructureCell]:
    """CUS-15, CUS-26: the base cut by one to three dimensions; the cells add up to the total."""
    if not 1 <= len(by) <= 3 or any(name not in DIMENSIONS for name in by):
        raise ValueError(f"dimensions are one to three of {sorted(DIMENSIONS)}")
    where, params = _named(scope)
    columns = ", ".join(DIMENSIONS[name] for name in by)
    places = ", ".join(str(place) for place in range(1, len(by) + 1))
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns}, count(*), coalesce(sum(c.monthly_spend), 0) FROM accounts_customer c"
            f" WHERE {where} GROUP BY {places} ORDER BY {places}",
            {"today": today, **params},
        )
        return [StructureCell(tuple(row[:-2]), row[-2], row[-1]) for row in cursor.fetchall()]


def _named(scope: Scope) -> tuple[str, dict[str, Any]]:
    """The condition of a scope with named parameters."""
    where, values = scope.sql("c")
    names = [f"scope_{position}" for position in range(len(values))]
    return where % tuple(f"%({name})s" for name in names) if names else where, dict(zip(names, values, strict=True))

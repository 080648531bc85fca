"""Who looks after whom, on any date (ORG-1, ORG-9, ORG-10)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection
from django.db.models import Q

from accounts.choices import Role
from accounts.models import Assignment, Cover, Handover, HandoverItem, Leave, Post, Staff
from accounts.queries import names
from accounts.queries.names import StaffCard, TierView
from crm.core import parameters
from crm.core.scope import Scope


@dataclass(frozen=True, slots=True)
class ManagerCard:
    """The manager of a customer, who stands in for him today, and his backup (ORG-10)."""

    manager: StaffCard | None
    substitute: StaffCard | None
    backup: StaffCard | None


@dataclass(frozen=True, slots=True)
class TierCount:
    """So many customers of one tier."""

    tier: TierView | None
    count: int


def managers_on(customer_ids: Iterable[int], on: date) -> dict[int, int]:
    """Customer id → staff id of the manager of record on a day; customers with none are left out."""
    rows = Assignment.unscoped.filter(customer_id__in=list(customer_ids), valid_from__lte=on).filter(
        Q(valid_to=None) | Q(valid_to__gt=on)
    )
    return dict(rows.values_list("customer_id", "staff_id"))


def assignment_history(scope: Scope, customer_id: int) -> list[Assignment]:
    """Who had a customer from when to when, newest first; the history stays after a handover (ORG-29)."""
    rows = Assignment.visible_to(scope).filter(customer_id=customer_id)
    return list(rows.select_related("staff", "handover").order_by("-valid_from", "-pk"))


def manager_card(manager_id: int | None, today: date) -> ManagerCard:
    """Card for the customer page and the API: name, phone, who covers today, B角 (ORG-10)."""
    manager = names.staff_card(manager_id)
    if manager is None:
        return ManagerCard(None, None, None)
    covers = covered_today([manager.id], today)
    return ManagerCard(manager, names.staff_card(covers.get(manager.id)), names.staff_card(manager.backup_id))


def covered_today(staff_ids: Iterable[int], today: date) -> dict[int, int]:
    """Absent staff id → substitute's id for those who are covered on the day."""
    rows = Cover.unscoped.filter(
        absent_id__in=list(staff_ids), starts_on__lte=today, ends_on__gte=today, cancelled_at=None
    )
    return dict(rows.values_list("absent_id", "substitute_id"))


def is_manager(staff_id: int, on: date) -> bool:
    """Whether somebody may have customers: he is active and holds a post as manager on the day (ORG-7)."""
    posts = Post.unscoped.filter(staff_id=staff_id, staff__is_active=True, role=Role.MANAGER)
    return posts.filter(_holds(on)).exists()


def managers(scope: Scope, on: date) -> list[Staff]:
    """Everybody in the scope who may have customers: choices of handover and assignment forms."""
    posts = Post.unscoped.filter(_holds(on), role=Role.MANAGER)
    rows = Staff.visible_to(scope).filter(is_active=True, pk__in=posts.values("staff_id"))
    return list(rows.select_related("unit").order_by("unit__path", "pinyin", "pk"))


def _holds(on: date) -> Q:
    return (Q(starts_on=None) | Q(starts_on__lte=on)) & (Q(ends_on=None) | Q(ends_on__gte=on))


def tier_mix(customer_ids: Sequence[int]) -> list[TierCount]:
    """How many of these customers in each tier, best first, those without one last."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.tier_id, count(*) FROM accounts_customer c LEFT JOIN accounts_tier t ON t.id = c.tier_id"
            " WHERE c.id = ANY(%s) GROUP BY 1, t.kind, t.rank ORDER BY t.kind = 'vip' DESC NULLS LAST, t.kind, t.rank",
            [list(customer_ids)],
        )
        return [TierCount(names.tier(tier_id), count) for tier_id, count in cursor.fetchall()]


def customer_ids_of(scope: Scope, staff_id: int, *, tier_id: int | None = None) -> list[int]:
    """All customers of one manager inside the scope, for a handover of the whole portfolio."""
    where, params = scope.sql("c")
    tier_where, tier_params = ("TRUE", []) if tier_id is None else ("c.tier_id = %s", [tier_id])
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT c.id FROM accounts_customer c WHERE c.manager_id = %s AND {where} AND {tier_where} ORDER BY c.id",
            [staff_id, *params, *tier_params],
        )
        return [row[0] for row in cursor.fetchall()]


def handovers(scope: Scope, limit: int = 50) -> list[Handover]:
    """Recent handovers, newest first."""
    rows = Handover.visible_to(scope).select_related("from_staff", "to_staff", "done_by", "undone_by")
    return list(rows.order_by("-done_at", "-pk")[:limit])


def handover_items(scope: Scope, handover_id: int) -> list[HandoverItem]:
    """The customers of a handover that are still visible."""
    rows = HandoverItem.visible_to(scope).filter(handover_id=handover_id)
    return list(rows.select_related("customer", "previous_staff").order_by("customer__pinyin", "pk"))


def can_undo(handover: Handover, today: date) -> bool:
    """Whether a handover can still be undone (within 7 days, once)."""
    days = timedelta(days=int(parameters.value("handover_undo_days", today)))
    return handover.undone_at is None and today <= handover.effective_on + days


def leaves(scope: Scope, *, since: date) -> list[Leave]:
    """Leave that ends on a day or later."""
    rows = Leave.visible_to(scope).filter(ends_on__gte=since).select_related("staff")
    return list(rows.order_by("starts_on", "pk"))


def covers(scope: Scope, *, since: date) -> list[Cover]:
    """Cover that ends on a day or later and was not cancelled, of absent people inside the scope."""
    rows = Cover.visible_to(scope).filter(ends_on__gte=since, cancelled_at=None)
    return list(rows.select_related("absent", "substitute", "arranged_by").order_by("starts_on", "pk"))

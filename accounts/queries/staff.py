"""People and units as the settings pages list them (ORG-4…12, 18, 20, 27)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import connection
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from accounts.choices import QualificationKind, Role, UnitType
from accounts.models import Post, PrivateGrant, Qualification, Staff, Unit
from crm.core.errors import NotFound
from crm.core.scope import Scope

REQUIRED_QUALIFICATIONS: tuple[str, ...] = (QualificationKind.EDUCATION, QualificationKind.COMPUTER)
"""ORG-27: senior high school at least, and a primary computer certificate."""


def staff_rows(scope: Scope) -> QuerySet[Staff]:
    """Staff of the scope with unit, supervisor and number of customers."""
    return (
        Staff.visible_to(scope)
        .select_related("unit", "supervisor", "backup", "user")
        .annotate(
            customer_count=Count("customers"), has_grant=Exists(PrivateGrant.unscoped.filter(staff=OuterRef("pk")))
        )
        .order_by("-is_active", "unit__path", "pinyin", "pk")
    )


def roles_of(staff_ids: Sequence[int], today: date) -> dict[int, str]:
    """Staff → the roles held today, in words."""
    posts = Post.unscoped.filter(staff_id__in=list(staff_ids)).filter(Q(ends_on=None) | Q(ends_on__gte=today))
    held: dict[int, list[str]] = {}
    for staff_id, role in posts.values_list("staff_id", "role").order_by("pk"):
        words = str(Role(role).label)
        if words not in held.setdefault(staff_id, []):
            held[staff_id].append(words)
    return {staff_id: " · ".join(roles) for staff_id, roles in held.items()}


def staff_for(scope: Scope, staff_id: int) -> Staff:
    """One colleague inside the scope, or 404."""
    staff = staff_rows(scope).filter(pk=staff_id).first()
    if staff is None:
        raise NotFound
    return staff


def posts_of(scope: Scope, staff_id: int) -> list[Post]:
    """All posts of somebody, open ones first."""
    rows = Post.visible_to(scope).filter(staff_id=staff_id).select_related("unit")
    return sorted(rows, key=lambda post: (post.ends_on is not None, post.pk))


def qualifications_of(scope: Scope, staff_id: int) -> list[Qualification]:
    """All qualifications of somebody, by kind (ORG-27)."""
    return list(Qualification.visible_to(scope).filter(staff_id=staff_id).order_by("kind", "-issued_on", "pk"))


def missing_qualifications(staff_ids: list[int], today: date) -> dict[int, list[str]]:
    """ORG-27: required kinds somebody does not hold today; drives the badge."""
    held: dict[int, set[str]] = {}
    rows = Qualification.unscoped.filter(staff_id__in=staff_ids).filter(Q(expires_on=None) | Q(expires_on__gte=today))
    for staff_id, kind in rows.values_list("staff_id", "kind"):
        held.setdefault(staff_id, set()).add(kind)
    found = {
        staff_id: [kind for kind in REQUIRED_QUALIFICATIONS if kind not in held.get(staff_id, set())]
        for staff_id in staff_ids
    }
    return {staff_id: kinds for staff_id, kinds in found.items() if kinds}


def on_probation(scope: Scope, today: date) -> list[Staff]:
    """ORG-20: trainees, the next to end first."""
    rows = Staff.visible_to(scope).filter(is_active=True, probation_ends_on__gte=today)
    return list(rows.select_related("unit", "supervisor").order_by("probation_ends_on", "pk"))


def unit_rows(scope: Scope) -> QuerySet[Unit]:
    """The unit tree in reading order, with people and customers of each."""
    return (
        Unit.visible_to(scope)
        .select_related("parent", "head", "complaint_handler")
        .annotate(
            staff_count=Count("staff", filter=Q(staff__is_active=True), distinct=True),
        )
        .order_by("path")
    )


def unit_for(scope: Scope, unit_id: int) -> Unit:
    """One unit inside the scope, or 404."""
    unit = unit_rows(scope).filter(pk=unit_id).first()
    if unit is None:
        raise NotFound
    return unit


def units_without_handler(scope: Scope) -> list[Unit]:
    """ORG-18: branches that name nobody for VIP complaints; a complaint there goes to the unit's head."""
    rows = Unit.visible_to(scope).filter(type=UnitType.BRANCH, is_active=True)
    return list(rows.filter(Q(complaint_handler=None) | Q(complaint_handler__is_active=False)).order_by("path"))


_HOLDERS = """
SELECT DISTINCT t.user_id FROM accounts_unit u JOIN accounts_unit a ON u.path LIKE a.path || '%%'
JOIN accounts_post p ON p.unit_id = a.id AND p.role = %s AND (p.starts_on IS NULL OR p.starts_on <= %s)
    AND (p.ends_on IS NULL OR p.ends_on >= %s)
JOIN accounts_staff t ON t.id = p.staff_id AND t.is_active WHERE u.id = %s
"""


def users_with_role(role: str, unit_id: int, today: date) -> list[int]:
    """Users who hold a role over a unit today: by a post in it or in a unit above it."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLDERS, [role, today, today, unit_id])
        return [row[0] for row in cursor.fetchall()]

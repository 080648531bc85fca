"""Who has been reviewed, and the seven requirements of the post (ORG-26)."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.models import Post, Staff
from crm.core.errors import NotFound
from crm.core.scope import Scope
from kpi.models import CompetencyReview

ITEMS: dict[str, str | Promise] = {
    "attitude": _("Service attitude and clear Mandarin"),
    "zeal": _("Zeal for sales, honesty and integrity"),
    "learning": _("Ability to learn and to communicate"),
    "market": _("Insight into the market and teamwork"),
    "sector": _("Knows the sector's products, has customer resources"),
    "office": _("Office software, Excel above all"),
    "business": _("Business knowledge, background in marketing or economics"),
}


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A manager with his review of a year, when there is one."""

    staff: Staff
    review: CompetencyReview | None

    @property
    def average(self) -> float | None:
        """The mean of the seven levels."""
        return mean_of(self.review) if self.review else None


def mean_of(review: CompetencyReview) -> float:
    """The mean of the seven levels."""
    levels: list[int] = [getattr(review, name) for name in ITEMS]
    return sum(levels) / len(levels)


def levels_of(review: CompetencyReview) -> list[tuple[str | Promise, int]]:
    """The seven items with their levels."""
    return [(words, getattr(review, name)) for name, words in ITEMS.items()]


def managers_in(scope: Scope) -> QuerySet[Staff]:
    """The active account managers of a scope, by unit and number."""
    posts = Post.unscoped.filter(role=Role.MANAGER, ends_on=None)
    rows = Staff.visible_to(scope).filter(is_active=True, pk__in=posts.values("staff_id"))
    return rows.select_related("unit").order_by("unit__path", "number")


def reviewed_managers(scope: Scope, year: int) -> list[Reviewed]:
    """The active managers of a scope with their review of the year."""
    found = {row.staff_id: row for row in CompetencyReview.visible_to(scope).filter(year=year)}
    return [Reviewed(staff, found.get(staff.pk)) for staff in managers_in(scope)]


def one_manager(scope: Scope, staff_id: int, year: int) -> Reviewed:
    """One of them, or 404."""
    staff = managers_in(scope).filter(pk=staff_id).first()
    if staff is None:
        raise NotFound
    return Reviewed(staff, CompetencyReview.unscoped.filter(staff=staff, year=year).first())


def own_review(staff_id: int) -> CompetencyReview | None:
    """The last review of somebody, for himself."""
    return (
        CompetencyReview.visible_to(Scope(manager_ids=(staff_id,)))
        .filter(staff_id=staff_id)
        .select_related("reviewed_by")
        .order_by("-year")
        .first()
    )

"""Scores as pages and payroll read them: one's own, one's unit's, never a peer's (KPI-2, KPI-12, ORG-22)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import F, QuerySet

from accounts.rules import add_months
from crm.core.abilities import Access
from crm.core.errors import NotFound
from crm.core.scope import Scope
from kpi.models import FrozenMonth, Score

LEADS = "view_team"
SEES = "view_kpi"
MOST = 300
TREND_MONTHS = 12


def card_scope(access: Access) -> Scope:
    """Whose cards somebody may open: those of the people he leads; everybody his own, whoever he covers (KPI-12)."""
    if not access.can(SEES):
        return Scope.NOTHING
    if access.can(LEADS):
        return access.scope_for(LEADS)
    return Scope(manager_ids=(access.staff_id,)) if access.staff_id is not None else Scope.NOTHING


def may_lead(access: Access) -> bool:
    """Whether the cards of others are his to read at all."""
    scope = card_scope(access)
    return scope.everything or bool(scope.unit_ids)


def unit_scores(scope: Scope, month: date) -> Sequence[Score]:
    """The units of a scope, best first."""
    rows = Score.visible_to(scope).filter(month=month, staff=None).select_related("unit", "version")
    return list(rows.order_by(F("total").desc(nulls_last=True), "unit__path"))


def manager_scores(scope: Scope, month: date, *, path: str = "") -> Sequence[Score]:
    """The managers of a scope, or of a subtree of it, best first."""
    rows = Score.visible_to(scope).filter(month=month, staff__isnull=False).select_related("staff", "unit", "version")
    if path:
        rows = rows.filter(unit__path__startswith=path)
    return list(rows.order_by(F("total").desc(nulls_last=True), "staff__number")[:MOST])


def totals_before(scope: Scope, month: date) -> dict[tuple[int | None, int | None], object]:
    """(staff, unit of a unit's score) → the total of the month before, to say what rose and fell."""
    rows = Score.visible_to(scope).filter(month=add_months(month, -1), total__isnull=False)
    return {
        (staff_id, None if staff_id else unit_id): total
        for staff_id, unit_id, total in rows.values_list("staff_id", "unit_id", "total")
    }


def score_of_manager(access: Access, staff_id: int, month: date) -> Score | None:
    """His score of a month; 404 when he is not to be seen."""
    return _of(access).filter(staff_id=staff_id, month=month).first()


def score_of_unit(access: Access, unit_id: int, month: date) -> Score | None:
    """A unit's score of a month."""
    return _of(access).filter(unit_id=unit_id, staff=None, month=month).first()


def _of(access: Access) -> QuerySet[Score]:
    return Score.visible_to(card_scope(access)).select_related("version", "version__unit", "unit", "staff")


def must_see(access: Access, *, unit_id: int, staff_id: int | None = None) -> None:
    """404 for whoever may not open the card."""
    if not card_scope(access).allows(unit_id=unit_id, manager_id=staff_id):
        raise NotFound


def trend_of(access: Access, month: date, *, unit_id: int | None = None, staff_id: int | None = None) -> list[Score]:
    """The months up to this one, oldest first; without their lines."""
    rows = _of(access).filter(month__lte=month, month__gt=add_months(month, -TREND_MONTHS))
    rows = rows.filter(staff_id=staff_id) if staff_id is not None else rows.filter(staff=None, unit_id=unit_id or 0)
    return list(rows.defer("lines").order_by("month"))


def payroll_scores(scope: Scope, month: date) -> Sequence[Score]:
    """ORG-22: every manager's score of a month by number, with his unit and its region."""
    rows = Score.visible_to(scope).filter(month=month, staff__isnull=False).select_related("staff", "unit__parent")
    return list(rows.defer("lines").order_by("staff__number"))


def scored_months() -> list[tuple[date, bool]]:
    """The months that have scores, newest first, and whether they are final."""
    months = Score.unscoped.order_by("-month").values_list("month", flat=True).distinct()[:TREND_MONTHS]
    frozen = set(FrozenMonth.objects.values_list("month", flat=True))
    return [(month, month in frozen) for month in months]

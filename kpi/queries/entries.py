"""Results that come from outside: what can be entered, what waits for a signature (KPI-3, issue 5)."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q, QuerySet

from crm.core.errors import NotFound
from crm.core.scope import Scope
from kpi.choices import ASSESSED, EntryState, Method
from kpi.models import EnteredResult, Indicator

LIMIT = 50
SEES = "view_kpi"
ENTERS = "correct_results"
SIGNS = "sign_results"
JUDGED = ("unit_rules",)
"""Measures that count a signed entry among their rows (KPI-48: the score of the Group Customer Department)."""


def enterable() -> QuerySet[Indicator]:
    """The indicators whose results come from outside (survey, exam, callback, mystery visit) and are not counted here.

    What the system is to count later is not entered by hand meanwhile: it stays 不适用.
    """
    rows = Indicator.objects.filter(category__in=ASSESSED, is_active=True).filter(Q(measure="") | Q(measure__in=JUDGED))
    return rows.exclude(method=Method.SYSTEM).order_by("category", "sub_no", "position")


def entries(scope: Scope, *, state: str = "", before: int | None = None) -> Sequence[EnteredResult]:
    """Entered results of a scope, newest first, one more than a page."""
    rows = EnteredResult.visible_to(scope).select_related(
        "indicator", "unit", "manager", "entered_by", "signed_by", "attachment"
    )
    if state:
        rows = rows.filter(state=state)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return list(rows.order_by("-pk")[: LIMIT + 1])


def entry_for(scope: Scope, entry_id: int) -> EnteredResult:
    """One of them, or 404."""
    found = EnteredResult.visible_to(scope).select_related("indicator", "attachment").filter(pk=entry_id).first()
    if found is None:
        raise NotFound
    return found


def waiting(scope: Scope) -> int:
    """How many wait for a signature."""
    return EnteredResult.visible_to(scope).filter(state=EntryState.ENTERED).count()

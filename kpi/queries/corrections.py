"""Corrections of frozen figures as their page lists them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import get_language

from accounts.models import Customer
from accounts.queries import names
from crm.core.abilities import Access
from kpi.choices import CorrectionState
from kpi.models import Correction
from kpi.queries.results import ABILITY

PAGE = 50


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """One correction; `customer` is empty when there is none or he is out of sight."""

    id: int
    code: str
    label: str
    period: str
    period_on: date
    unit_id: int
    manager_id: int | None
    who: str
    unit: str
    numerator: Decimal
    denominator: Decimal
    customer: str
    reason: str
    state: str
    asked_by: str
    asked_by_id: int
    asked_at: datetime
    decided_by: str
    decided_at: datetime | None
    remark: str


@dataclass(frozen=True, slots=True)
class CorrectionPage:
    """A page of them, the newest first."""

    lines: Sequence[CorrectionLine]
    next_before: int | None


def correction_page(access: Access, *, waiting: bool, before: int | None = None) -> CorrectionPage:
    """Those that wait for the second signature, or those that were decided."""
    rows = Correction.visible_to(access.scope_for(ABILITY)).select_related("indicator", "requested_by", "decided_by")
    rows = rows.filter(state=CorrectionState.REQUESTED) if waiting else rows.exclude(state=CorrectionState.REQUESTED)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: PAGE + 1])
    shown = found[:PAGE]
    known = dict(
        Customer.visible_to(access.scope)
        .filter(pk__in=[row.customer_id for row in shown if row.customer_id])
        .values_list("pk", "name")
    )
    lines = [_line(row, known.get(row.customer_id or 0, "")) for row in shown]
    return CorrectionPage(lines, shown[-1].pk if len(found) > PAGE else None)


def _line(row: Correction, customer: str) -> CorrectionLine:
    is_english = (get_language() or "").startswith("en")
    return CorrectionLine(
        row.pk,
        row.indicator.code,
        row.indicator.label_en if is_english else row.indicator.label_zh,
        row.indicator.period,
        row.period_on,
        row.unit_id,
        row.manager_id,
        names.staff_name(row.manager_id),
        names.unit_name(row.unit_id),
        row.numerator,
        row.denominator,
        customer,
        row.reason,
        row.state,
        row.requested_by.name,
        row.requested_by_id,
        row.requested_at,
        row.decided_by.name if row.decided_by else "",
        row.decided_at,
        row.remark,
    )

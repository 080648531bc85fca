"""Results from outside take their place among the counted ones; the sums up the tree follow (KPI-3, KPI-50)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.db import write
from crm.core.errors import Conflict
from kpi.actions.counting import Count, counts_of, settle_results
from kpi.choices import ResultSource
from kpi.models import Result
from kpi.queries.indicators import forget, indicator_of
from kpi.rules.periods import Bounds, period_of
from kpi.rules.values import Goal, is_met, value

if TYPE_CHECKING:
    from crm.core.models import User


@dataclass(frozen=True, slots=True)
class Signed:
    """A result that two people have signed: of a manager, or of the unit itself."""

    indicator: str
    period_on: date
    unit_id: int
    manager_id: int | None
    numerator: Decimal
    denominator: Decimal
    evidence: str


def put_results(signed: Sequence[Signed], *, by: User | None, now: datetime) -> list[Result]:
    """Each replaces an earlier one of its subject until the period is frozen; then the units are summed once."""
    counts = {(one.indicator, one.period_on): _count(one, timezone.localdate(now)) for one in signed}
    with write(by=by):
        rows = [_put(one, counts[one.indicator, one.period_on], now) for one in signed]
        settle_results(list(counts.values()), now=now)
    forget()
    return rows


def _put(one: Signed, count: Count, now: datetime) -> Result:
    goal = Goal(count.indicator.direction, count.indicator.display, count.target, count.is_strict)
    shown = value(goal.display, one.numerator, one.denominator)
    key = {"indicator_id": count.indicator.id, "period_on": one.period_on, "unit_id": one.unit_id,
           "manager_id": one.manager_id}  # fmt: skip
    row = Result.unscoped.filter(is_unit=False, is_current=True, **key).select_for_update().first()
    if row is not None and row.frozen_at is not None:
        raise Conflict(_("The period is frozen: only a signed correction changes it now."), code="frozen")
    row = row or Result(is_unit=False, **key)
    row.numerator, row.denominator, row.excused, row.mendable = one.numerator, one.denominator, 0, 0
    row.value = row.value_before_excuses = shown
    row.target, row.is_strict = goal.target, goal.is_strict
    row.is_met, row.projected = is_met(goal, one.numerator, one.denominator), None
    row.source, row.evidence, row.computed_at = ResultSource.ENTERED, one.evidence, now
    row.save()
    return row


def _count(one: Signed, today: date) -> Count:
    def of_period(kind: str) -> Iterator[Bounds]:
        yield period_of(kind, one.period_on)

    return counts_of([indicator_of(one.indicator)], of_period, today)[0]

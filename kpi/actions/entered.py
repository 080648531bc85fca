"""A result from outside takes its place among the counted ones; the sums up the tree follow (KPI-3, KPI-50)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.db import write
from crm.core.errors import Conflict
from crm.core.models import User
from kpi.actions.counting import Count, counts_of, settle_results
from kpi.choices import ResultSource
from kpi.models import Result
from kpi.queries.indicators import forget, indicator_of
from kpi.rules.periods import Bounds, period_of
from kpi.rules.values import Goal, is_met, value


def put_result(
    *,
    indicator: str,
    period_on: date,
    unit_id: int,
    manager_id: int | None,
    numerator: Decimal,
    denominator: Decimal,
    evidence: str,
    by: User,
    now: datetime,
) -> Result:
    """The signed result of a manager, or of nobody in a unit; a second one replaces it until the period is frozen."""
    count = _count(indicator, period_on, timezone.localdate(now))
    goal = Goal(count.indicator.direction, count.indicator.display, count.target, count.is_strict)
    shown = value(goal.display, numerator, denominator)
    key = {"indicator_id": count.indicator.id, "period_on": period_on, "unit_id": unit_id, "manager_id": manager_id}
    values = {
        "numerator": numerator, "denominator": denominator, "excused": 0, "mendable": 0, "value": shown,
        "value_before_excuses": shown, "target": goal.target, "is_strict": goal.is_strict,
        "is_met": is_met(goal, numerator, denominator), "projected": None, "source": ResultSource.ENTERED,
        "evidence": evidence, "computed_at": now,
    }  # fmt: skip
    with write(by=by):
        there = Result.unscoped.filter(is_unit=False, is_current=True, **key).select_for_update().first()
        if there is not None and there.frozen_at is not None:
            raise Conflict(_("The period is frozen: only a signed correction changes it now."), code="frozen")
        row = there or Result(is_unit=False, **key)
        for name, given in values.items():
            setattr(row, name, given)
        row.save()
        settle_results([count], now=now)
    forget()
    return row


def _count(code: str, period_on: date, today: date) -> Count:
    def of_period(kind: str) -> Iterator[Bounds]:
        yield period_of(kind, period_on)

    return counts_of([indicator_of(code)], of_period, today)[0]

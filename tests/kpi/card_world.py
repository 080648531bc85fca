"""Results and versions of scorecards as tests need them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils import timezone

from kpi.models import Indicator, Result, ScorecardLine, ScorecardVersion
from kpi.rules.periods import period_of
from kpi.rules.values import Goal, is_met, value


def month_now() -> date:
    """First day of the running month."""
    return timezone.localdate().replace(day=1)


def result(code, month, numerator, denominator, *, unit, manager=None, **more):
    """One result; of a manager, or of a unit's whole subtree without one."""
    indicator = Indicator.objects.get(code=code)
    target = indicator.targets.order_by("-effective_from").first()
    goal = Goal(indicator.direction, indicator.display, target and target.value, bool(target and target.is_strict))
    values = {
        "numerator": Decimal(numerator), "denominator": Decimal(denominator), "target": goal.target,
        "is_strict": goal.is_strict, "is_met": is_met(goal, numerator, denominator),
        "value": value(indicator.display, numerator, denominator), "computed_at": timezone.now(),
    }  # fmt: skip
    return Result.unscoped.create(
        indicator=indicator, period_on=period_of(indicator.period, month).first, unit=unit, manager=manager,
        is_unit=manager is None, **values | more,
    )  # fmt: skip


def version(weights, *, unit=None, audience="manager", state="in_force", month=None, **more):
    """A version of these indicators: code → weight, or (weight, values of the line)."""
    month = month or month_now()
    made = ScorecardVersion.unscoped.create(
        year=month.year, unit=unit, audience=audience, state=state,
        **{"title": "细则", "holds_from": month, "published_at": timezone.now(), "made_at": timezone.now()} | more,
    )  # fmt: skip
    for code, given in weights.items():
        weight, values = given if isinstance(given, tuple) else (given, {})
        ScorecardLine.unscoped.create(
            version=made, indicator=Indicator.objects.get(code=code), weight=Decimal(weight), **values
        )
    return made

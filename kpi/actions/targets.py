"""Headquarters sets what an indicator has to reach, from a day on, seeing first whose light changes (issue 5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import must
from crm.core.db import write
from crm.core.errors import Invalid
from crm.core.scope import Scope
from kpi.choices import Direction, Display
from kpi.models import FrozenMonth, Indicator, IndicatorTarget
from kpi.queries.results import Cell, results_of
from kpi.rules.periods import period_of
from kpi.rules.values import Goal, exact, reaches

if TYPE_CHECKING:
    from crm.core.models import User

MAY = "set_standards"
MOST = Decimal(100_000)


@dataclass(frozen=True, slots=True)
class NewTarget:
    """A target as somebody enters it; without a value the indicator is mere information from then on."""

    indicator: Indicator
    value: Decimal | None
    is_strict: bool
    effective_from: date


@dataclass(frozen=True, slots=True)
class Effect:
    """What another target would do to the figures of today: how many units and managers would win or lose."""

    period_on: date
    units_lost: tuple[int, ...]
    units_won: tuple[int, ...]
    managers_lost: int
    managers_won: int
    is_now: bool

    @property
    def units(self) -> int:
        """How many units' lights change."""
        return len(self.units_lost) + len(self.units_won)

    @property
    def managers(self) -> int:
        """How many managers' lights change."""
        return self.managers_lost + self.managers_won


def preview_target(target: NewTarget, *, by: User, now: datetime) -> Effect:
    """Whose light would change, measured on the figures of today; nothing is written."""
    must(by, MAY)
    today = timezone.localdate(now)
    _check(target, today)
    cells = results_of(Scope.ALL, today.replace(day=1), [target.indicator.code])
    units = [(cell, turn) for cell in cells if cell.is_unit and (turn := _turn(cell, target))]
    people = [turn for cell in cells if cell.manager_id is not None and (turn := _turn(cell, target))]
    return Effect(
        period_on=period_of(target.indicator.period, today).first,
        units_lost=tuple(cell.unit_id for cell, turn in units if turn < 0 and cell.unit_id),
        units_won=tuple(cell.unit_id for cell, turn in units if turn > 0 and cell.unit_id),
        managers_lost=people.count(-1),
        managers_won=people.count(1),
        is_now=target.effective_from <= period_of(target.indicator.period, today).last,
    )


def _turn(cell: Cell, target: NewTarget) -> int:
    """−1: met today and not by the new target; 1: the other way; 0: the same."""
    row = target.indicator
    goal = Goal(row.direction, row.display, target.value, target.is_strict)
    then = reaches(goal, exact(row.display, cell.numerator, cell.denominator))
    return 0 if then == cell.is_met else (1 if then else -1 if cell.is_met else 0)


def set_target(target: NewTarget, *, by: User, now: datetime) -> IndicatorTarget:
    """A target from a day on. Months that are frozen keep what held then; the figures follow with the next count."""
    _check(target, timezone.localdate(now))
    with write(by=by):
        must(by, MAY)
        row, _made = IndicatorTarget.objects.update_or_create(
            indicator=target.indicator,
            effective_from=target.effective_from,
            defaults={"value": target.value, "is_strict": target.is_strict, "source": "set", "set_by": by},
        )
    return row


def _check(target: NewTarget, today: date) -> None:
    if target.indicator.direction == Direction.NONE:
        raise Invalid(
            _("This indicator is for information: it has no target."), code="no_direction", field="indicator_id"
        )
    least = -MOST if target.indicator.display == Display.COUNT else 0
    if target.value is not None and not least <= target.value < MOST:
        raise Invalid(_("This is not a valid value."), code="out_of_range", field="target")
    last = FrozenMonth.objects.order_by("-month").values_list("month", flat=True).first()
    first = max(period_of("month", last).last if last else date.min, date(today.year - 1, 1, 1))
    if not first < target.effective_from <= date(today.year + 2, 1, 1):
        raise Invalid(
            _("A target holds from a day after the last frozen month, at most two years ahead."),
            code="out_of_range", field="effective_from",
        )  # fmt: skip

"""What a result is worth (KPI-50): value = n / d; met or missed is decided on n and d, never on rounded figures."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from kpi.choices import Direction, Display, Light

Number = int | Decimal | Fraction

PLACES = Decimal("0.0001")
OF_HUNDRED = frozenset({Display.PERCENT.value, Display.PER_HUNDRED.value, Display.SCORE.value})
"""Shown as 100 n / d; counts are n, averages n / d."""


@dataclass(frozen=True, slots=True)
class Goal:
    """Which way is better, how it is shown, and what is to be reached; strict: exactly that is not enough.

    accrues: the denominator stands from the first day and the numerator grows with the days (a quota).
    """

    direction: str
    display: str
    target: Decimal | None = None
    is_strict: bool = False
    accrues: bool = False


def exact(display: str, numerator: Number, denominator: Number) -> Fraction | None:
    """The figure as it is shown, not rounded; None is "n/a" (KPI-50: d = 0 is never 0 or 100).

    >>> exact("percent", 35, 1000)
    Fraction(7, 2)
    """
    if display == Display.COUNT:
        return Fraction(numerator)
    if not denominator:
        return None
    ratio = Fraction(numerator) / Fraction(denominator)
    return 100 * ratio if display in OF_HUNDRED else ratio


def value(display: str, numerator: Number, denominator: Number) -> Decimal | None:
    """The figure with four decimals, as `Result.value` keeps it."""
    return rounded(exact(display, numerator, denominator))


def value_before_excuses(display: str, numerator: Number, denominator: Number, excused: int) -> Decimal | None:
    """The share as it would be without any excuse: excused rows count as owed and not done. Other figures stay."""
    return value(display, numerator, denominator + excused if display == Display.PERCENT else denominator)


def rounded(figure: Fraction | None) -> Decimal | None:
    """Four decimals, half away from zero, as PostgreSQL rounds."""
    if figure is None:
        return None
    scaled = Decimal(figure.numerator) / Decimal(figure.denominator)
    return scaled.quantize(PLACES, rounding=ROUND_HALF_UP)


def reaches(goal: Goal, figure: Fraction | None) -> bool | None:
    """Whether a figure reaches the goal; None without a goal or a figure. 3.50 % misses "below 3.5", 85.0 meets 85.

    >>> reaches(Goal("down", "percent", Decimal("3.5"), True), Fraction(7, 2))
    False
    """
    if figure is None or goal.target is None or goal.direction == Direction.NONE:
        return None
    target = Fraction(goal.target)
    if figure == target:
        return not goal.is_strict
    return figure > target if goal.direction == Direction.UP else figure < target


def is_met(goal: Goal, numerator: Number, denominator: Number) -> bool | None:
    """KPI-50: met or missed, on the exact figure."""
    return reaches(goal, exact(goal.display, numerator, denominator))


def light(
    goal: Goal,
    numerator: Number,
    denominator: Number,
    *,
    mendable: int = 0,
    projected: Decimal | None = None,
    is_running: bool = False,
) -> Light:
    """Green: met (and staying so at the present pace). Amber: running, and still to be reached. Red: missed for good.

    A running figure is red as soon as what can still be mended is not enough.
    """
    met = is_met(goal, numerator, denominator)
    if met is None:
        return Light.NONE
    if not is_running:
        return Light.GREEN if met else Light.RED
    if met:
        falls = projected is not None and reaches(goal, Fraction(projected)) is False
        return Light.AMBER if falls else Light.GREEN
    best = best_possible(goal, numerator, denominator, mendable)
    return Light.RED if best is not None and not reaches(goal, best) else Light.AMBER


def best_possible(goal: Goal, numerator: Number, denominator: Number, mendable: int) -> Fraction | None:
    """What the figure comes to when everything that can still be mended is, with the rows known today.

    None: there is no such limit; a mean, a count that is to rise or a quota can always still be reached.
    """
    if goal.accrues or goal.display not in OF_HUNDRED | {Display.COUNT.value}:
        return None
    if goal.direction == Direction.UP:
        return None if goal.display == Display.COUNT else exact(goal.display, numerator + mendable, denominator)
    return exact(goal.display, numerator, denominator)

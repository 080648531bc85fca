"""From values to points, from points to a score, from scores to ranks (KPI-9, KPI-12): pure, exact, rounded once.

What has no data is 不适用. Its weight goes to what is beside it in its category, in proportion; a category without
any data gives its weight to the other categories, in proportion. So 100 points can always be reached.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import ceil, floor
from typing import TypeVar

from kpi.choices import Direction, Scoring
from kpi.rules.values import Goal, reaches

FULL = Fraction(100)
NOTHING = Fraction(0)
CENT = Decimal("0.01")
Key = TypeVar("Key", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Line:
    """One indicator of a scorecard with the target that holds."""

    code: str
    category: int
    sub_no: int
    weight: Decimal
    scoring: str
    direction: str
    target: Decimal | None = None
    is_strict: bool = False
    floor: Decimal | None = None
    steps: tuple[tuple[Decimal, Decimal], ...] = ()
    each: Decimal | None = None
    takes: Decimal | None = None
    display: str = "percent"

    @property
    def goal(self) -> Goal:
        """What is to be reached."""
        return Goal(self.direction, self.display, self.target, self.is_strict)


@dataclass(frozen=True, slots=True)
class Scored:
    """A line with what it came to: per cent of its weight, the weight it carries this time, the points it earned."""

    line: Line
    value: Fraction | None
    points: Fraction | None
    carries: Decimal
    earned: Decimal


@dataclass(frozen=True, slots=True)
class Card:
    """A whole scorecard of one subject; `total` is the sum of what its lines earned, empty without any data."""

    lines: tuple[Scored, ...]
    total: Decimal | None


def points_of(line: Line, value: Fraction | None) -> Fraction | None:
    """KPI-9: the share of a line's weight that a value earns, in per cent; None: there is nothing to assess."""
    if value is None or (line.target is None and line.scoring != Scoring.STEP):
        return None
    return max(NOTHING, min(FULL, _FUNCTIONS[Scoring(line.scoring)](line, value)))


def _linear(line: Line, value: Fraction) -> Fraction:
    """All of it at the target, nothing at the floor, in proportion between; a floor beyond the target is none."""
    target, none = _target(line), _floor(line)
    beyond = (value - target) * _sign(line)
    if beyond >= 0:
        return FULL
    span = (target - none) * _sign(line)
    return FULL + FULL * beyond / span if span > 0 else NOTHING


def _step(line: Line, value: Fraction) -> Fraction:
    """The best step that is reached."""
    reached = (share for limit, share in line.steps if (value - Fraction(limit)) * _sign(line) >= 0)
    return max((Fraction(share) for share in reached), default=NOTHING)


def _pass(line: Line, value: Fraction) -> Fraction:
    """All or nothing."""
    return FULL if reaches(line.goal, value) else NOTHING


def _deduct(line: Line, value: Fraction) -> Fraction:
    """So much is taken away for each begun step beside the target; a strict target reached exactly is one step."""
    if reaches(line.goal, value):
        return FULL
    beside = (_target(line) - value) * _sign(line)
    begun = max(1, ceil(beside / Fraction(line.each or 1)))
    return FULL - begun * Fraction(line.takes or 0)


_FUNCTIONS: Mapping[Scoring, Callable[[Line, Fraction], Fraction]] = {
    Scoring.LINEAR: _linear,
    Scoring.STEP: _step,
    Scoring.PASS: _pass,
    Scoring.DEDUCT: _deduct,
}


def _sign(line: Line) -> int:
    return -1 if line.direction == Direction.DOWN else 1


def _target(line: Line) -> Fraction:
    return Fraction(line.target or 0)


def _floor(line: Line) -> Fraction:
    if line.floor is not None:
        return Fraction(line.floor)
    return 2 * _target(line) if line.direction == Direction.DOWN else NOTHING


def score(lines: Sequence[Line], values: Mapping[str, Fraction | None]) -> Card:
    """The card of one subject: every line with its points, and the weights spread over what has data."""
    points = {line.code: points_of(line, values.get(line.code)) for line in lines}
    carries = dict(zip((line.code for line in lines), spread(lines, points), strict=True))
    scored = tuple(
        Scored(line, values.get(line.code), points[line.code], carries[line.code],
               _earned(carries[line.code], points[line.code]))
        for line in lines
    )  # fmt: skip
    has_data = any(one.points is not None and one.line.weight for one in scored)
    return Card(scored, sum((one.earned for one in scored), Decimal(0)) if has_data else None)


def _earned(carries: Decimal, points: Fraction | None) -> Decimal:
    return half_up(Fraction(carries) * (points or 0) / 100)


def spread(lines: Sequence[Line], points: Mapping[str, Fraction | None]) -> list[Decimal]:
    """The weight each line carries: within its category first, then over the categories; they add up to the whole."""
    whole = sum((line.weight for line in lines), Decimal(0))
    planned: dict[int, Fraction] = {}
    present: dict[int, Fraction] = {}
    for line in lines:
        weight = Fraction(line.weight)
        planned[line.category] = planned.get(line.category, NOTHING) + weight
        if points[line.code] is not None:
            present[line.category] = present.get(line.category, NOTHING) + weight
    assessed = sum((planned[category] for category, weight in present.items() if weight), NOTHING)
    if not assessed:
        return [Decimal("0.00") for _line in lines]
    exact = [
        Fraction(line.weight) / present[line.category] * planned[line.category] / assessed * Fraction(whole)
        if points[line.code] is not None and line.weight
        else NOTHING
        for line in lines
    ]
    return to_cents(exact, whole)


def to_cents(exact: Sequence[Fraction], whole: Decimal) -> list[Decimal]:
    """Two decimals that add up to the whole: what rounding down leaves goes to the largest remainders."""
    cents = [floor(part * 100) for part in exact]
    left = int(whole * 100) - sum(cents)
    by_remainder = sorted(range(len(exact)), key=lambda place: (cents[place] - exact[place] * 100, place))
    for place in by_remainder[: max(left, 0)]:
        cents[place] += 1
    return [(Decimal(part) / 100).quantize(CENT) for part in cents]


def half_up(value: Fraction, step: Decimal = CENT) -> Decimal:
    """A fraction with so many decimals, a half upwards; never by way of a float.

    >>> half_up(Fraction(1, 8))
    Decimal('0.13')
    """
    scale = Fraction(step)
    sign = -1 if value < 0 else 1
    return (sign * floor(abs(value) / scale + Fraction(1, 2)) * step).quantize(step, ROUND_HALF_UP)


def ranks(totals: Iterable[tuple[Key, Decimal | None]]) -> dict[Key, int]:
    """KPI-12: places by score, best first; equals share a place and the next one is left out (1, 2, 2, 4).

    Whoever has no score has no place.

    >>> ranks([("a", Decimal(90)), ("b", Decimal(95)), ("c", Decimal(90)), ("d", Decimal(80)), ("e", None)])
    {'b': 1, 'a': 2, 'c': 2, 'd': 4}
    """
    placed: dict[Key, int] = {}
    known = sorted(((total, key) for key, total in totals if total is not None), key=lambda one: -one[0])
    place, last = 0, None
    for number, (total, key) in enumerate(known, start=1):
        if total != last:
            place, last = number, total
        placed[key] = place
    return placed

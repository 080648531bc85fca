"""What one plain sentence says about a figure (screens 10): how many rows are missing, whose, and what can be done."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from enum import StrEnum

from kpi.choices import Direction, Display

HUNDRED = Decimal(100)
ONE = Decimal(1)


class Saying(StrEnum):
    """Which sentence it is."""

    NOTHING = "nothing"
    ALL_MET = "all_met"
    MISSING = "missing"
    BEYOND = "beyond"
    LOST = "lost"
    NONE_OF_THEM = "none"
    COUNTED = "counted"
    GAINED = "gained"
    MEAN = "mean"
    RATE = "rate"
    SCORE = "score"
    SHARE = "share"


@dataclass(frozen=True, slots=True)
class Figures:
    """What is known of one figure. `owners`: of how many managers (or units) something is missing, 0 when one's own.

    `is_out_of_reach`: the period runs, and the light is red already (kpi.rules.values).
    """

    display: str
    direction: str
    numerator: Decimal
    denominator: Decimal
    mendable: int = 0
    excused: int = 0
    target: Decimal | None = None
    is_strict: bool = False
    is_met: bool | None = None
    is_out_of_reach: bool = False
    owners: int = 0

    @property
    def missing(self) -> Decimal:
        """Rows that were counted and are not in the numerator."""
        return self.denominator - self.numerator


@dataclass(frozen=True, slots=True)
class Sentence:
    """The sentence with its numbers.

    `needed`: so many more of the missing make the target; `room`: so many more may be lost, below 0: so many too
    many; `is_out_of_reach`: not even everything that can still be mended makes the target.
    """

    saying: Saying
    count: Decimal = Decimal(0)
    of: Decimal = Decimal(0)
    mendable: int = 0
    owners: int = 0
    needed: int = 0
    room: int | None = None
    is_out_of_reach: bool = False


def needed_for(numerator: Decimal, denominator: Decimal, target: Decimal, *, is_strict: bool) -> int:
    """So many more in the numerator make the target, higher being better.

    >>> needed_for(Decimal(69), Decimal(100), Decimal(85), is_strict=False)
    16
    >>> needed_for(Decimal(85), Decimal(100), Decimal(85), is_strict=True)
    1
    """
    left = target * denominator / HUNDRED - numerator
    if is_strict:
        return max(int(left.to_integral_value(ROUND_FLOOR)) + 1, 0)
    return max(int(left.to_integral_value(ROUND_CEILING)), 0)


def room_for(numerator: Decimal, denominator: Decimal, target: Decimal, *, is_strict: bool) -> int:
    """So many more may be lost, lower being better; below 0: so many too many (RET-1, RET-2).

    >>> room_for(Decimal(10), Decimal(400), Decimal("3.5"), is_strict=True)
    3
    >>> room_for(Decimal(14), Decimal(400), Decimal("3.5"), is_strict=True)
    -1
    """
    left = target * denominator / HUNDRED - numerator
    if is_strict:
        return int(left.to_integral_value(ROUND_CEILING)) - 1
    return int(left.to_integral_value(ROUND_FLOOR))


def sentence(figures: Figures) -> Sentence:
    """The one sentence that says most about a figure."""
    if figures.display == Display.COUNT:
        return _count(figures)
    if not figures.denominator:
        return Sentence(Saying.NOTHING)
    if figures.display in (Display.MINUTES, Display.DAYS):
        return Sentence(Saying.MEAN, count=figures.numerator / figures.denominator, of=figures.denominator)
    if figures.display == Display.PER_HUNDRED:
        return Sentence(Saying.RATE, count=figures.numerator, of=figures.denominator)
    if figures.display == Display.SCORE:
        return Sentence(Saying.SCORE, count=figures.numerator, of=figures.denominator)
    if figures.direction == Direction.NONE:
        return Sentence(Saying.SHARE, count=figures.numerator, of=figures.denominator)
    return _lost(figures) if figures.direction == Direction.DOWN else _share(figures)


def _count(figures: Figures) -> Sentence:
    """Complaints, net customers: how many, and how many more the target allows."""
    count, target = figures.numerator, figures.target
    if figures.direction == Direction.DOWN:
        room = None if target is None else int((target - count).to_integral_value(ROUND_FLOOR))
        return Sentence(Saying.COUNTED if count else Saying.NONE_OF_THEM, count=count, room=room)
    return Sentence(Saying.GAINED, count=count)


def _lost(figures: Figures) -> Sentence:
    """A share that should stay low: how many are lost, and how many more may be."""
    room = None
    if figures.target is not None:
        room = room_for(figures.numerator, figures.denominator, figures.target, is_strict=figures.is_strict)
    return Sentence(
        Saying.LOST if figures.numerator else Saying.NONE_OF_THEM,
        count=figures.numerator,
        of=figures.denominator,
        room=room,
        owners=figures.owners,
    )


def _share(figures: Figures) -> Sentence:
    """A share that should be high: what is missing, what of it can still be mended, what the target needs."""
    missing = figures.missing
    if missing <= 0:
        beyond = missing < 0
        count = -missing if beyond else figures.denominator
        return Sentence(Saying.BEYOND if beyond else Saying.ALL_MET, count=count, of=figures.denominator)
    needed = 0
    if figures.target is not None and not figures.is_met:
        needed = needed_for(figures.numerator, figures.denominator, figures.target, is_strict=figures.is_strict)
    return Sentence(
        Saying.MISSING,
        count=missing,
        of=figures.denominator,
        mendable=figures.mendable,
        owners=figures.owners,
        needed=needed,
        is_out_of_reach=figures.is_out_of_reach,
    )

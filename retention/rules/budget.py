"""The churn budget (离网余量): how many may still be lost before a target is missed (RET-1, RET-2)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Limit:
    """A target in per cent; strict: exactly that is missed (RET-1: 35 of 1000 is 3.50 %, missed)."""

    per_cent: Decimal
    is_strict: bool

    @property
    def words(self) -> str:
        """Without empty decimals.

        >>> Limit(Decimal("3.500"), True).words
        '3.5'
        """
        return f"{self.per_cent.normalize():f}"


def most_losses(base: int, limit: Limit) -> int:
    """How many losses in the year still meet the target.

    >>> most_losses(1000, Limit(Decimal("3.5"), True)), most_losses(200, Limit(Decimal(2), True))
    (34, 3)
    """
    edge = Fraction(limit.per_cent) * base / 100
    return max(ceil(edge) - 1 if limit.is_strict else floor(edge), 0)


def losses_left(base: int, lost: int, limit: Limit) -> int:
    """How many more; negative: the target is missed by so many. Without a base nothing is left and nothing missed.

    >>> losses_left(1000, 35, Limit(Decimal("3.5"), True))
    -1
    """
    return most_losses(base, limit) - lost


def is_met(base: int, lost: int, limit: Limit) -> bool:
    """Decided on the counts, never on a rounded rate."""
    rate = Fraction(100 * lost, base) if base else Fraction(0)
    return rate < limit.per_cent if limit.is_strict else rate <= limit.per_cent


def planned_left(allowed: int, month: int) -> Fraction:
    """What an even year would have left at the end of a month: the line to stay above."""
    return Fraction(allowed * (MONTHS - month), MONTHS)


def light(base: int, lost: int, limit: Limit, month: int) -> str:
    """late: missed; soon: more was lost by now than an even year would have lost; else met."""
    if not is_met(base, lost, limit):
        return "late"
    allowed = most_losses(base, limit)
    return "soon" if lost and allowed - lost < planned_left(allowed, month) else "met"

"""客户价值评估 (CUS-16): 「根据客户现有业务量、未来发展和可能带来的综合业务收益,定期对客户价值做出动态判断」。"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from accounts.choices import ValueClass
from accounts.rules.periods import add_months

FACTORS = ("volume", "growth", "potential")
"""Current volume, future growth, potential overall revenue."""
LOWEST, HIGHEST = 1, 5


@dataclass(frozen=True, slots=True)
class Scale:
    """What weighs how much, and from which score on a class begins; all of them parameters."""

    weights: tuple[int, ...] = (40, 30, 30)
    class_a: Decimal = Decimal(4)
    class_b: Decimal = Decimal(3)
    class_c: Decimal = Decimal(2)


def score(factors: Sequence[int], weights: Sequence[int]) -> Decimal:
    """The weighted mean of the factors, from 1 to 5; without any weight all count alike.

    >>> score((5, 4, 3), (40, 30, 30))
    Decimal('4.10')
    """
    shares = weights if sum(weights) else [1] * len(factors)
    total = sum(factor * share for factor, share in zip(factors, shares, strict=True))
    return (Decimal(total) / sum(shares)).quantize(Decimal("0.01"), ROUND_HALF_UP)


def class_of(value: Decimal, scale: Scale) -> ValueClass:
    """The class of a score.

    >>> str(class_of(Decimal("3.99"), Scale()))
    'B'
    """
    bounds = ((scale.class_a, ValueClass.A), (scale.class_b, ValueClass.B), (scale.class_c, ValueClass.C))
    return next((name for bound, name in bounds if value >= bound), ValueClass.D)


def volume_of(share_below: Decimal | float | None) -> int | None:
    """Current volume from the share of like customers who spend less: a fifth of them each; None: nobody knows.

    >>> [volume_of(share) for share in (0, 0.2, 0.5, 0.99, None)]
    [1, 2, 3, 5, None]
    """
    return None if share_below is None else min(HIGHEST, LOWEST + int(Decimal(str(share_below)) * HIGHEST))


def next_on(assessed_on: date | None, months: int) -> date | None:
    """When the value is to be judged anew; None: it never was.

    >>> next_on(date(2026, 11, 30), 3)
    datetime.date(2027, 2, 28)
    """
    return None if assessed_on is None else add_months(assessed_on, months)

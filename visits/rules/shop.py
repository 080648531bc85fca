"""Rules of a channel visit: what must be answered, prices under the minimum, one tier down (CON-25, SAL-33)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

LOWEST_PROMOTED_RANK = 3
"""SAL-33: below level 3 a customer is no longer nominated for promotions."""


def below_minimum(prices: Mapping[int, Decimal], minimum: Mapping[int, Decimal | None]) -> list[int]:
    """CON-22: products sold under the minimum retail price of the day."""
    found = ((product_id, price, minimum.get(product_id)) for product_id, price in prices.items())
    return [product_id for product_id, price, least in found if least is not None and price < least]


def rank_below(rank: int | None, ranks: Iterable[int]) -> int | None:
    """SAL-33: the tier drops by one; None when there is none below (rank 1 is best)."""
    lower = sorted(other for other in ranks if rank is not None and other > rank)
    return lower[0] if lower else None


def may_be_promoted(rank: int | None) -> bool:
    """SAL-33: whether a channel customer of this level can be nominated for promotions."""
    return rank is not None and rank <= LOWEST_PROMOTED_RANK


def unanswered(asked: Sequence[str], given: Mapping[str, object]) -> list[str]:
    """CON-25: mandatory items of the checklist without an answer; "no" is an answer."""
    return [name for name in asked if given.get(name) in (None, "")]

"""What figures of early warning prove, and what they do not yet: intervals, drift, saved rate. Pure Python."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

Z = 1.959964
DRIFT_FLOOR, DRIFT_NOISE = 0.10, 42.0
LEAST_ARM = 30
POWER_Z = 0.841621


def wilson(hits: int, of: int) -> tuple[float, float]:
    """95 % interval of a share.

    >>> [round(each, 3) for each in wilson(5, 50)]
    [0.043, 0.214]
    """
    if not of:
        return 0.0, 1.0
    share, square = hits / of, Z * Z
    middle = (share + square / (2 * of)) / (1 + square / of)
    half = Z * math.sqrt(share * (1 - share) / of + square / (4 * of * of)) / (1 + square / of)
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True)
class Saved:
    """Churn of the control group less that of those we worked on, with its interval; what it proves."""

    control: int
    control_lost: int
    treated: int
    treated_lost: int
    rate: float | None
    low: float | None
    high: float | None
    is_proved: bool
    needed: int


def saved_rate(*, control: int, control_lost: int, treated: int, treated_lost: int) -> Saved:
    """Newcombe's interval of the difference; proved only when both arms are large enough and it excludes nought.

    >>> saved_rate(control=10, control_lost=5, treated=100, treated_lost=20).is_proved
    False
    >>> saved_rate(control=400, control_lost=160, treated=400, treated_lost=100).is_proved
    True
    """
    if not control or not treated:
        return Saved(control, control_lost, treated, treated_lost, None, None, None, False, 0)
    first, second = control_lost / control, treated_lost / treated
    low_one, high_one = wilson(control_lost, control)
    low_two, high_two = wilson(treated_lost, treated)
    rate = first - second
    low = rate - math.sqrt((first - low_one) ** 2 + (high_two - second) ** 2)
    high = rate + math.sqrt((high_one - first) ** 2 + (second - low_two) ** 2)
    enough = min(control, treated) >= LEAST_ARM
    proved = enough and (low > 0 or high < 0)
    return Saved(control, control_lost, treated, treated_lost, rate, low, high, proved, arm_needed(first, second))


def arm_needed(first: float, second: float) -> int:
    """Customers in each arm for 80 % power at 5 %, were the difference what it seems.

    >>> arm_needed(0.30, 0.20), arm_needed(0.5, 0.4)
    (291, 385)
    """
    if abs(first - second) < 1e-9:
        return 0
    spread = first * (1 - first) + second * (1 - second)
    return math.ceil((Z + POWER_Z) ** 2 * spread / (first - second) ** 2 - 1e-9)


def psi(before: Sequence[int], now: Sequence[int]) -> float:
    """Population stability index of two histograms over the same bins; an empty bin counts as half a row.

    >>> psi([50, 50], [50, 50])
    0.0
    """
    first, second = sum(before) + len(before) / 2, sum(now) + len(now) / 2
    found = 0.0
    for one, two in zip(before, now, strict=True):
        share, share_now = (one + 0.5) / first, (two + 0.5) / second
        found += (share_now - share) * math.log(share_now / share)
    return found


def drift_limit(rows: int) -> float:
    """Above this a shift is no accident: without drift the index is about 18/n, its 99th percentile 42/n."""
    return max(DRIFT_FLOOR, DRIFT_NOISE / max(rows, 1))


def survival(
    lost: Sequence[int], censored: Sequence[int], entered: Sequence[int] | None = None
) -> list[tuple[float, float, float]]:
    """Kaplan and Meier over periods: the share still there after each, with its interval.

    `entered`: how many came under observation in each period; who was a customer long before he was known here is at
    risk only from then on, for those who left before are not known at all.

    >>> [round(each[0], 3) for each in survival([1, 1], [0, 0])]
    [0.5, 0.0]
    """
    waiting = entered if entered is not None else [sum(lost) + sum(censored), *[0] * (len(lost) - 1)]
    there, stay, spread, found = 0, 1.0, 0.0, []
    for gone, left, new in zip(lost, censored, waiting, strict=True):
        there += new
        if there and gone:
            stay *= 1 - gone / there
            spread += gone / (there * max(there - gone, 1e-9))
        low = high = stay
        if 0.0 < stay < 1.0:
            width = Z * math.sqrt(spread) / abs(math.log(stay))
            low, high = stay ** math.exp(width), stay ** math.exp(-width)
        found.append((stay, low, high))
        there -= gone + left
    return found

"""What an intake must hold (CMP-1, CMP-15, SAL-18), kind by kind."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from complaints.choices import CaseKind

NEEDS_EXPECTATION = (CaseKind.COMPLAINT, CaseKind.QUALITY)
OLDEST = timedelta(days=3)
"""Somebody writes down today what came in at most so long ago; another system may bring older matters."""
OLDEST_OF_SYSTEM = timedelta(days=30)
TEMPLATE = "时间:\n地点:\n人物:\n经过:"
"""CMP-15: time, place, people, what happened; what the customer hopes for stands apart."""


def missing(kind: str, *, expectation: str, order_code: str) -> list[str]:
    """Fields that this kind needs and that are empty."""
    found = []
    if kind in NEEDS_EXPECTATION and not expectation:
        found.append("expectation")
    if kind == CaseKind.HANDLING and not order_code:
        found.append("order_type")
    return found


def refuse_moment(received_at: datetime, now: datetime, *, from_system: bool) -> str:
    """Why a moment of receipt is refused: "in_the_future", "too_old" or ""."""
    if received_at > now + timedelta(minutes=5):
        return "in_the_future"
    return "too_old" if received_at < now - (OLDEST_OF_SYSTEM if from_system else OLDEST) else ""


def case_number(day: date, place: int) -> str:
    """Decisions 29: TS-YYYYMMDD-NNNN, gaps allowed.

    >>> case_number(date(2026, 11, 22), 7)
    'TS-20261122-0007'
    """
    return f"TS-{day:%Y%m%d}-{place:04d}"


def bigrams(text: str) -> frozenset[str]:
    """Pairs of neighbouring characters that mean something."""
    letters = "".join(char for char in text.lower() if char.isalnum())
    return frozenset(letters[place : place + 2] for place in range(len(letters) - 1))


def likeness(one: Collection[str], other: Collection[str]) -> float:
    """How much two texts have in common, from 0 to 1, by the smaller of the two.

    >>> likeness(bigrams("专线中断两小时"), bigrams("昨晚专线中断"))
    0.6
    """
    smaller = min(len(one), len(other))
    return len(set(one).intersection(other)) / smaller if smaller else 0.0


def duplicate_score(
    *, same_kind: bool, same_category: bool, same_product: bool, alike: float, days: float, within: int
) -> float:
    """How likely an open case is the same matter: what it is about counts more than how lately it came."""
    score = 2.0 * alike + same_kind + same_category + 0.5 * same_product
    return score * (1.0 - min(max(days, 0.0), within) / (2 * within))


LIKELY = 1.5
"""From this score on a case is offered as a likely duplicate."""

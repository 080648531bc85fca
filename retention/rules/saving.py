"""What may be offered without asking, when a case may be closed, and what confirms that a customer stayed (RET-7)."""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from retention.choices import OfferState

REACHED = (OfferState.OFFERED.value, OfferState.ACCEPTED.value, OfferState.DECLINED.value)
"""Offers that reached the customer: an attempt to keep him. One that was never approved is none."""
STANDS = (OfferState.OFFERED.value, OfferState.ACCEPTED.value)
"""Offers that cost us something if he takes them: they count against the limit together."""


def needs_approval(given: Decimal, cost: Decimal, limit: Decimal) -> bool:
    """RET-7: what stands already and this together are over the limit. Splitting an offer does not help; what costs
    nothing is asked of nobody."""
    return cost > 0 and given + cost > limit


def was_attempted(states: Iterable[str]) -> bool:
    """RET-7: whether anything was offered to the customer; without it no case is closed as lost."""
    return any(state in REACHED for state in states)


def months_after(day: date, months: int) -> date:
    """The same day so many months later; a month that has no such day ends on its last."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def stayed(*, is_gone: bool, was_lost: bool, billed: Decimal | None) -> bool:
    """Whether a customer who was kept is confirmed: not gone, not written down as lost in between, and billed for
    something in the last months. None: billing tells nothing about him, and his state decides."""
    return not is_gone and not was_lost and (billed is None or billed > 0)

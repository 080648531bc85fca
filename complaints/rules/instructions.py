"""Instructions (批示, CMP-32) and opinions (CMP-25, CMP-33): what is fed back, until when, how fast it was."""

from __future__ import annotations

from datetime import date, datetime, timedelta

FED_BACK_KINDS = ("opinion", "criticism", "problem")
"""What a customer said that wants a result told to him; needs are dispatched, praise wants none."""

NEEDS_EXPLANATION = ("criticism",)
"""CMP-25: 耐心解释 – criticism is logged with what was explained."""


def is_late(due_on: date, fed_back_on: date | None, today: date) -> bool:
    """Not fed back in time, or not yet and the day has passed.

    >>> is_late(date(2026, 1, 5), None, date(2026, 1, 5))
    False
    """
    return (fed_back_on or today) > due_on


def minutes_taken(given_at: datetime, fed_back_at: datetime | None) -> int | None:
    """CMP-32: the speed of an instruction, from its moment to the customer's being told."""
    if fed_back_at is None:
        return None
    return int(max(fed_back_at - given_at, timedelta()).total_seconds() // 60)

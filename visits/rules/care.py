"""Occasions for a kind word: when a task is shown, and when it is no longer of use (ENG-1)."""

from __future__ import annotations

from datetime import date, timedelta

AHEAD = 3
"""ENG-1: birthdays in the next 3 days."""
KEPT = 3
"""So long after its day a greeting may still be given."""


def is_near(day: date, today: date, ahead: int = AHEAD) -> bool:
    """ENG-1: a birthday on the 10th is visible on the 7th.

    >>> is_near(date(2026, 11, 10), date(2026, 11, 7)), is_near(date(2026, 11, 10), date(2026, 11, 6))
    (True, False)
    """
    return today <= day <= today + timedelta(days=ahead)


def is_past(day: date, today: date) -> bool:
    """The greeting would come too late: the task falls away."""
    return day < today - timedelta(days=KEPT)

"""Rules of conduct: what belongs to an outing (SEC-7, SEC-8)."""

from __future__ import annotations

from datetime import datetime, timedelta


def belongs_to(
    moment: datetime, *, left_at: datetime | None, back_at: datetime | None, returns_at: datetime, slack: int
) -> bool:
    """Whether a moment lies inside an outing that was really begun, with some minutes of slack on both sides."""
    if left_at is None:
        return False
    minutes = timedelta(minutes=slack)
    return left_at - minutes <= moment <= (back_at or max(returns_at, left_at)) + minutes

"""The ladder of a missed call: manager → backup → supervisor, each with his half hour (CON-13)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

MANAGER, BACKUP, SUPERVISOR = 0, 1, 2


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is (None: nobody is known), at which step, until when."""

    step: int
    holder: int | None
    due_at: datetime


def first_due(called_at: datetime, minutes: int) -> datetime:
    """CON-13: the clock runs from the customer's call, not from when we heard of it."""
    return called_at + timedelta(minutes=minutes)


def next_turn(
    turn: Turn, *, backup: int | None, supervisor: int | None, head: int | None, now: datetime, minutes: int
) -> Turn | None:
    """Nobody called back in time: whose turn it is now; None while the clock runs, or at the end of the ladder.

    The backup is left out where there is none, or where he holds the call already (he stands in for the manager).
    """
    if turn.step >= SUPERVISOR or turn.due_at > now:
        return None
    due_at = now + timedelta(minutes=minutes)
    if turn.step == MANAGER and backup is not None and backup != turn.holder:
        return Turn(BACKUP, backup, due_at)
    above = next((person for person in (supervisor, head) if person is not None and person != turn.holder), None)
    return Turn(SUPERVISOR, above if above is not None else turn.holder, due_at)

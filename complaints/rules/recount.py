"""What a running clock says when the table of targets, the office hours or the calendar change (CMP-2)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from complaints.rules.clock import Clockwork, deadlines, seconds_of_warning
from complaints.rules.targets import Asked, Target

Pause = tuple[datetime, datetime | None]


@dataclass(frozen=True, slots=True)
class Hands:
    """What a clock shows: by which row and until when, or how much is left while it stands still."""

    rule_id: int | None
    hours: str
    target_minutes: int
    due_at: datetime | None
    warn_at: datetime | None
    remaining_seconds: int | None


@dataclass(frozen=True, slots=True)
class LiveClock:
    """A clock that runs or stands still, with what decides its target and the pauses of its case in order."""

    id: int
    case_id: int
    kind: str
    started_at: datetime
    is_late: bool
    hands: Hands
    asked: Asked
    pauses: tuple[Pause, ...]


@dataclass(frozen=True, slots=True)
class Moved:
    """What becomes of a clock; without hands it is not needed any more."""

    clock: LiveClock
    hands: Hands | None

    @property
    def is_another_time(self) -> bool:
        """Whether anybody would see it: another deadline, another rest, or no clock any more."""
        old, new = self.clock.hands, self.hands
        return new is None or (new.due_at, new.remaining_seconds) != (old.due_at, old.remaining_seconds)

    def is_late_already(self, now: datetime) -> bool:
        """Whether the change makes it late that very moment."""
        due = self.hands.due_at if self.hands else None
        return due is not None and due <= now and not self.clock.is_late


def run(
    clockwork: Clockwork, started_at: datetime, seconds: int, pauses: Sequence[Pause], warning: int
) -> tuple[datetime | None, datetime | None, int | None]:
    """When a clock is due and warns, or what is left: it is stopped at each pause and goes on at its end."""
    begins, left = started_at, seconds
    for began, ended in pauses:
        if ended is not None and ended <= begins:
            continue
        left = clockwork.elapsed(max(began, begins), clockwork.deadline(begins, left))
        if ended is None:
            return None, None, left
        begins = ended
    due = deadlines(clockwork, begins, left, warning)
    return due.due_at, due.warn_at, None


def recount(clock: LiveClock, target: Target | None, share: int, clockwork: Callable[[str], Clockwork]) -> Moved | None:
    """The clock by the tables of now; None: nothing changes. A clock whose target is gone is not needed any more."""
    minutes = target.minutes(clock.kind) if target is not None else None
    if target is None or minutes is None:
        return Moved(clock, None)
    warning = seconds_of_warning(minutes, share)
    due_at, warn_at, left = run(clockwork(target.hours), clock.started_at, minutes * 60, clock.pauses, warning)
    if (due_at is None) != (clock.hands.due_at is None):
        return None  # somebody has just paused it or taken it up: the night looks again
    hands = Hands(target.id, target.hours, minutes, due_at, warn_at, left)
    return None if _same(hands, clock.hands) else Moved(clock, hands)


def _same(new: Hands, old: Hands) -> bool:
    """A new share of warning is for new clocks; what has begun warns as it was said."""
    return (new.rule_id, new.hours, new.target_minutes, new.due_at, new.remaining_seconds) == (
        old.rule_id, old.hours, old.target_minutes, old.due_at, old.remaining_seconds,
    )  # fmt: skip

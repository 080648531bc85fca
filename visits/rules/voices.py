"""Rules of the one capture 客户反映 (CON-15…18, CUS-20, CUS-21, CUS-34, PLAN-19)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from visits.choices import KEY_TOPICS, VoiceKind


@dataclass(frozen=True, slots=True)
class Delay:
    """Found → reported, in working days (F50: numerator and denominator)."""

    working_days: int
    changes: int

    @property
    def average(self) -> float | None:
        """Working days on average; None without a change."""
        return self.working_days / self.changes if self.changes else None


def missing_topic(kind: str, topic: str) -> bool:
    """CUS-20: a key change names which of the five it is."""
    return kind == VoiceKind.KEY_CHANGE and topic not in KEY_TOPICS


def missing_source(source: str, *, has_visit: bool) -> bool:
    """CUS-34: the source is mandatory; with a visit it is known."""
    return not source and not has_visit


def delay(pairs: Iterable[tuple[date, date]], days_between: Callable[[date, date], int]) -> Delay:
    """Sum of the working days after the day it was found, up to the day it was reported (F50)."""
    total = count = 0
    for found, reported in pairs:
        total += max(0, days_between(found, reported) - 1)
        count += 1
    return Delay(total, count)

"""Rules of the one capture 客户反映 (CON-15…18, CUS-20, CUS-21, CUS-34, PLAN-19)."""

from __future__ import annotations

from dataclasses import dataclass

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

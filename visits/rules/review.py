"""What a reviewer reads first, and what is drawn for him (PLAN-4): pure functions, no clock, no tables."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

MISSING, BACKDATED, SIMILAR, NO_VISITS, OVERLONG = "missing", "backdated", "similar", "no_visits", "overlong"
UNTOUCHED, LATE, LEFT_OUT, EMPTY = "untouched", "late", "left_out", "empty"


@dataclass(frozen=True, slots=True)
class LogFacts:
    """What is counted about a day before anybody reads it."""

    visits: int
    without_content: int  # on-site, somebody was met, nothing written down
    backdated: int
    similar: int
    overlong: int
    is_working: bool


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What is counted about a plan."""

    items: int
    left_out: int
    is_untouched: bool
    is_late: bool


def log_exceptions(facts: LogFacts) -> tuple[str, ...]:
    """PLAN-4: a day with one of these is read before all others."""
    found = (
        (NO_VISITS, facts.is_working and facts.visits == 0),
        (MISSING, facts.without_content > 0),
        (BACKDATED, facts.backdated > 0),
        (SIMILAR, facts.similar > 0),
        (OVERLONG, facts.overlong > 0),
    )
    return tuple(code for code, holds in found if holds)


def plan_exceptions(facts: PlanFacts) -> tuple[str, ...]:
    """The same of a plan: handed in late, never looked at, customers left out, nothing in it."""
    found = (
        (EMPTY, facts.items == 0),
        (LATE, facts.is_late),
        (UNTOUCHED, facts.is_untouched),
        (LEFT_OUT, facts.left_out > 0),
    )
    return tuple(code for code, holds in found if holds)


def is_drawn(kind: str, number: int, percent: int) -> bool:
    """Whether a piece of work is in the sample: always the same answer, and nobody can choose it.

    >>> is_drawn("log", 7, 100), is_drawn("log", 7, 0)
    (True, False)
    """
    digest = hashlib.sha256(f"{kind}:{number}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % 100 < percent

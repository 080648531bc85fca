"""When an alert is raised, how loud it is, and the way it goes (RET-3, RET-6, RET-20); pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.choices import AlertLevel, Period
from accounts.rules.periods import MONTHS
from retention.choices import ALERT_ENDS, AlertOutcome, AlertState

DAY_ONE = date(2000, 1, 1)
KEPT_CHANGES = 24
"""So many changes of his points are kept with a score."""
RISE_DAYS = 7
DAYS_OF_A_MONTH = 30
WITHOUT_PROMISE = 15
"""Half a month, for a customer to whom no regular contact is promised."""
ORDER = (AlertLevel.YELLOW, AlertLevel.ORANGE, AlertLevel.RED)

NEXT: dict[str, frozenset[str]] = {
    AlertState.OPEN: frozenset({AlertState.ACKNOWLEDGED, AlertState.IN_CARE, AlertState.SAVING, *ALERT_ENDS}),
    AlertState.ACKNOWLEDGED: frozenset({AlertState.IN_CARE, AlertState.SAVING, *ALERT_ENDS}),
    AlertState.IN_CARE: frozenset({AlertState.SAVING, *ALERT_ENDS}),
    AlertState.SAVING: frozenset({AlertState.RETAINED, AlertState.CHURNED}),
}
"""RET-6: open → acknowledged → in care → cleared / to retention / churned / false alarm."""

END_OF: dict[str, AlertState] = {
    AlertOutcome.SAVED: AlertState.CLEARED,
    AlertOutcome.NOT_REACHED: AlertState.CLEARED,
    AlertOutcome.SUBSIDED: AlertState.CLEARED,
    AlertOutcome.LOST: AlertState.CHURNED,
    AlertOutcome.FALSE_ALARM: AlertState.FALSE_ALARM,
}
"""How an alert without a save case ends, by what came of it."""


@dataclass(frozen=True, slots=True)
class Levels:
    """From which chance on a score is yellow, orange and red."""

    yellow: float
    orange: float
    red: float

    @classmethod
    def above(cls, base_rate: float, times: Sequence[int]) -> Levels:
        """So many times the odds of the average customer (parameters): what is loud where few leave is loud where many
        do."""
        odds = [each * base_rate / (1 - base_rate) for each in times]
        return cls(*(each / (1 + each) for each in odds))

    def of(self, chance: float) -> str:
        """The level of a chance; empty below yellow."""
        if chance >= self.red:
            return AlertLevel.RED.value
        if chance >= self.orange:
            return AlertLevel.ORANGE.value
        return AlertLevel.YELLOW.value if chance >= self.yellow else ""


def louder(one: str, other: str) -> str:
    """The louder of two levels; empty is the quietest.

    >>> louder("yellow", "red")
    'red'
    """
    ranks = {"": -1} | {level.value: rank for rank, level in enumerate(ORDER)}
    return max(one, other, key=lambda level: ranks[level])


def may_go(state: str, to: str) -> bool:
    """Whether an alert in one state goes on to another."""
    return to in NEXT.get(state, frozenset())


def needs_proposal(groups: Iterable[str]) -> bool:
    """RET-20: an alert on falling usage is not closed without a proposal."""
    return "usage" in set(groups)


def attention_due(last_visit_on: date | None, period: str, *, today: date) -> date:
    """RET-5: half a cadence after the last valid contact; who was never seen is due today."""
    if last_visit_on is None:
        return today
    return last_visit_on + timedelta(days=half_cadence(period))


def half_cadence(period: str) -> int:
    """Days of half the promise: 15 for every month.

    >>> half_cadence("month"), half_cadence("quarter"), half_cadence("")
    (15, 45, 15)
    """
    return MONTHS[Period(period)] * DAYS_OF_A_MONTH // 2 if period else WITHOUT_PROMISE


def day_number(day: date) -> int:
    """A day as a score keeps it.

    >>> day_number(date(2000, 1, 2))
    1
    """
    return (day - DAY_ONE).days


def history_of(recent: Sequence[int]) -> list[tuple[date, int]]:
    """The kept changes of somebody's points, oldest first: (from that day on, points)."""
    pairs = [(DAY_ONE + timedelta(days=recent[at]), recent[at + 1]) for at in range(0, len(recent) - 1, 2)]
    return pairs[::-1]


def points_on(recent: Sequence[int], day: date) -> int | None:
    """What he had on a day; None before the first change that is kept."""
    return next((points for since, points in reversed(history_of(recent)) if since <= day), None)


def rise(recent: Sequence[int], today: date, *, days: int = RISE_DAYS) -> int:
    """By how much the points stand above their lowest of the last days; 0 without a past."""
    history = history_of(recent)
    if not history:
        return 0
    since = today - timedelta(days=days)
    before = points_on(recent, since)
    seen = [points for day, points in history if day > since] + ([] if before is None else [before])
    return history[-1][1] - min(seen)

"""The window of a duty: which period, owed from when, due when (CON-1, CON-2, CON-40; D6, decisions 4 and 5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from accounts.rules import period_end, period_start

FIRST_DUE_DAYS = 10
"""D6: the first due day is at least this many days away from becoming owed."""


@dataclass(frozen=True, slots=True)
class Window:
    """A visit on a day from `owed_from` to `due_on` settles the duty; `starts_on` names its period."""

    starts_on: date
    owed_from: date
    due_on: date

    @property
    def is_whole(self) -> bool:
        """Owed all period (decisions 4): what the compliance figures count."""
        return self.owed_from <= self.starts_on


def window_on(period: str, on: date, owed_since: date, *, first_due_days: int = FIRST_DUE_DAYS) -> Window | None:
    """The duty that is open on a day for a customer who is owed contact since another day; None: nothing yet.

    CON-1: at least one valid contact per calendar period. D6: whoever becomes owed less than ten days before the
    period's end is first owed in the next one.

    >>> window_on("month", date(2026, 6, 25), date(2026, 6, 25)).due_on
    datetime.date(2026, 7, 31)
    """
    if not period or owed_since > on:
        return None
    start, end = period_start(period, on), period_end(period, on)
    if owed_since > start and (end - owed_since).days < first_due_days:
        start = end + timedelta(days=1)
        return Window(start, start, period_end(period, start))
    return Window(start, max(start, owed_since), end)


def due_on_after_tier_change(due_on: date, new_period: str, on: date, *, first_due_days: int = FIRST_DUE_DAYS) -> date:
    """Decisions 5: the open duty keeps its rule and period; it is due by the stricter of the two windows.

    min(old, end of the new rule's current period if that is at least ten days away).
    """
    if not new_period:
        return due_on
    end = period_end(new_period, on)
    return min(due_on, end) if (end - on).days >= first_due_days else due_on


def opened_through_after_tier_change(new_period: str, on: date, starts_of_new_rule: tuple[date, ...] = ()) -> date:
    """Decisions 5: the new rule starts with its next period, so the ledger is open to the end of its current one.

    `starts_of_new_rule`: periods that already have a row under the new rule (a tier given back within a period).
    """
    ends = [period_end(new_period, start) for start in starts_of_new_rule]
    return max([end for end in ends if end >= on], default=period_end(new_period, on))


def next_due_on(period: str, opened_through: date) -> date:
    """CON-1: once this period is met, the next due day is the last day of the one after it."""
    return period_end(period, opened_through + timedelta(days=1))

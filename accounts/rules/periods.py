"""Calendar periods of a promise (D6: calendar month, quarter…, never rolling) and which rule holds when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Protocol, TypeVar

from accounts.choices import Period

MONTHS: dict[Period, int] = {Period.MONTH: 1, Period.QUARTER: 3, Period.HALF: 6, Period.YEAR: 12}


class Effective(Protocol):
    """Anything that holds from a date on."""

    @property
    def effective_from(self) -> date: ...


Rule = TypeVar("Rule", bound=Effective)


def period_start(period: str, on: date) -> date:
    """First day of the calendar period that holds the day.

    >>> period_start("quarter", date(2026, 5, 20))
    datetime.date(2026, 4, 1)
    """
    months = MONTHS[Period(period)]
    return date(on.year, (on.month - 1) // months * months + 1, 1)


def next_period_start(period: str, on: date) -> date:
    """First day of the period after the one that holds the day."""
    start = period_start(period, on)
    month = start.month - 1 + MONTHS[Period(period)]
    return date(start.year + month // 12, month % 12 + 1, 1)


def period_end(period: str, on: date) -> date:
    """Last day of the calendar period that holds the day."""
    return next_period_start(period, on) - timedelta(days=1)


def tier_rule_on(rules: Iterable[Rule], on: date) -> Rule | None:
    """The rule that holds on a day among the rules of one tier and purpose: the newest that has begun."""
    begun = [rule for rule in rules if rule.effective_from <= on]
    return max(begun, key=lambda rule: rule.effective_from, default=None)


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day (ORG-20: 1 March + 3 months = 1 June)."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    first_after = date(year + month // 12, month % 12 + 1, 1)
    return min(
        first_after - timedelta(days=1),
        date(year, month, min(day.day, 28)) + timedelta(days=max(day.day - 28, 0)),
    )


def months_between(start: date, end: date) -> int:
    """Whole months from start to end; 0 when end is before (CUS-25: tenure)."""
    months = (end.year - start.year) * 12 + end.month - start.month - (end.day < start.day)
    return max(months, 0)

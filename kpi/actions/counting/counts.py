"""What is to be counted: indicators with a measure × the periods that are not final (KPI-4, decisions 3)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from crm.core import working_days
from crm.core.measures import Measure, Nature, Time
from kpi.models import FrozenMonth
from kpi.queries.indicators import IndicatorRow, read_indicators, targets_on
from kpi.rules.periods import Bounds, ends_with, period_of, periods_between
from kpi.rules.projection import NO_PACE, Pace, pace_of


@dataclass(frozen=True, slots=True)
class Count:
    """One indicator in one period, with the target that holds then: the last one that begins within the period."""

    indicator: IndicatorRow
    bounds: Bounds
    target: Decimal | None = None
    is_strict: bool = False
    pace: Pace = NO_PACE

    @property
    def measure(self) -> Measure | None:
        """What is counted; None: results are entered, only sums are made."""
        return self.indicator.measure

    @property
    def nature(self) -> Nature:
        """How it adds up over time and over the tree."""
        return self.measure.nature if self.measure else Nature.FLOW

    def time(self, today: date, now: datetime) -> Time:
        """The period as the measure wants it."""
        return self.bounds.time(today=today, now=now)


def first_open_day(today: date) -> date:
    """The day after the last final month; before the first freeze, the month before this one is open as well."""
    frozen = FrozenMonth.objects.order_by("-month").values_list("month", flat=True).first()
    if frozen is not None:
        return period_of("month", frozen).last + timedelta(days=1)
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)


def open_counts(today: date) -> list[Count]:
    """Every indicator with a known measure in every period that is not final and has begun."""
    first = first_open_day(today)
    return counts_of(
        (row for row in read_indicators() if row.measure is not None),
        lambda kind: periods_between(kind, min(first, today), today),
        today,
    )


def counts_ending_with(month: date, today: date, *, entered_too: bool = False) -> list[Count]:
    """Every indicator whose period ends with this month: they are frozen with it (a quarter with its last month)."""

    def periods(kind: str) -> Iterable[Bounds]:
        found = ends_with(kind, month)
        return () if found is None else (found,)

    rows = (row for row in read_indicators() if entered_too or row.measure is not None)
    return counts_of(rows, periods, today)


def counts_of(
    indicators: Iterable[IndicatorRow], periods: Callable[[str], Iterable[Bounds]], today: date
) -> list[Count]:
    """These indicators in these periods of their kind."""
    calendar = working_days.calendar()
    targets: dict[date, dict[int, tuple[Decimal | None, bool]]] = {}
    found = []
    for row in indicators:
        for bounds in periods(row.period):
            if bounds.last not in targets:
                targets[bounds.last] = targets_on(bounds.last)
            target, is_strict = targets[bounds.last].get(row.id, (None, False))
            found.append(Count(row, bounds, target, is_strict, pace_of(bounds, today, calendar)))
    return found

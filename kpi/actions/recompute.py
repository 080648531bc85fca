"""Count a month again and compare (KPI-4): same rows, same answer; what is frozen is compared and never written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone

from crm.core.db import write
from kpi.actions.counting import (
    EVERYONE,
    Count,
    count_facts,
    counts_of,
    hold_mark,
    may_count,
    rows_and_marks,
    settle_results,
)
from kpi.models import FrozenMonth
from kpi.queries.indicators import read_indicators
from kpi.rules.periods import period_of

Sums = tuple[Decimal, Decimal, int]

_COMPARE = """
WITH counted AS (
  SELECT r.unit_id, r.manager_id, sum(round(r.numerator::numeric, 2)) AS n, sum(round(r.denominator::numeric, 2)) AS d,
    sum(r.excused)::int AS x FROM ({rows}) r GROUP BY 1, 2
), stored AS (
  SELECT f.unit_id, f.manager_id, sum(f.numerator) AS n, sum(f.denominator) AS d, sum(f.excused)::int AS x
  FROM kpi_fact f WHERE f.indicator_id = %(_indicator)s AND f.period_on = %(_period_on)s GROUP BY 1, 2
)
SELECT coalesce(c.unit_id, s.unit_id), coalesce(c.manager_id, s.manager_id), coalesce(s.n, 0), coalesce(s.d, 0),
  coalesce(s.x, 0), coalesce(c.n, 0), coalesce(c.d, 0), coalesce(c.x, 0)
FROM counted c FULL JOIN stored s ON s.unit_id = c.unit_id AND coalesce(s.manager_id, 0) = coalesce(c.manager_id, 0)
WHERE (coalesce(s.n, 0), coalesce(s.d, 0), coalesce(s.x, 0)) <> (coalesce(c.n, 0), coalesce(c.d, 0), coalesce(c.x, 0))
ORDER BY 1, 2
"""
# Every result is the sum of its facts and signed corrections; entered ones have no facts.
_UNSOUND = """
WITH mine AS (
  SELECT f.indicator_id, f.period_on, f.unit_id, f.manager_id, f.numerator AS n, f.denominator AS d FROM kpi_fact f
  WHERE f.indicator_id = ANY(%(indicators)s) AND f.period_on = ANY(%(periods)s)
  UNION ALL
  SELECT c.indicator_id, c.period_on, c.unit_id, c.manager_id, c.numerator, c.denominator FROM kpi_correction c
  WHERE c.state = 'signed' AND c.indicator_id = ANY(%(indicators)s) AND c.period_on = ANY(%(periods)s)
), sums AS (SELECT indicator_id, period_on, unit_id, manager_id, sum(n) AS n, sum(d) AS d FROM mine GROUP BY 1, 2, 3, 4)
SELECT r.indicator_id, r.period_on, r.unit_id, r.manager_id, r.numerator, r.denominator, coalesce(s.n, 0),
  coalesce(s.d, 0)
FROM kpi_result r LEFT JOIN sums s ON s.indicator_id = r.indicator_id AND s.period_on = r.period_on
  AND s.unit_id = r.unit_id AND coalesce(s.manager_id, 0) = coalesce(r.manager_id, 0)
WHERE r.is_current AND r.source = 'computed' AND r.is_unit = (r.indicator_id = ANY(%(of_units)s))
  AND r.indicator_id = ANY(%(indicators)s) AND r.period_on = ANY(%(periods)s)
  AND (r.numerator, r.denominator) <> (coalesce(s.n, 0), coalesce(s.d, 0))
ORDER BY 1, 2, 3, 4
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure that comes to something else when it is counted again: numerator, denominator, excused."""

    code: str
    period_on: date
    unit_id: int
    manager_id: int | None
    stored: Sums
    counted: Sums


def counts_of_month(month: date, today: date) -> list[Count]:
    """Every indicator with a measure, in the period that contains the month."""
    rows = [row for row in read_indicators() if row.measure is not None]
    return counts_of(rows, lambda kind: [period_of(kind, month)], today)


def compare(month: date, *, today: date, now: datetime) -> list[Difference]:
    """Count the periods of a month again and name what differs; a frozen one as of the moment of its freeze.

    What only tells of today is compared with what was kept of it.
    """
    found: list[Difference] = []
    for count in counts_of_month(month, today):
        then = frozen_at(count)
        when = (timezone.localdate(then), then) if then else (today, now)
        if count.measure is None or (count.measure.is_of_today and count.bounds.last < today):
            continue
        rows, marks = rows_and_marks(count, today=when[0], now=when[1], from_source=True)
        key: dict[str, Any] = {"_indicator": count.indicator.id, "_period_on": count.bounds.first}
        with connection.cursor() as cursor:
            cursor.execute(_COMPARE.format(rows=rows), {**marks, **key})
            found += [
                Difference(count.indicator.code, count.bounds.first, row[0], row[1], row[2:5], row[5:8])
                for row in cursor.fetchall()
            ]
    return found


def unsound(month: date, *, today: date) -> list[Difference]:
    """Results that are not the sum of their facts and signed corrections; there should be none."""
    counts = counts_of_month(month, today)
    codes = {count.indicator.id: count.indicator.code for count in counts}
    marks: dict[str, Any] = {
        "indicators": list(codes), "periods": sorted({count.bounds.first for count in counts}),
        "of_units": [count.indicator.id for count in counts if count.nature == "unit"],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_UNSOUND, marks)
        rows = cursor.fetchall()
    return [Difference(codes[row[0]], row[1], row[2], row[3], (*row[4:6], 0), (*row[6:8], 0)) for row in rows]


def recompute(month: date, *, today: date, now: datetime) -> int:
    """Count the periods of a month that are not frozen again, for everybody; answers the results it wrote."""
    with write(label="system:recompute"):
        hold_mark()
        counts = [
            count for count in counts_of_month(month, today)
            if frozen_at(count) is None and may_count(count, today=today, now=now)
        ]  # fmt: skip
        for count in counts:
            count_facts(count, EVERYONE, today=today, now=now)
        return settle_results(counts, now=now)


def frozen_at(count: Count) -> datetime | None:
    """When the period became final; None: it is not."""
    months = FrozenMonth.objects.filter(month=count.bounds.last.replace(day=1))
    return months.values_list("frozen_at", flat=True).first()

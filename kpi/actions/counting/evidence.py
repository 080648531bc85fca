"""Evidence: the rows of a figure, packed as they were counted: they stay listed though their sources move on."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import connection

from kpi.actions.counting.counts import Count
from kpi.actions.counting.facts import KEPT, rows_and_marks

STILL_FRESH = timedelta(days=10)

_PACK = """
INSERT INTO kpi_evidence (indicator_id, period_on, unit_id, manager_id, path, refs, customers, days, numerators,
  denominators, flags)
SELECT %(_indicator)s, %(_period_on)s, k.unit_id, k.manager_id, u.path, k.refs, k.customers, k.days, k.numerators,
  k.denominators, k.flags
FROM (
  SELECT r.unit_id, r.manager_id,
    array_agg(r.ref::bigint ORDER BY r.day, r.ref) AS refs,
    array_agg(coalesce(r.customer_id, 0)::bigint ORDER BY r.day, r.ref) AS customers,
    array_agg((r.day - %(_period_on)s::date)::smallint ORDER BY r.day, r.ref) AS days,
    array_agg(round(r.numerator::numeric * 100)::bigint ORDER BY r.day, r.ref) AS numerators,
    array_agg(round(r.denominator::numeric * 100)::bigint ORDER BY r.day, r.ref) AS denominators,
    array_agg((r.excused + CASE WHEN r.customer_id IS NULL THEN 4 ELSE 0 END)::smallint ORDER BY r.day, r.ref) AS flags
  FROM ({rows}) r GROUP BY r.unit_id, r.manager_id
) k JOIN accounts_unit u ON u.id = k.unit_id
"""


def pack_evidence(count: Count, *, today: date, now: datetime) -> int:
    """Keep the rows of every figure of this indicator and period; what cannot be met any more is not mendable."""
    rows, marks = rows_and_marks(count, today=today, now=now, from_source=True)
    with connection.cursor() as cursor:
        cursor.execute(
            _PACK.format(rows=rows),
            {**marks, "_indicator": count.indicator.id, "_period_on": count.bounds.first},
        )
        return int(cursor.rowcount)


def has_evidence(count: Count) -> bool:
    """Whether the rows of this indicator and period have been kept."""
    with connection.cursor() as cursor:
        cursor.execute(KEPT, [count.indicator.id, count.bounds.first])
        return cursor.fetchone() is not None


def may_count(count: Count, *, today: date, now: datetime) -> bool:
    """Whether the period can be counted now. What only tells of today is kept as soon as its period is over, and
    counted from there; a period that was over long before anybody looked has no figure rather than today's.
    """
    if count.measure is None or not count.measure.is_of_today or today <= count.bounds.last:
        return count.measure is not None
    if has_evidence(count):
        return True
    if today - count.bounds.last > STILL_FRESH:
        return False
    pack_evidence(count, today=today, now=now)
    return True

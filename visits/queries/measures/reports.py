"""Reports of managers in time and right the first time (KPI-47, PLAN-11, PLAN-23; F30, F37)."""

from __future__ import annotations

from crm.core.measure_sql import day_of
from crm.core.measures import Measure
from visits.choices import ReportKind

ON_TIME = f"{day_of('r.submitted_at')} <= r.due_on"
"""F30: a report `r` was submitted by its due day, moved by holidays; the first submission decides."""
ACCURATE = "r.submitted_at IS NOT NULL AND r.returned_count = 0"
"""PLAN-23: returned once is not accurate the first time."""

_ROWS = """
SELECT r.staff_id AS manager_id, r.unit_id, r.due_on AS day, coalesce({numerator}, false)::int AS numerator,
  1 AS denominator, 0 AS excused, {mendable} AS mendable, r.id AS ref, NULL::bigint AS customer_id
FROM visits_workreport r WHERE r.due_on BETWEEN %(first)s AND %(last)s AND {which}
"""


def _measure(name: str, sql: str) -> Measure:
    return Measure(name, "visits_workreport", sql, ("visits_workreport",))


def _on_time(name: str, which: str = "TRUE") -> Measure:
    mendable = "(r.submitted_at IS NULL AND r.due_on >= %(today)s)::int"
    return _measure(name, _ROWS.format(numerator=ON_TIME, mendable=mendable, which=which))


def _accurate(name: str, which: str = "TRUE") -> Measure:
    return _measure(
        name, _ROWS.format(numerator=ACCURATE, mendable="0", which=f"r.submitted_at IS NOT NULL AND {which}")
    )


REPORTS_ON_TIME = _on_time("reports_on_time")
"""F37: reports of every kind submitted by their due day, of those due."""
REPORTS_ACCURATE = _accurate("reports_accurate")
"""F37: reports never returned, of those submitted."""
ON_TIME_OF = {kind: _on_time(f"{kind}_on_time", f"r.kind = '{kind}'") for kind in ReportKind.values}
ACCURATE_OF = {kind: _accurate(f"{kind}_accurate", f"r.kind = '{kind}'") for kind in ReportKind.values}
"""The same of one kind, for the page of that kind."""
MONTHLY_REPORTS_ON_TIME = _on_time("monthly_reports_on_time", f"r.kind = '{ReportKind.MONTHLY_SALES.value}'")
"""F30: monthly reports submitted by the moved 5th, of those due."""

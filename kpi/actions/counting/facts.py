"""Facts: what the rows of a measure come to by day, unit and manager. One statement per indicator and period."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from crm.core.measures import Nature
from kpi.actions.counting.counts import Count
from kpi.queries.rows import EVIDENCE_ROWS


@dataclass(frozen=True, slots=True)
class Some:
    """Whose figures are counted: these managers, and what nobody is credited with in these units."""

    managers: frozenset[int] = frozenset()
    units: frozenset[int] = frozenset()
    is_everyone: bool = False

    def union(self, other: Some) -> Some:
        """Both."""
        return Some(self.managers | other.managers, self.units | other.units, self.is_everyone or other.is_everyone)

    @property
    def is_nobody(self) -> bool:
        """Nothing to count."""
        return not (self.is_everyone or self.managers or self.units)

    @property
    def marks(self) -> dict[str, Any]:
        """The values of `where`."""
        return {"_managers": list(self.managers), "_units": list(self.units)}

    def where(self, alias: str) -> str:
        """The condition on manager and unit of a row."""
        if self.is_everyone:
            return "TRUE"
        nobodys = f"({alias}.manager_id IS NULL AND {alias}.unit_id = ANY(%(_units)s))"
        return f"({alias}.manager_id = ANY(%(_managers)s) OR {nobodys})"

    def rows_of(self, sql: str) -> str:
        """The rows of a statement that are theirs; two branches, so that each finds its index."""
        if self.is_everyone:
            return sql
        parts = []
        if self.managers:
            parts.append(f"SELECT m.* FROM ({sql}) m WHERE m.manager_id = ANY(%(_managers)s)")
        if self.units:
            parts.append(f"SELECT m.* FROM ({sql}) m WHERE m.manager_id IS NULL AND m.unit_id = ANY(%(_units)s)")
        return " UNION ALL ".join(parts) or f"SELECT m.* FROM ({sql}) m WHERE FALSE"


EVERYONE = Some(is_everyone=True)

KEPT = "SELECT 1 FROM kpi_evidence WHERE indicator_id = %s AND period_on = %s LIMIT 1"
SUMS = """
SELECT r.day, r.unit_id, r.manager_id, sum(round(r.numerator::numeric, 2)) AS numerator,
  sum(round(r.denominator::numeric, 2)) AS denominator, sum(r.excused)::int AS excused, sum(r.mendable)::int AS mendable
FROM ({rows}) r GROUP BY 1, 2, 3
"""
_SAME = "k.day = c.day AND k.unit_id = c.unit_id AND coalesce(k.manager_id, 0) = coalesce(c.manager_id, 0)"
_COUNT = f"""
WITH counted AS MATERIALIZED ({SUMS}),
known AS MATERIALIZED (
  SELECT f.* FROM kpi_fact f WHERE f.indicator_id = %(_indicator)s AND f.period_on = %(_period_on)s AND {{known}}
), gone AS (
  DELETE FROM kpi_fact f USING known k WHERE f.id = k.id AND NOT EXISTS (SELECT 1 FROM counted c WHERE {_SAME})
  RETURNING f.day, f.unit_id, f.manager_id
), other AS MATERIALIZED (
  SELECT c.*, k.id IS NULL OR (k.numerator, k.denominator) <> (c.numerator, c.denominator) AS is_other
  FROM counted c LEFT JOIN known k ON {_SAME}
  WHERE k.id IS NULL OR (k.numerator, k.denominator, k.excused, k.mendable)
    IS DISTINCT FROM (c.numerator, c.denominator, c.excused, c.mendable)
), put AS (
  INSERT INTO kpi_fact (indicator_id, period_on, day, unit_id, manager_id, numerator, denominator, excused, mendable)
  SELECT %(_indicator)s, %(_period_on)s, c.day, c.unit_id, c.manager_id, c.numerator, c.denominator, c.excused,
    c.mendable
  FROM other c
  ON CONFLICT (indicator_id, period_on, unit_id, manager_id, day) DO UPDATE SET numerator = EXCLUDED.numerator,
    denominator = EXCLUDED.denominator, excused = EXCLUDED.excused, mendable = EXCLUDED.mendable
  RETURNING day
)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM put),
  (SELECT count(*) FROM gone o WHERE o.day < %(_before)s AND coalesce({{told}}, false) = false)
  + (SELECT count(*) FROM other o WHERE o.is_other AND o.day < %(_before)s AND coalesce({{told}}, false) = false)
"""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many facts were written; and of these, how many say something else of a day that had passed though nothing
    told that they would."""

    written: int = 0
    differences: int = 0


def count_facts(
    count: Count, who: Some, *, today: date, now: datetime, told: Some = EVERYONE, before: date | None = None
) -> Counted:
    """Count again what these people's rows come to and write what differs; facts without rows go.

    `told`: those for whom something is known to have changed since everybody was counted on the day `before`; what
    is now another on a day before that, of others, is a difference.
    """
    if count.measure is None or who.is_nobody:
        return Counted()
    rows, marks = rows_and_marks(count, today=today, now=now)
    statement = _COUNT.format(
        rows=who.rows_of(rows),
        known=who.where("f"),
        told=told.where("o").replace("%(_managers)s", "%(_told)s").replace("%(_units)s", "%(_told_in)s"),
    )
    named: dict[str, Any] = {
        "_indicator": count.indicator.id, "_period_on": count.bounds.first, "_before": before or today,
        "_told": list(told.managers), "_told_in": list(told.units),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(statement, {**marks, **who.marks, **named})
        written, differences = cursor.fetchone()
    # What stands at the end of a day stands there on the next day.
    return Counted(written, differences if count.nature == Nature.FLOW else 0)


def rows_and_marks(
    count: Count, *, today: date, now: datetime, from_source: bool = False
) -> tuple[str, Mapping[str, Any]]:
    """The statement of the rows and its values: what the freeze kept, or else (or `from_source`) the measure's own."""
    assert count.measure is not None  # noqa: S101 - whoever counts has one
    named: list[Any] = [count.indicator.id, count.bounds.first]
    # Rows are kept by the freeze, which counts from them; of today's only, when their period is over.
    if not from_source and count.bounds.last < today:
        with connection.cursor() as cursor:
            cursor.execute(KEPT, named)
            if cursor.fetchone() is not None:
                return EVIDENCE_ROWS, dict(zip(("_indicator", "_period_on"), named, strict=True))
    return count.measure.sql, count.measure.bound(count.time(today, now))

"""Results: sums of facts by manager and unit, sums of these up the tree; valued; only what differs is written (KPI-50).

All indicators and periods go through two statements: those of people, then those of units.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from kpi.actions.counting.counts import Count
from kpi.actions.counting.facts import EVERYONE, Some
from kpi.models import RefreshMark
from kpi.queries.valuing import PLAN, VALUED

# Facts of people and of nobody; a manager without a row has a count of nought, not none.
_OF_PEOPLE = """
SELECT f.indicator_id, f.period_on, f.unit_id, f.manager_id, false AS is_unit, f.numerator, f.denominator, f.excused,
  f.mendable
FROM plan p JOIN kpi_fact f ON f.indicator_id = p.indicator_id AND f.period_on = p.period_on
WHERE p.nature <> 'unit' AND {facts}
UNION ALL
SELECT p.indicator_id, p.period_on, t.unit_id, t.id, false, 0, 0, 0, 0
FROM plan p CROSS JOIN (
  SELECT DISTINCT t.id, t.unit_id, o.starts_on, o.ends_on
  FROM accounts_post o JOIN accounts_staff t ON t.id = o.staff_id WHERE o.role = 'manager'
) t
WHERE p.display = 'count' AND p.nature <> 'unit' AND p.is_counted AND {people}
  AND (t.starts_on IS NULL OR t.starts_on <= p.last_on) AND (t.ends_on IS NULL OR t.ends_on >= p.period_on)
"""
# What stands below a unit, itself included; the figure of a UNIT measure is the unit's own.
_OF_UNITS = """
SELECT r.indicator_id, r.period_on, a.unit_id, NULL::bigint AS manager_id, true AS is_unit, r.numerator, r.denominator,
  r.excused, r.mendable
FROM plan p JOIN kpi_result r ON r.indicator_id = p.indicator_id AND r.period_on = p.period_on
  AND r.is_current AND NOT r.is_unit
JOIN accounts_unit u ON u.id = r.unit_id
CROSS JOIN LATERAL unnest(string_to_array(trim(BOTH '/' FROM u.path), '/')::bigint[]) AS a(unit_id)
WHERE p.nature <> 'unit'
UNION ALL
SELECT f.indicator_id, f.period_on, f.unit_id, NULL, true, f.numerator, f.denominator, f.excused, f.mendable
FROM plan p JOIN kpi_fact f ON f.indicator_id = p.indicator_id AND f.period_on = p.period_on
WHERE p.nature = 'unit'
"""
_VALUES = (
    "numerator", "denominator", "excused", "mendable", "value", "value_before_excuses", "target", "is_strict", "is_met",
    "projected",
)  # fmt: skip
_SAME = (
    "k.indicator_id = v.indicator_id AND k.period_on = v.period_on AND k.unit_id = v.unit_id"
    " AND coalesce(k.manager_id, 0) = coalesce(v.manager_id, 0)"
)
_LIST = ", ".join(_VALUES)
_SETTLE = f"""
WITH plan AS MATERIALIZED (SELECT t.*, t.indicator_id = ANY(%(p_counted)s) AS is_counted FROM ({PLAN}) t),
s AS (
  SELECT x.indicator_id, x.period_on, x.unit_id, x.manager_id, x.is_unit, sum(x.numerator) AS numerator,
    sum(x.denominator) AS denominator, sum(x.excused)::int AS excused, sum(x.mendable)::int AS mendable
  FROM ({{sums}}) x GROUP BY 1, 2, 3, 4, 5
), v AS MATERIALIZED (
  SELECT s.indicator_id, s.period_on, s.unit_id, s.manager_id, s.is_unit, {VALUED}
  FROM s JOIN plan p ON p.indicator_id = s.indicator_id AND p.period_on = s.period_on
), known AS MATERIALIZED (
  SELECT r.* FROM plan p JOIN kpi_result r ON r.indicator_id = p.indicator_id AND r.period_on = p.period_on
  WHERE r.is_unit = %(is_unit)s AND r.is_current AND {{known}}
), gone AS (
  DELETE FROM kpi_result r USING known k WHERE r.id = k.id AND k.source = 'computed' AND k.frozen_at IS NULL
    AND NOT EXISTS (SELECT 1 FROM v WHERE {_SAME})
  RETURNING 1
), put AS (
  INSERT INTO kpi_result (indicator_id, period_on, unit_id, manager_id, is_unit, {_LIST}, source, evidence, computed_at,
    revision, is_current)
  SELECT v.indicator_id, v.period_on, v.unit_id, v.manager_id, v.is_unit, {", ".join(f"v.{name}" for name in _VALUES)},
    'computed', '', %(now)s, 1, true
  FROM v LEFT JOIN known k ON {_SAME}
  WHERE k.id IS NULL OR (k.source = 'computed' AND k.frozen_at IS NULL
    AND ({", ".join(f"k.{name}" for name in _VALUES)}) IS DISTINCT FROM ({", ".join(f"v.{name}" for name in _VALUES)}))
  ON CONFLICT (indicator_id, period_on, unit_id, manager_id, is_unit, revision) DO UPDATE SET
    {", ".join(f"{name} = EXCLUDED.{name}" for name in _VALUES)}, computed_at = EXCLUDED.computed_at
  RETURNING 1
)
SELECT (SELECT count(*) FROM gone) + (SELECT count(*) FROM put)
"""
_PEOPLE = _SETTLE.replace("{sums}", _OF_PEOPLE)
_UNITS = _SETTLE.replace("{sums}", _OF_UNITS).replace("{known}", "TRUE")


def settle_results(counts: Sequence[Count], who: Some = EVERYONE, *, now: datetime) -> int:
    """Bring the results of these indicators and periods in line with their facts: of these people, and of all units.

    Entered and frozen results stay as they are. Answers how many rows were written.
    """
    if not counts:
        return 0
    marks = plan_marks(counts) | who.marks | {"now": now}
    people = "TRUE" if who.is_everyone else "t.id = ANY(%(_managers)s)"
    of_people = _PEOPLE.format(facts=who.where("f"), people=people, known=who.where("r"))
    with connection.cursor() as cursor:
        cursor.execute(of_people, marks | {"is_unit": False})
        written = int(cursor.fetchone()[0])
        cursor.execute(_UNITS, marks | {"is_unit": True})
        return written + int(cursor.fetchone()[0])


def plan_marks(counts: Sequence[Count]) -> dict[str, Any]:
    """The values of the fragment `PLAN`."""
    return {
        "p_indicators": [count.indicator.id for count in counts],
        "p_periods": [count.bounds.first for count in counts],
        "p_lasts": [count.bounds.last for count in counts],
        "p_displays": [count.indicator.display for count in counts],
        "p_directions": [count.indicator.direction for count in counts],
        "p_targets": [count.target for count in counts],
        "p_stricts": [count.is_strict for count in counts],
        "p_natures": [count.nature.value for count in counts],
        "p_accrues": [count.indicator.accrues for count in counts],
        "p_gone": [count.pace.gone for count in counts],
        "p_of": [count.pace.of for count in counts],
        "p_counted": [count.indicator.id for count in counts if count.measure is not None],
    }


def hold_mark() -> RefreshMark:
    """The one row, held until the end of the transaction: two counts at a time would write the same rows."""
    RefreshMark.objects.get_or_create(pk=1)
    return RefreshMark.objects.select_for_update().get(pk=1)

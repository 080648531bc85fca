"""Results as pages and the API show them (KPI-50): frozen value rows, in scope, a statement each.

A dashboard of a month shows for each indicator the period that contains the month.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from crm.core.abilities import Access
from crm.core.errors import NotFound
from crm.core.scope import Scope
from kpi.choices import Light
from kpi.queries.indicators import IndicatorRow, active_indicators, all_indicators, indicator_of, run, targets_on
from kpi.rules.periods import months_back, period_of, period_on
from kpi.rules.values import Goal, is_met, light, value, value_before_excuses

ABILITY = "view_kpi"

__all__ = [
    "ABILITY",
    "SUBTREE",
    "Cell",
    "DayFact",
    "IndicatorRow",
    "active_indicators",
    "all_indicators",
    "counted_at",
    "day_facts",
    "history",
    "indicator_of",
    "is_frozen",
    "manager_results",
    "may_see_unit",
    "merged",
    "person_results",
    "results_of",
    "scope_marks",
    "targets_on",
    "unit_results",
    "units_below",
]


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure: of a manager in a unit, of nobody in a unit (manager None), or of a unit with all below it."""

    indicator_id: int
    period_on: date
    unit_id: int | None
    manager_id: int | None
    is_unit: bool
    numerator: Decimal
    denominator: Decimal
    excused: int
    mendable: int
    value: Decimal | None
    value_before_excuses: Decimal | None
    target: Decimal | None
    is_strict: bool
    is_met: bool | None
    projected: Decimal | None
    source: str
    evidence: str
    computed_at: datetime
    frozen_at: datetime | None
    revision: int
    indicator: IndicatorRow = field(repr=False)

    @property
    def code(self) -> str:
        """The code of its indicator."""
        return self.indicator.code

    @property
    def goal(self) -> Goal:
        """What was to be reached then."""
        row = self.indicator
        return Goal(row.direction, row.display, self.target, self.is_strict, row.accrues)

    def is_running(self, today: date) -> bool:
        """Whether the period goes on."""
        return period_of(self.indicator.period, self.period_on).holds(today)

    def light(self, today: date) -> Light:
        """The traffic light on a day; a period that can still be back-dated is no miss yet (decisions 1)."""
        open_still = self.frozen_at is None and (self.mendable > 0 or self.is_running(today))
        return light(
            self.goal, self.numerator, self.denominator,
            mendable=self.mendable, projected=self.projected, is_running=open_still,
        )  # fmt: skip


_COLUMNS = tuple(column.name for column in fields(Cell) if column.name != "indicator")
_SELECT = f"""
SELECT {", ".join(f"r.{name}" for name in _COLUMNS)} FROM kpi_result r JOIN kpi_indicator i ON i.id = r.indicator_id
WHERE r.is_current AND i.is_active AND r.period_on = ANY(%(periods)s)
    AND (i.period, r.period_on) IN (SELECT * FROM unnest(%(kinds)s::text[], %(periods)s::date[]))
"""


def counted_at() -> datetime | None:
    """When the figures of the running periods were last brought up to date."""
    rows = run("SELECT refreshed_at FROM kpi_refreshmark ORDER BY id LIMIT 1", {})
    return rows[0][0] if rows else None


def is_frozen(month: date) -> bool:
    """Whether the results of a month are final."""
    return bool(run("SELECT 1 FROM kpi_frozenmonth WHERE month = %(month)s", {"month": month.replace(day=1)}))


def may_see_unit(access: Access, unit_id: int) -> bool:
    """Whether the figures of a whole unit are his to see."""
    return access.scope_for(ABILITY).allows(unit_id=unit_id)


def results_of(
    scope: Scope,
    month: date,
    indicators: Sequence[str] = (),
    *,
    unit_ids: Sequence[int] = (),
    manager_ids: Sequence[int] = (),
    is_unit: bool | None = None,
) -> list[Cell]:
    """Every current result inside a scope of the periods that contain the month; narrowed when something is named."""
    return _cells(scope, [month], indicators=indicators, unit_ids=unit_ids, manager_ids=manager_ids, is_unit=is_unit)


def unit_results(access: Access, unit_id: int, month: date) -> dict[str, Cell]:
    """The figures of one unit with all below it, by code of indicator."""
    if not may_see_unit(access, unit_id):
        raise NotFound
    found = _cells(access.scope_for(ABILITY), [month], unit_ids=[unit_id], is_unit=True)
    return {cell.code: cell for cell in found}


def units_below(access: Access, unit_id: int, month: date) -> list[Cell]:
    """The figures of the units directly below a unit (heat map units × indicators)."""
    if not may_see_unit(access, unit_id):
        raise NotFound
    where = "r.unit_id IN (SELECT id FROM accounts_unit WHERE parent_id = %(parent)s)"
    return _cells(access.scope_for(ABILITY), [month], is_unit=True, where=where, params={"parent": unit_id})


def manager_results(access: Access, unit_id: int, month: date) -> list[Cell]:
    """The figures of every manager within a unit and all below it (heat map managers × indicators)."""
    if not may_see_unit(access, unit_id):
        raise NotFound
    where = (
        "r.unit_id IN (SELECT d.id FROM accounts_unit u JOIN accounts_unit d ON d.path LIKE u.path || '%%'"
        " WHERE u.id = %(top)s)"
    )
    return _cells(access.scope_for(ABILITY), [month], is_unit=False, where=where, params={"top": unit_id})


def person_results(access: Access, manager_id: int, month: date) -> dict[str, Cell]:
    """One manager's figures by code, those of several units added up; empty when he is out of sight."""
    return merged(_cells(access.scope_for(ABILITY), [month], manager_ids=[manager_id], is_unit=False))


def history(
    access: Access,
    month: date,
    *,
    unit_id: int | None = None,
    manager_id: int | None = None,
    indicators: Sequence[str] = (),
    months: int = 12,
) -> dict[str, list[Cell]]:
    """The figures of so many months up to this one by code, oldest first; a quarter or year stands there once."""
    scope = access.scope_for(ABILITY)
    if unit_id is not None and manager_id is None and not may_see_unit(access, unit_id):
        raise NotFound
    cells = _cells(
        scope, months_back(month, months), indicators=indicators,
        unit_ids=() if unit_id is None else (unit_id,),
        manager_ids=() if manager_id is None else (manager_id,),
        is_unit=manager_id is None,
    )  # fmt: skip
    found: dict[str, list[Cell]] = {}
    for when in sorted({cell.period_on for cell in cells}):
        for code, cell in merged(cell for cell in cells if cell.period_on == when).items():
            found.setdefault(code, []).append(cell)
    return found


@dataclass(frozen=True, slots=True)
class DayFact:
    """What one day came to."""

    day: date
    numerator: Decimal
    denominator: Decimal


def day_facts(
    access: Access, code: str, month: date, *, unit_id: int | None = None, manager_id: int | None = None
) -> list[DayFact]:
    """The days of the indicator's period that something happened on, of a unit with all below it or a manager."""
    row = indicator_of(code)
    scope = access.scope_for(ABILITY)
    if unit_id is not None and manager_id is None and not may_see_unit(access, unit_id):
        raise NotFound
    where, params = scope_marks(scope)
    params |= {"indicator": row.id, "period": period_on(row.period, month), "unit": unit_id, "manager": manager_id}
    parts = [where]
    if unit_id is not None:
        parts.append("r.unit_id IN " + SUBTREE)
    if manager_id is not None:
        parts.append("r.manager_id = %(manager)s")
    rows = run(
        "SELECT r.day, sum(r.numerator), sum(r.denominator) FROM kpi_fact r"
        " WHERE r.indicator_id = %(indicator)s AND r.period_on = %(period)s AND "
        + " AND ".join(parts)
        + " GROUP BY 1 ORDER BY 1",
        params,
    )
    return [DayFact(*found) for found in rows]


SUBTREE = "(SELECT d.id FROM accounts_unit u JOIN accounts_unit d ON d.path LIKE u.path || '%%' WHERE u.id = %(unit)s)"
"""Ids of the unit %(unit)s and all below it."""


def merged(cells: Iterable[Cell]) -> dict[str, Cell]:
    """Figures of one subject by code; several of one indicator (work in two units) are added up."""
    groups: dict[str, list[Cell]] = {}
    for cell in cells:
        groups.setdefault(cell.code, []).append(cell)
    return {code: group[0] if len(group) == 1 else _added(group) for code, group in groups.items()}


def _added(group: Sequence[Cell]) -> Cell:
    first = max(group, key=lambda cell: (cell.denominator, cell.numerator))
    n = sum((cell.numerator for cell in group), Decimal(0))
    d = sum((cell.denominator for cell in group), Decimal(0))
    excused = sum(cell.excused for cell in group)
    display = first.indicator.display
    values: dict[str, Any] = {name: getattr(first, name) for name in (*_COLUMNS, "indicator")}
    values |= {
        "unit_id": None, "numerator": n, "denominator": d, "excused": excused,
        "mendable": sum(cell.mendable for cell in group),
        "value": value(display, n, d), "value_before_excuses": value_before_excuses(display, n, d, excused),
        "is_met": is_met(first.goal, n, d), "projected": None,
        "computed_at": max(cell.computed_at for cell in group),
    }  # fmt: skip
    return Cell(**values)


def scope_marks(scope: Scope) -> tuple[str, dict[str, Any]]:
    """The scope over unit and manager of the row called r, with named marks."""
    parts = ["r.unit_id = ANY(%(scope_units)s)"] if scope.unit_ids else []
    if scope.manager_ids:
        parts.append("r.manager_id = ANY(%(scope_managers)s)")
    if scope.everything:
        return "TRUE", {}
    marks = {"scope_units": list(scope.unit_ids), "scope_managers": list(scope.manager_ids)}
    return (f"({' OR '.join(parts)})" if parts else "FALSE"), marks


def _cells(
    scope: Scope,
    months: Sequence[date],
    *,
    indicators: Sequence[str] = (),
    unit_ids: Sequence[int] = (),
    manager_ids: Sequence[int] = (),
    is_unit: bool | None = None,
    where: str = "TRUE",
    params: dict[str, Any] | None = None,
) -> list[Cell]:
    if scope.is_empty:
        return []
    rows = {row.id: row for row in all_indicators() if not indicators or row.code in indicators}
    pairs = sorted({(row.period, period_on(row.period, month)) for row in rows.values() for month in months})
    inside, marks = scope_marks(scope)
    parts = [inside, where]
    marks |= {"kinds": [pair[0] for pair in pairs], "periods": [pair[1] for pair in pairs], **(params or {})}
    if indicators:
        parts.append("r.indicator_id = ANY(%(ids)s)")
        marks["ids"] = list(rows)
    if unit_ids:
        parts.append("r.unit_id = ANY(%(units)s)")
        marks["units"] = list(unit_ids)
    if manager_ids:
        parts.append("r.manager_id = ANY(%(managers)s)")
        marks["managers"] = list(manager_ids)
    if is_unit is not None:
        parts.append("r.is_unit" if is_unit else "NOT r.is_unit")
    order = " ORDER BY i.position, i.id, r.period_on, r.unit_id, r.manager_id"
    found = run(f"{_SELECT} AND {' AND '.join(parts)}{order}", marks)
    return [_cell(row, rows[row[0]]) for row in found if row[0] in rows]


def _cell(row: Sequence[Any], indicator: IndicatorRow) -> Cell:
    values: dict[str, Any] = dict(zip(_COLUMNS, row, strict=True))
    return Cell(**values, indicator=indicator)

"""Results and indicators as REST clients read them: value rows, codes and staff numbers instead of ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from accounts.queries import names
from crm.core.pages import narrowed, rows_by_id
from crm.core.scope import Scope
from kpi.queries.indicators import active_indicators, targets_on

Record = dict[str, Any]
FILTERS = {
    "indicator": "i.code = %s",
    "period": "i.period = %s",
    "period_from": "r.period_on >= %s",
    "period_to": "r.period_on <= %s",
    "unit_id": "r.unit_id = %s",
    "manager_id": "r.manager_id = %s",
    "is_unit": "r.is_unit = %s",
    "is_met": "r.is_met = %s",
}
_RESULTS = """
SELECT r.id, i.code, i.period, r.period_on, r.is_unit, r.unit_id, r.manager_id, r.numerator, r.denominator, r.excused,
  r.mendable, r.value, r.value_before_excuses, r.target, r.is_strict, r.is_met, r.projected, r.source, r.evidence,
  r.revision, r.computed_at, r.frozen_at
FROM kpi_result r JOIN kpi_indicator i ON i.id = r.indicator_id
WHERE {where}
"""
_NAMES = (
    "id", "indicator", "period", "period_on", "is_unit", "unit", "manager", "numerator", "denominator", "excused",
    "mendable", "value", "value_before_excuses", "target", "is_strict", "is_met", "projected", "source", "evidence",
    "revision", "computed_at", "frozen_at",
)  # fmt: skip
_DECIMALS = ("numerator", "denominator", "value", "value_before_excuses", "target", "projected")


def result_records(
    scope: Scope, *, filters: Mapping[str, Any], cursor: str = "", limit: int = 100
) -> tuple[list[Record], str | None]:
    """(results in force by id, cursor of the next page); a correction takes the place of what it corrects."""
    given = {name: value for name, value in filters.items() if name != "is_frozen"}
    where, params = narrowed(scope.sql_for(unit="r.unit_id", manager="r.manager_id"), FILTERS, given)
    where += " AND r.is_current AND i.is_active"
    if "is_frozen" in filters:
        where += f" AND r.frozen_at IS {'NOT ' if filters['is_frozen'] else ''}NULL"
    rows, following = rows_by_id(_RESULTS, "r.id", (where, params), cursor=cursor, limit=limit)
    return [_record(row) for row in rows], following


def _record(row: Sequence[Any]) -> Record:
    found: Record = dict(zip(_NAMES, row, strict=True))
    card = names.staff_card(found["manager"])
    found["unit"], found["manager"] = names.unit_code(found["unit"]), card.number if card else None
    for name in _DECIMALS:
        found[name] = plain(found[name])
    return found


def plain(value: Decimal | None) -> str | None:
    """A number as text, without empty decimals.

    >>> plain(Decimal("92.5000")), plain(Decimal("100.00")), plain(None)
    ('92.5', '100', None)
    """
    return None if value is None else f"{value.normalize():f}"


def indicator_records(today: date) -> list[Record]:
    """Every indicator with a source of data and its target of the day."""
    targets = targets_on(today)
    found = []
    for row in active_indicators(today):
        target, is_strict = targets.get(row.id, (None, False))
        found.append(
            {
                "code": row.code, "category": row.category, "sub_item": row.sub_no, "label_zh": row.label_zh,
                "label_en": row.label_en, "method": row.method, "direction": row.direction, "period": row.period,
                "display": row.display, "target": plain(target), "is_strict": is_strict, "requirement": row.source,
            }
        )  # fmt: skip
    return found

"""What dashboards ask beside the results: one's own place among colleagues, how fresh a month is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from accounts.queries import names
from crm.core.abilities import Access
from crm.core.errors import NotFound
from crm.core.scope import Scope
from kpi.queries.results import ABILITY, scope_marks


@dataclass(frozen=True, slots=True)
class Mark:
    """How fresh the figures of a month are, and how many corrections in sight wait for the second signature."""

    refreshed_at: datetime | None
    frozen_at: datetime | None
    waiting: int


_MARK = """
SELECT (SELECT max(refreshed_at) FROM kpi_refreshmark), (SELECT frozen_at FROM kpi_frozenmonth WHERE month = %(month)s),
  (SELECT count(*) FROM kpi_correction r WHERE r.state = 'requested' AND {where})
"""


def mark_of(access: Access, month: date) -> Mark:
    """How fresh the month is."""
    where, marks = scope_marks(access.scope_for(ABILITY))
    return Mark(*_run(_MARK.format(where=where), {"month": month, **marks})[0])


_RANKS = """
SELECT code, place, number FROM (
  SELECT i.code, r.manager_id, count(*) OVER (PARTITION BY r.indicator_id) AS number,
    rank() OVER (PARTITION BY r.indicator_id ORDER BY CASE i.direction WHEN 'down' THEN r.value ELSE -r.value END)
      AS place
  FROM kpi_result r JOIN kpi_indicator i ON i.id = r.indicator_id
  WHERE r.unit_id = %(unit)s AND NOT r.is_unit AND r.is_current AND r.manager_id IS NOT NULL AND r.value IS NOT NULL
    AND i.direction <> 'none' AND i.is_active AND r.period_on = date_trunc(i.period, %(month)s::timestamp)::date
) ranked WHERE manager_id = %(manager)s AND number > 1
"""


def own_ranks(unit_id: int, manager_id: int, month: date) -> dict[str, tuple[int, int]]:
    """KPI-12: code → (place, of so many) among the managers of the unit; equal values share a place."""
    rows = _run(_RANKS, {"unit": unit_id, "manager": manager_id, "month": month})
    return {code: (place, number) for code, place, number in rows}


def top_unit(scope: Scope) -> int | None:
    """The unit a dashboard begins with: the highest one that is wholly in sight; None: own figures only."""
    if scope.everything:
        found = _run("SELECT id FROM accounts_unit WHERE parent_id IS NULL ORDER BY path LIMIT 1", {})
        return found[0][0] if found else None
    return min(scope.unit_ids, key=names.unit_path, default=None)


def seen_unit(scope: Scope, unit_id: int) -> int:
    """A unit whose figures somebody may see; any other is not found."""
    if not names.unit_name(unit_id) or not scope.allows(unit_id=unit_id):
        raise NotFound
    return unit_id


def seen_manager(scope: Scope, manager_id: int) -> names.StaffCard:
    """A manager some of whose figures may be in sight; any other is not found."""
    card = names.staff_card(manager_id)
    if card is None or not scope.allows(unit_id=card.unit_id, manager_id=card.id):
        raise NotFound
    return card


def units_to_choose(scope: Scope) -> list[tuple[int, str]]:
    """The units in sight in the order of the tree, indented by level."""
    if scope.manager_ids and not scope.unit_ids:
        return []
    ids = (
        scope.unit_ids
        if not scope.everything
        else [row[0] for row in _run("SELECT id FROM accounts_unit WHERE is_active ORDER BY path", {})]
    )
    ordered = sorted(ids, key=names.unit_path)
    levels = [names.unit_path(unit_id).count("/") for unit_id in ordered]
    least = min(levels, default=0)
    return [
        (unit_id, "\u3000" * (level - least) + names.unit_name(unit_id))
        for unit_id, level in zip(ordered, levels, strict=True)
    ]


def _run(sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())

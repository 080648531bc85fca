"""The churn budget: base as counted by the night, losses as they stand now (RET-1, RET-2)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import import_module
from typing import Any

from django.conf import settings
from django.db import connection

from crm.core.measures import Measure, Time, within
from crm.core.scope import Scope
from retention.queries.measures import CHURN_DIAMOND_GOLD, CHURN_VIP, COUNTED, DIAMOND_GOLD
from retention.rules.budget import Limit

MEASURES: Mapping[str, Measure] = {"vips": CHURN_VIP, "diamond_gold": CHURN_DIAMOND_GOLD}
"""The two budgets, by the name of their filter."""


@lru_cache(maxsize=1)
def _targets() -> Any:
    module, _dot, name = settings.MEASURE_TARGETS.rpartition(".")
    return getattr(import_module(module), name)


def limits(day: date) -> dict[str, Limit]:
    """The targets that hold on a day; one that is not set is not there."""
    found = _targets()(day)
    return {of: Limit(*found[measure.name]) for of, measure in MEASURES.items() if measure.name in found}


@dataclass(frozen=True, slots=True)
class BaseCount:
    """So many of 1 January with one manager of one unit."""

    unit_id: int
    manager_id: int | None
    vips: int
    diamond_gold: int


def base_counts(scope: Scope, year: int, unit_ids: Sequence[int] = ()) -> list[BaseCount]:
    """The denominators as of last night, inside the scope."""
    where, params = scope.sql_for(unit="k.unit_id", manager="k.manager_id")
    mine = "k.unit_id = ANY(%s)" if unit_ids else "TRUE"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT k.unit_id, k.manager_id, k.vips, k.diamond_gold FROM retention_churncount k"
            f" WHERE k.year = %s AND {where} AND {mine}",
            [year, *params, *([list(unit_ids)] if unit_ids else [])],
        )
        return [BaseCount(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class LostCount:
    """So many of them lost in one month, by whom had them then."""

    month: int
    unit_id: int
    manager_id: int | None
    vips: int
    diamond_gold: int


_LOST = f"""
SELECT extract(month FROM r.lost_on)::int, r.unit_id, r.manager_id, count(*), count(*) FILTER (WHERE {DIAMOND_GOLD})
FROM retention_churnrecord r JOIN retention_churnbase b ON b.customer_id = r.customer_id AND b.year = %s
WHERE r.lost_on BETWEEN %s AND %s AND {COUNTED} AND {{where}} AND {{mine}} GROUP BY 1, 2, 3
"""


def lost_counts(scope: Scope, year: int, until: date, unit_ids: Sequence[int] = ()) -> list[LostCount]:
    """The numerators, month by month, inside the scope."""
    where, params = scope.sql_for(unit="r.unit_id", manager="r.manager_id")
    mine = "r.unit_id = ANY(%s)" if unit_ids else "TRUE"
    with connection.cursor() as cursor:
        cursor.execute(
            _LOST.format(where=where, mine=mine),
            [year, date(year, 1, 1), until, *params, *([list(unit_ids)] if unit_ids else [])],
        )
        return [LostCount(*row) for row in cursor.fetchall()]


def years(scope: Scope) -> list[int]:
    """The years that have a base, the latest first."""
    where, params = scope.sql_for(unit="k.unit_id", manager="k.manager_id")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT DISTINCT k.year FROM retention_churncount k WHERE {where} ORDER BY 1 DESC", params)
        return [row[0] for row in cursor.fetchall()]


def is_told(year: int) -> bool:
    """Whether the base of the year was told from the histories."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT is_reconstructed FROM retention_churnbase WHERE year = %s LIMIT 1", [year])
        row = cursor.fetchone()
        return bool(row and row[0])


@dataclass(frozen=True, slots=True)
class BaseRow:
    """A customer of 1 January, as the measure has him today."""

    id: int
    customer_id: int | None
    customer_name: str | None
    number: str | None
    tier_id: int | None
    manager_id: int | None
    unit_id: int
    is_lost: bool
    is_reconstructed: bool


_BASE = """
SELECT r.ref, CASE WHEN {seen} THEN c.id END, CASE WHEN {seen} THEN c.name END, CASE WHEN {seen} THEN c.number END,
  b.tier_id, r.manager_id, r.unit_id, r.numerator = 1, b.is_reconstructed
FROM ({measure}) r JOIN retention_churnbase b ON b.id = r.ref JOIN accounts_customer c ON c.id = b.customer_id
WHERE {where} AND r.ref > %(_after)s{more} ORDER BY r.ref LIMIT %(_limit)s
"""


def base_rows(
    scope: Scope, seen: Scope, of: str, time: Time, *, narrowed: Mapping[str, Any], after: int = 0, limit: int = 50
) -> list[BaseRow]:
    """The rows behind a base: those the measure counts, at most one more than are shown."""
    where, params = within(scope)
    name, name_params = _named(seen.sql("c"), "_seen")
    more = "".join(f" AND {_BASE_FILTERS[key]}" for key in narrowed)
    sql = _BASE.format(seen=name, measure=MEASURES[of].sql, where=where, more=more)
    values = MEASURES[of].bound(time) | params | name_params | dict(narrowed) | {"_after": after, "_limit": limit + 1}
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [BaseRow(*row) for row in cursor.fetchall()]


_BASE_FILTERS = {
    "unit_ids": "r.unit_id = ANY(%(unit_ids)s)",
    "manager_id": "r.manager_id IS NOT DISTINCT FROM %(manager_id)s",
}


def _named(condition: tuple[str, list[Any]], prefix: str) -> tuple[str, dict[str, Any]]:
    """Positional marks as named ones."""
    sql, values = condition
    named = {}
    for place, value in enumerate(values):
        named[f"{prefix}{place}"] = value
        sql = sql.replace("%s", f"%({prefix}{place})s", 1)
    return sql, named

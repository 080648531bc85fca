"""Whose figures are stale: read from the change log since the last time, by a snapshot cursor (mechanisms B).

A changed row is followed to the people it names and to the customer it is about, and from there to everybody who ever
had the customer: credit may go back to any of them. What cannot be followed makes everybody's figures stale.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from django.apps import apps
from django.db import connection, models

from accounts.models import Customer, Staff
from crm.core.measures import MEASURES
from kpi.actions.counting import EVERYONE, Some

MOST_ROWS = 20_000
"""More changed rows of one table than this are a load: everybody is counted."""
OF_ALL = frozenset({"accounts_unit", "core_parameter", "core_workday", "kpi_indicator", "kpi_indicatortarget"})
"""Tables that decide about everybody's figures."""
LOOK_BACK = timedelta(days=120)
"""Credit of open periods may go back so far; who had a holder all the time has no figures of nobody."""

_CURSOR = "SELECT pg_current_snapshot()::text, pg_snapshot_xmax(pg_current_snapshot())::text::numeric"
_NEWER = """
FROM core_change WHERE xid >= pg_snapshot_xmin(%(prev)s::pg_snapshot)
  AND (NOT pg_visible_in_snapshot(xid, %(prev)s::pg_snapshot)
       AND pg_visible_in_snapshot(xid, %(cur)s::pg_snapshot) OR xid = pg_current_xact_id_if_assigned())
  AND tbl = ANY(%(tables)s)
"""
_SIZES = f"SELECT tbl, count(*) {_NEWER} GROUP BY tbl"
_CHANGES = f"SELECT row_id, before::text, after::text, unit_before, unit_after, op {_NEWER}"
_HOLDERS = "SELECT DISTINCT staff_id FROM accounts_assignment WHERE customer_id = ANY(%s)"
_WITHOUT_HOLDER = """
SELECT DISTINCT c.unit_id FROM accounts_customer c LEFT JOIN LATERAL (
  SELECT sum(least(coalesce(a.valid_to, %(until)s + 1), %(until)s + 1) - greatest(a.valid_from, %(first)s)) AS days
  FROM accounts_assignment a WHERE a.customer_id = c.id AND a.valid_from <= %(until)s
    AND (a.valid_to IS NULL OR a.valid_to > %(first)s)
) h ON true
WHERE c.id = ANY(%(customers)s) AND coalesce(h.days, 0) < %(until)s + 1 - %(first)s
"""


@dataclass(frozen=True, slots=True)
class Change:
    """One row of the change log."""

    row_id: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    units: tuple[int, ...]
    is_deletion: bool

    def images(self, column: str) -> list[int]:
        """What it says of a column, before and after."""
        found = (self.before.get(column), self.after.get(column))
        return [int(value) for value in found if value not in (None, "")]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: who is stale by table, and where to go on."""

    snapshot: str
    by_table: Mapping[str, Some] = field(default_factory=dict)
    is_from_the_start: bool = False

    def of(self, tables: Iterable[str]) -> Some:
        """Whose figures of a measure over these tables are stale."""
        if self.is_from_the_start:
            return EVERYONE
        found = Some()
        for table in (*tables, *OF_ALL):
            found = found.union(self.by_table.get(table, Some()))
        return found


def read_changes(prev: str, first_open: date, today: date) -> Reading:
    """Everything committed since the snapshot `prev`; without one, or with one of another cluster, from the start."""
    with connection.cursor() as cursor:
        cursor.execute(_CURSOR)
        snapshot, newest = cursor.fetchone()
        # A database that was restored into a new cluster counts its transactions anew.
        if not prev or int(prev.split(":")[1]) > newest:
            return Reading(snapshot, is_from_the_start=True)
        tables = sorted({name for measure in MEASURES.values() for name in measure.sources} | OF_ALL)
        cursor.execute(_SIZES, {"prev": prev, "cur": snapshot, "tables": tables})
        sizes = dict(cursor.fetchall())
    found: dict[str, Some] = {}
    for table, size in sizes.items():
        if table in OF_ALL or size > MOST_ROWS:
            found[table] = EVERYONE
        else:
            found[table] = _people_of(table, _changes(table, prev, snapshot), first_open - LOOK_BACK, today)
    return Reading(snapshot, found)


def _changes(table: str, prev: str, snapshot: str) -> list[Change]:
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, {"prev": prev, "cur": snapshot, "tables": [table]})
        return [
            Change(
                row[0],
                json.loads(row[1] or "{}"),
                json.loads(row[2] or "{}"),
                tuple(unit for unit in row[3:5] if unit),
                row[5] == "D",
            )
            for row in cursor.fetchall()
        ]


@dataclass(frozen=True, slots=True)
class Way:
    """How a row of a table leads to people: its columns of staff, and its path to a customer or to staff and unit."""

    model: type[models.Model]
    staff: tuple[str, ...]
    customer: str = ""
    others: tuple[str, ...] = ()
    units: tuple[str, ...] = ()

    @property
    def is_known(self) -> bool:
        """Whether there is a way at all."""
        return bool(self.staff or self.customer or self.others or self.units)


@lru_cache(maxsize=200)
def way_of(table: str) -> Way | None:
    """The way of a table, from its model and what it says of scopes; None: no model of ours."""
    model = next((model for model in apps.get_models() if model._meta.db_table == table), None)
    if model is None:
        return None
    fields = [found for found in model._meta.concrete_fields if found.is_relation]
    staff = tuple(found.attname for found in fields if found.related_model is Staff)
    if model is Customer:
        return Way(model, staff, customer="id")
    scope = getattr(model, "SCOPE_PATHS", {})
    about = next((found.attname for found in fields if found.related_model is Customer), "")
    for path in scope.values():
        head, found, _rest = path.rpartition("customer__")
        about = about or (f"{head}customer_id" if found else "")
    others = tuple(path for name, path in scope.items() if name == "manager" and path not in staff)
    return Way(model, staff, about, others, tuple(path for name, path in scope.items() if name == "unit"))


def _people_of(table: str, changes: Sequence[Change], first: date, until: date) -> Some:
    """Whose figures the changed rows of one table touch."""
    way = way_of(table)
    if way is None or not way.is_known:
        return EVERYONE
    wanted = (*way.staff, *way.others)
    paths = [*wanted, *way.units, *([way.customer] if way.customer else [])]
    rows = list(_manager_of(way.model).filter(pk__in={change.row_id for change in changes}).values_list("pk", *paths))
    follow = Follower(way.model, changes, paths)
    for change in changes:
        if change.is_deletion or change.before:
            rows += follow.images(change)
    present = {row[0] for row in rows}
    if any(change.is_deletion and change.row_id not in present for change in changes):
        return EVERYONE
    managers = frozenset(value for row in rows for value in row[1 : 1 + len(wanted)] if value)
    customers = sorted({row[-1] for row in rows if row[-1]}) if way.customer else []
    # Without a customer the row's own unit is credited when nobody is.
    alone = [row for row in rows if not (way.customer and row[-1])]
    units = {row[1 + len(wanted)] for row in alone if way.units and row[1 + len(wanted)]}
    if not way.customer:
        units |= {unit for change in changes for unit in change.units}
    found = Some(managers, frozenset(units))
    return found.union(_holders_of(customers, changes, first, until)) if customers else found


def _holders_of(customers: Sequence[int], changes: Sequence[Change], first: date, until: date) -> Some:
    """Everybody who ever had the customers, and the units of those whom nobody had for a time or who moved."""
    with connection.cursor() as cursor:
        cursor.execute(_HOLDERS, [list(customers)])
        holders = frozenset(row[0] for row in cursor.fetchall())
        cursor.execute(_WITHOUT_HOLDER, {"customers": list(customers), "first": first, "until": until})
        units = {row[0] for row in cursor.fetchall()}
    moved = {unit for change in changes if len(set(change.units)) > 1 for unit in change.units}
    return Some(holders, frozenset(units | moved))


class Follower:
    """Rows as the log says they were; a path over another table is followed from the rows it named, all at once."""

    def __init__(self, model: type[models.Model], changes: Sequence[Change], paths: Sequence[str]) -> None:
        """Ask each other table once for what the changes named."""
        self._paths = paths
        self._ends: dict[str, dict[int, Any]] = {}
        for path in paths:
            hop, _sep, rest = path.partition("__")
            parent = model._meta.get_field(hop).related_model if rest else None
            if isinstance(parent, type) and issubclass(parent, models.Model):
                named = {row_id for change in changes for row_id in change.images(f"{hop}_id")}
                ends = _manager_of(parent).filter(pk__in=named).values_list("pk", rest) if named else ()
                self._ends[path] = dict(ends)

    def images(self, change: Change) -> list[tuple[Any, ...]]:
        """The row before and after the change, as far as the log says."""
        found: list[dict[str, Any]] = [{}, {}]
        for path in self._paths:
            for place, value in enumerate(self._values(change, path)):
                found[place][path] = value
        return [(change.row_id, *(values.get(path) for path in self._paths)) for values in found if values]

    def _values(self, change: Change, path: str) -> list[Any]:
        if path == "id":
            return [change.row_id]
        hop, _sep, rest = path.partition("__")
        if not rest:
            return list(change.images(path))
        return [self._ends[path].get(row_id) for row_id in change.images(f"{hop}_id")] if path in self._ends else []


def _manager_of(model: type[models.Model]) -> Any:
    return model._base_manager

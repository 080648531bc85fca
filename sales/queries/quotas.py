"""The cascade of quotas over the unit tree, with what was sold: headquarters → unit → manager (SAL-5)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from accounts.models import Unit
from accounts.queries import names
from accounts.queries.portfolio import managers
from crm.core.errors import NotFound
from crm.core.scope import Scope
from sales.queries.measures import counts_in
from sales.queries.things import Thing
from sales.rules import Gap, given_on

_TARGETS = """
SELECT q.month, q.unit_id, q.staff_id, q.target FROM sales_quota q
WHERE q.month = ANY(%s) AND q.metric = %s AND q.product_id IS NOT DISTINCT FROM %s AND q.unit_id = ANY(%s) AND {scope}
"""
_SOLD = f"""
SELECT m.month, o.unit_id, o.staff_id, sum(o.quantity)::int FROM unnest(%s::date[]) AS m(month)
JOIN sales_salesorder o ON {counts_in("m.month")}
WHERE o.metric = %s AND o.product_id IS NOT DISTINCT FROM %s AND o.unit_id = ANY(%s) AND {{scope}}
GROUP BY 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class Cell:
    """One month of a unit or a manager: the quota, what is in effect, and for a unit what it gave on."""

    target: int | None
    done: int
    gap: Gap | None = None

    @property
    def per_cent(self) -> float | None:
        """F39: one decimal; no quota has no value."""
        return round(100 * self.done / self.target, 1) if self.target else None


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the grid: a unit with all below it, or a manager."""

    unit_id: int
    staff_id: int | None
    name: str
    cells: dict[date, Cell]

    @property
    def is_unit(self) -> bool:
        """Whether it can be opened."""
        return self.staff_id is None


@dataclass(frozen=True, slots=True)
class Grid:
    """A unit, what is directly below it, month by month."""

    unit: Line
    lines: list[Line]


@dataclass
class _Facts:
    """What was read, by month."""

    targets: dict[date, list[tuple[int, int | None, int]]] = field(default_factory=lambda: defaultdict(list))
    sold: dict[date, list[tuple[int, int | None, int]]] = field(default_factory=lambda: defaultdict(list))

    def rows(self) -> Iterator[tuple[int, int | None, int]]:
        """All of them."""
        return (row for kind in (self.targets, self.sold) for found in kind.values() for row in found)

    def has(self, unit_ids: Iterable[int]) -> bool:
        """Whether anything is known of these units."""
        wanted = set(unit_ids)
        return any(row[0] in wanted for row in self.rows())

    def people_of(self, unit_id: int) -> list[int]:
        """Who has a quota or sold something there."""
        return sorted({row[1] for row in self.rows() if row[0] == unit_id and row[1] is not None})


def units_in(scope: Scope) -> list[tuple[int, str, int]]:
    """The units of the scope along the tree: id, name, depth."""
    rows = Unit.visible_to(scope).filter(is_active=True).order_by("path").values_list("id", "name", "path")
    found = [(pk, name, path.count("/")) for pk, name, path in rows]
    least = min((depth for _pk, _name, depth in found), default=0)
    return [(pk, name, depth - least) for pk, name, depth in found]


def quota_grid(scope: Scope, unit_id: int, thing: Thing, months: Sequence[date], *, today: date) -> Grid:
    """The unit, the units directly below it and its managers; 404 for a unit out of sight."""
    if not scope.allows(unit_id=unit_id):
        raise NotFound
    below = names.subtree(unit_id)
    facts = _read(scope, below, thing, months)
    children = sorted((pk for pk in below if names.units_above(pk)[-2:-1] == (unit_id,)), key=names.units_above)
    people = {staff.pk: staff.name for staff in managers(scope, today) if staff.unit_id == unit_id}
    told = {
        row[1] for kind in (facts.targets, facts.sold) for rows in kind.values() for row in rows if row[0] == unit_id
    }
    people |= {pk: names.staff_name(pk) for pk in told if pk is not None and pk not in people}
    lines = [_unit_line(pk, facts, months) for pk in children if facts.has(names.subtree(pk))]
    lines += [_person_line(unit_id, pk, name, facts, months) for pk, name in people.items()]
    return Grid(_unit_line(unit_id, facts, months), lines)


def _read(scope: Scope, unit_ids: Sequence[int], thing: Thing, months: Sequence[date]) -> _Facts:
    facts = _Facts()
    about: list[Any] = [list(months), thing.metric, thing.product_id, list(unit_ids)]
    for statement, alias, kept in ((_TARGETS, "q", facts.targets), (_SOLD, "o", facts.sold)):
        where, params = scope.sql_for(unit=f"{alias}.unit_id", manager=f"{alias}.staff_id")
        with connection.cursor() as cursor:
            cursor.execute(statement.format(scope=where), [*about, *params])
            for month, unit_id, staff_id, number in cursor.fetchall():
                kept[month].append((unit_id, staff_id, number))
    return facts


def _unit_line(unit_id: int, facts: _Facts, months: Sequence[date]) -> Line:
    below = set(names.subtree(unit_id))
    path = names.unit_path(unit_id)
    cells = {}
    for month in months:
        rows = [row for row in facts.targets[month] if row[0] in below]
        own = next((row[2] for row in rows if row[0] == unit_id and row[1] is None), None)
        on = given_on(path, [(names.unit_path(unit), staff is not None, target) for unit, staff, target in rows])
        done = sum(row[2] for row in facts.sold[month] if row[0] in below)
        cells[month] = Cell(own, done, Gap(own, on) if own is not None else None)
    return Line(unit_id, None, names.unit_name(unit_id), cells)


def _person_line(unit_id: int, staff_id: int, name: str, facts: _Facts, months: Sequence[date]) -> Line:
    cells = {}
    for month in months:
        target = next((row[2] for row in facts.targets[month] if row[1] == staff_id), None)
        done = sum(row[2] for row in facts.sold[month] if row[1] == staff_id and row[0] == unit_id)
        cells[month] = Cell(target, done)
    return Line(unit_id, staff_id, name, cells)

"""Measures: the rows that an indicator counts, stated once by the app that owns them (KPI-4, KPI-50, design 4).

A measure is one statement. Each of its rows says who is credited and what it adds to numerator and denominator, so the
sum, the pages of the owning app and the list behind a figure are the same rows: they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db import connection
from django.utils import timezone

from crm.core.scope import Scope

COLUMNS = (
    "manager_id",
    "unit_id",
    "day",
    "numerator",
    "denominator",
    "excused",
    "mendable",
    "ref",
    "customer_id",
)
"""What a statement selects, in this order.

`manager_id`: who is credited (decisions 6), null = the unit itself. `unit_id`: the customer's unit, or that of the
person for work without a customer. `day`: when it counts. `excused` 1: left out of both by a supervisor's decision,
`numerator` and `denominator` are 0 then. `mendable` 1: not in the numerator and still can be. `ref`: id of the row
in `Measure.table`; one row per `ref`. `customer_id` or null.
"""


class Nature(StrEnum):
    """How a measure adds up over time: events and duties by day; what stands at the end; one figure per unit."""

    FLOW = "flow"
    STOCK = "stock"
    UNIT = "unit"


@dataclass(frozen=True, slots=True)
class Time:
    """The period that is counted, both days inclusive, and the moment it is counted at."""

    first: date
    last: date
    today: date
    now: datetime

    @property
    def until(self) -> date:
        """The last day that has begun: a running period is counted up to today."""
        return min(self.last, self.today)

    @property
    def is_running(self) -> bool:
        """Whether the period has not ended yet."""
        return self.today <= self.last


def over(first: date, last: date) -> Time:
    """A period looked at from its own end: for figures that no later moment changes."""
    return Time(first, last, last, timezone.make_aware(datetime.combine(last, time.max)))


def _nothing(_time: Time) -> Mapping[str, Any]:
    return {}


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure. `sql` takes %(first)s, %(last)s, %(until)s, %(today)s, %(now)s and what `params(time)` adds.

    `sources` are the tables whose changes make a counted figure stale. A STOCK has all its rows on `until`.
    A UNIT measure has one set of rows per unit of the tree (its subtree), without managers, and is never summed.
    `accrues`: the denominator stands from the first day and the numerator grows with the days (a quota).
    `is_of_today`: its rows cannot be told for a past day; a period that has ended keeps what it ended with.
    """

    name: str
    table: str
    sql: str
    sources: tuple[str, ...]
    nature: Nature = Nature.FLOW
    params: Callable[[Time], Mapping[str, Any]] = field(default=_nothing)
    accrues: bool = False
    is_of_today: bool = False

    def bound(self, time: Time) -> dict[str, Any]:
        """The values of the statement's marks."""
        own = {"first": time.first, "last": time.last, "until": time.until, "today": time.today, "now": time.now}
        return own | dict(self.params(time))


MEASURES: dict[str, Measure] = {}


def register(*measures: Measure) -> None:
    """Make measures known by name; called by an app's `measures.py` when it is ready. Twice is an error."""
    for measure in measures:
        if MEASURES.get(measure.name, measure) != measure:
            raise ValueError(f"measure {measure.name} is registered twice")
        MEASURES[measure.name] = measure


@dataclass(frozen=True, slots=True)
class Share:
    """What the rows of one manager (or unit) come to."""

    numerator: Decimal
    denominator: Decimal
    excused: int
    mendable: int

    @property
    def per_cent(self) -> Decimal | None:
        """KPI-50: value = n / d, one decimal; d = 0 has no value, never 0 or 100."""
        return round(100 * self.numerator / self.denominator, 1) if self.denominator else None


def by_manager(measure: Measure, scope: Scope, time: Time) -> dict[int | None, Share]:
    """The measure by manager, of the rows inside the scope."""
    return _by("manager_id", measure, scope, time)


def by_unit(measure: Measure, scope: Scope, time: Time) -> dict[int | None, Share]:
    """The measure by the unit it was earned in, of the rows inside the scope."""
    return _by("unit_id", measure, scope, time)


def _by(column: str, measure: Measure, scope: Scope, time: Time) -> dict[int | None, Share]:
    where, mine = within(scope)
    rows = _run(
        f"SELECT r.{column}, coalesce(sum(r.numerator), 0), coalesce(sum(r.denominator), 0),"
        f" coalesce(sum(r.excused), 0), coalesce(sum(r.mendable), 0) FROM ({measure.sql}) r WHERE {where} GROUP BY 1",
        measure.bound(time) | mine,
    )
    return {row[0]: Share(Decimal(row[1]), Decimal(row[2]), int(row[3]), int(row[4])) for row in rows}


def refs(measure: Measure, scope: Scope, time: Time, *, managers: Sequence[int] = ()) -> list[tuple[Any, ...]]:
    """The rows themselves, `COLUMNS` wide, in the order of day and ref; of these managers when some are named."""
    where, mine = within(scope)
    if managers:
        where, mine = f"{where} AND r.manager_id = ANY(%(_managers)s)", mine | {"_managers": list(managers)}
    names = ", ".join(f"r.{name}" for name in COLUMNS)
    return _run(
        f"SELECT {names} FROM ({measure.sql}) r WHERE {where} ORDER BY r.day, r.ref", measure.bound(time) | mine
    )


def within(scope: Scope, *, unit: str = "r.unit_id", manager: str = "r.manager_id") -> tuple[str, dict[str, Any]]:
    """The scope over the columns of a measure `r`, or over two other columns, with named marks."""
    where, values = scope.sql_for(unit=unit, manager=manager)
    named: dict[str, Any] = {}
    for place, value in enumerate(values):
        named[f"_scope{place}"] = value
        where = where.replace("%s", f"%(_scope{place})s", 1)
    return where, named


def _run(sql: str, params: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())

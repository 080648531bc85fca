"""Visit figures: proactive share (CON-11), work by class (ORG-8) and category (CON-38), calls (CON-28, F46)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection

from accounts.queries import names
from crm.core import parameters
from crm.core.scope import Scope
from visits.choices import Category, ServiceKind, WorkClass
from visits.queries.catalogue import catalogue
from visits.queries.measures.visits import IS_SHORT


@dataclass(frozen=True, slots=True)
class Slice:
    """One value of a breakdown: how many, and what share of all."""

    value: str
    label: str
    count: int
    per_cent: int


@dataclass(frozen=True, slots=True)
class StaffFigures:
    """The figures of one member of staff."""

    staff_id: int
    name: str
    total: int
    outbound: int
    development: int
    maintenance: int
    sales: int
    overlong: int
    calls: int

    @property
    def proactive(self) -> float | None:
        """CON-11: outbound of all, in per cent with one decimal; 6 of 8 → 75.0."""
        return round(100 * self.outbound / self.total, 1) if self.total else None

    @property
    def within(self) -> int:
        """F46: calls of at most ten minutes; one of unknown length is short."""
        return self.calls - self.overlong

    @property
    def within_per_cent(self) -> float | None:
        """F46 (KPI-53): their share of all calls, one decimal."""
        return round(100 * self.within / self.calls, 1) if self.calls else None


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything on the page, for one period and scope."""

    first: date
    last: date
    total: int
    outbound: int
    overlong: int
    calls: int
    call_minutes: int
    by_class: Sequence[Slice]
    by_category: Sequence[Slice]
    by_service: Sequence[Slice]
    staff: Sequence[StaffFigures] = field(default_factory=list)

    @property
    def within(self) -> int:
        """F46: calls of at most ten minutes."""
        return self.calls - self.overlong

    @property
    def within_per_cent(self) -> float | None:
        """F46: their share of all calls, one decimal."""
        return round(100 * self.within / self.calls, 1) if self.calls else None

    @property
    def inbound(self) -> int:
        """Started by customers."""
        return self.total - self.outbound

    @property
    def proactive(self) -> float | None:
        """CON-11: the proactive share of all."""
        return round(100 * self.outbound / self.total, 1) if self.total else None


_SQL = f"""
SELECT v.staff_id, v.work_class, v.category, v.service_kind, count(*),
    count(*) FILTER (WHERE v.direction = 'outbound'),
    count(*) FILTER (WHERE v.channel_id = %(phone)s AND NOT {IS_SHORT.format(minutes="%(minutes)s")}),
    count(*) FILTER (WHERE v.channel_id = %(phone)s)
FROM visits_visit v JOIN accounts_customer c ON c.id = v.customer_id
WHERE {{scope}} AND v.occurred_on BETWEEN %(first)s AND %(last)s AND v.undone_at IS NULL
    AND (%(staff)s::bigint IS NULL OR v.staff_id = %(staff)s)
GROUP BY 1, 2, 3, 4
"""


def visit_figures(scope: Scope, *, first: date, last: date, staff_id: int | None = None) -> Figures:
    """One grouped statement; each sum adds up to the total of the same visits (ORG-8)."""
    phone = catalogue().channels.get("phone")
    minutes = int(parameters.value("call_minutes", last))
    condition, scope_params = scope.sql("c")
    params = {"first": first, "last": last, "staff": staff_id, "phone": phone.id if phone else 0, "minutes": minutes}
    sql, bound = _positional(_SQL, condition, scope_params, params)
    with connection.cursor() as cursor:
        cursor.execute(sql, bound)
        rows = cursor.fetchall()
    total = sum(row[4] for row in rows)
    return Figures(
        first=first,
        last=last,
        total=total,
        outbound=sum(row[5] for row in rows),
        overlong=sum(row[6] for row in rows),
        calls=sum(row[7] for row in rows),
        call_minutes=minutes,
        by_class=_slices(rows, 1, WorkClass.choices, total),
        by_category=_slices(rows, 2, Category.choices, total),
        by_service=_slices(rows, 3, ServiceKind.choices, total),
        staff=_by_staff(rows),
    )


def proactive_share(scope: Scope, *, first: date, last: date) -> list[StaffFigures]:
    """CON-11: the proactive share of each manager."""
    return list(visit_figures(scope, first=first, last=last).staff)


def _positional(
    sql: str, condition: str, scope_params: list[Any], params: dict[str, Any]
) -> tuple[str, dict[str, Any]]:
    """Put the scope's condition into a statement with named parameters."""
    named = {f"scope{index}": value for index, value in enumerate(scope_params)}
    marks = tuple(f"%(scope{index})s" for index in range(len(scope_params)))
    return sql.replace("{scope}", condition % marks if marks else condition), params | named


def _slices(rows: Sequence[Any], column: int, choices: Sequence[tuple[Any, Any]], total: int) -> list[Slice]:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row[column]] = counts.get(row[column], 0) + row[4]
    known = [(str(value), str(label)) for value, label in choices]
    if "" in counts:
        known.append(("", "—"))
    return [
        Slice(value, label, counts.get(value, 0), round(100 * counts.get(value, 0) / total) if total else 0)
        for value, label in known
    ]


KEYS = ("total", "outbound", "development", "maintenance", "sales", "overlong", "calls")


def _by_staff(rows: Sequence[Any]) -> list[StaffFigures]:
    sums: dict[int, dict[str, int]] = {}
    for staff_id, work_class, __, __, count, outbound, overlong, calls in rows:
        mine = sums.setdefault(staff_id, {})
        counted = {"total": count, "outbound": outbound, "overlong": overlong, "calls": calls, work_class: count}
        for key, number in counted.items():
            mine[key] = mine.get(key, 0) + number
    made = [
        StaffFigures(
            staff_id,
            names.staff_name(staff_id),
            *(mine.get(key, 0) for key in KEYS),
        )
        for staff_id, mine in sums.items()
    ]
    return sorted(made, key=lambda row: (-row.total, row.staff_id))

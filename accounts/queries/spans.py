"""Parts of the base for the large steps of the night: by unit and manager, or by ranges of customers (design 4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from django.db import connection

from crm.core import parameters

# Units lie together: a piece of the night concerns few of them.
_IN_ORDER_OF_UNITS = """
SELECT k.manager_id, k.n FROM unnest(%s::bigint[], %s::bigint[]) AS k(manager_id, n)
LEFT JOIN accounts_staff t ON t.id = k.manager_id LEFT JOIN accounts_unit u ON u.id = t.unit_id
ORDER BY u.path NULLS LAST, k.manager_id NULLS LAST
"""
_PARTS_OF_PORTFOLIO = """
SELECT min(x.customer_id), max(x.customer_id) FROM (
  SELECT customer_id, (row_number() OVER (ORDER BY customer_id) - 1) / %(size)s AS part
  FROM accounts_standing WHERE manager_id IS NOT DISTINCT FROM %(manager)s) x
GROUP BY x.part ORDER BY 1
"""

SPAN = "/* span */ TRUE"
"""Stands in a statement for the part of the base it is about; `Span.where` takes its place."""


@dataclass(frozen=True, slots=True)
class Span:
    """Some managers' customers, those nobody has, a range of customers; a range of a very large portfolio. Or all."""

    managers: tuple[int, ...] = ()
    is_nobody: bool = False
    first: int | None = None
    last: int | None = None

    @classmethod
    def of(cls, stored: Mapping[str, Any] | None) -> Span:
        """From the row of a piece; None is everything."""
        kept = dict(stored or {})
        return cls(**kept | {"managers": tuple(kept.get("managers", ()))})

    @property
    def is_everything(self) -> bool:
        """No part at all."""
        return self == Span()

    @property
    def params(self) -> dict[str, Any]:
        """The values of `where`."""
        return {"span_managers": list(self.managers), "span_first": self.first, "span_last": self.last}

    def where(self, *, manager: str = "", customer: str = "") -> str:
        """The condition on these columns; names of columns are code, values are `params`."""
        parts = []
        if self.managers:
            parts.append(f"{manager} = ANY(%(span_managers)s)")
        elif self.is_nobody:
            parts.append(f"{manager} IS NULL")
        if self.first is not None:
            parts.append(f"{customer} >= %(span_first)s")
        if self.last is not None:
            parts.append(f"{customer} <= %(span_last)s")
        return " AND ".join(parts) or "TRUE"

    def stored(self) -> dict[str, Any]:
        """As a row of a piece keeps it."""
        named = {"managers": list(self.managers), "is_nobody": self.is_nobody, "first": self.first, "last": self.last}
        return {key: value for key, value in named.items() if value not in ([], False, None)}


def piece_size(today: date) -> int:
    """How many customers a piece of the night has."""
    return int(parameters.value("night_piece", today))


def by_manager(counts: Iterable[tuple[int | None, int]], today: date) -> list[dict[str, Any]]:
    """Cut work, counted by manager, into pieces; [] when it is little. Managers stay whole while they fit a piece."""
    work = list(counts)
    size = piece_size(today)
    if sum(count for __, count in work) <= size:
        return []
    found: list[Span] = []
    gathered: list[int] = []
    room = size
    for manager_id, count in _in_order_of_units(work):
        if manager_id is None or count > size:
            found += _parts_of(manager_id, size)
            continue
        if count > room and gathered:
            found.append(Span(managers=tuple(gathered)))
            gathered, room = [], size
        gathered.append(manager_id)
        room -= count
    if gathered:
        found.append(Span(managers=tuple(gathered)))
    return [span.stored() for span in found]


def by_range(ids: tuple[int | None, int | None], today: date) -> list[dict[str, Any]]:
    """Cut all customers, of these first and last ids, into pieces without a gap, the ends open; [] when few."""
    first_id, last_id = ids
    if first_id is None or last_id is None:
        return []
    size = piece_size(today)
    edges: Sequence[int | None] = [None, *range(first_id - 1 + size, last_id, size), None]
    if len(edges) < 3:
        return []
    return [Span(first=None if low is None else low + 1, last=high).stored() for low, high in pairwise(edges)]


def _in_order_of_units(work: Sequence[tuple[int | None, int]]) -> list[tuple[int | None, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_IN_ORDER_OF_UNITS, [[row[0] for row in work], [row[1] for row in work]])
        return list(cursor.fetchall())


def _parts_of(manager_id: int | None, size: int) -> list[Span]:
    """A portfolio, or what nobody has, by ranges of customers."""
    who = Span(is_nobody=True) if manager_id is None else Span(managers=(manager_id,))
    with connection.cursor() as cursor:
        cursor.execute(_PARTS_OF_PORTFOLIO, {"size": size, "manager": manager_id})
        return [Span(who.managers, who.is_nobody, first, last) for first, last in cursor.fetchall()]

"""The visit list (screens 6): one list, filters that stand in the URL, saved views, keyset pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from accounts.queries.customer_list import search_condition
from crm.core.pages import Count, Keyset, capped_count
from crm.core.scope import Scope
from visits.queries.measures.visits import IS_SHORT
from visits.queries.rows import COLUMNS, SOURCE, VisitRow, visit_rows

ORDER = Keyset(order=("-v.occurred_at", "-v.id"), limit=50, types=(datetime, int))


_BOOK = {
    name: f"EXISTS (SELECT FROM visits_checkin k WHERE k.visit_id = v.id AND {wanted})"
    for name, wanted in (
        ("all", "TRUE"),
        ("signed", "k.manager_signed_at IS NOT NULL AND (k.customer_signed_at IS NOT NULL OR NOT k.wants_customer)"),
        ("unsigned", "(k.manager_signed_at IS NULL OR k.wants_customer AND k.customer_signed_at IS NULL)"),
        ("customer", "k.customer_signed_at IS NOT NULL"),
        ("asked", "k.wants_customer"),
    )
}


@dataclass(frozen=True, slots=True)
class VisitFilters:
    """What the list is narrowed to; every number on a page that counts visits is one of these."""

    customer_id: int | None = None
    customer_ids: Sequence[int] | None = None
    staff_id: int | None = None
    manager_id: int | None = None
    unit_ids: Sequence[int] = ()
    channel_id: int | None = None
    outcome_id: int | None = None
    occasion_id: int | None = None
    direction: str = ""
    party: str = ""
    kind: str = ""
    work_class: str = ""
    category: str = ""
    service_kind: str = ""
    mood: str = ""
    first: date | None = None
    last: date | None = None
    is_backdated: bool = False
    is_unremarked: bool = False
    is_over_long: int | None = None
    counts: bool | None = None
    is_on_site: bool = False
    is_reached: bool = False
    # F46: no longer than so many minutes; a length nobody noted is short.
    is_within: int | None = None
    with_undone: bool = False
    search: str = ""
    # CON-34: visits of one person with the very same text.
    same_text: tuple[int, str] | None = None
    # The check-in book: every line of it, signed by all who are asked, or not, or not by the customer (F28).
    book: str = ""

    def sql(self) -> tuple[str, list[Any]]:
        """The condition and its parameters; column names come from here, values are bound."""
        parts: list[str] = []
        params: list[Any] = []
        equal = {
            "v.customer_id": self.customer_id,
            "v.staff_id": self.staff_id,
            "v.manager_id": self.manager_id,
            "v.channel_id": self.channel_id,
            "v.outcome_id": self.outcome_id,
            "v.occasion_id": self.occasion_id,
            "v.direction": self.direction or None,
            "v.party": self.party or None,
            "v.kind": self.kind or None,
            "v.work_class": self.work_class or None,
            "v.category": self.category or None,
            "v.service_kind": self.service_kind or None,
            "v.mood": self.mood or None,
            "v.counts": self.counts,
        }
        for column, wanted in equal.items():
            if wanted is not None:
                parts.append(f"{column} = %s")
                params.append(wanted)
        self._lists_and_dates(parts, params)
        if self.is_backdated:
            parts.append("v.is_backdated")
        if self.is_over_long is not None:
            parts.append(f"NOT {IS_SHORT.format(minutes='%s')}")
            params.append(self.is_over_long)
        if self.is_within is not None:
            parts.append(IS_SHORT.format(minutes="%s"))
            params.append(self.is_within)
        if self.is_on_site:
            parts.append("EXISTS (SELECT FROM visits_channel g WHERE g.id = v.channel_id AND g.is_on_site)")
        if self.is_reached:
            parts.append("EXISTS (SELECT FROM visits_outcome g WHERE g.id = v.outcome_id AND g.is_effective)")
        if self.same_text is not None:
            parts.append("v.staff_id = %s AND v.content = %s")
            params += self.same_text
        if self.book:
            parts.append(_BOOK[self.book])
        if self.is_unremarked:
            parts.append("NOT EXISTS (SELECT 1 FROM visits_remark r WHERE r.visit_id = v.id)")
        if not self.with_undone:
            parts.append("v.undone_at IS NULL")
        return " AND ".join(parts) or "TRUE", params

    def _lists_and_dates(self, parts: list[str], params: list[Any]) -> None:
        for column, ids in (("v.customer_id", self.customer_ids), ("c.unit_id", self.unit_ids or None)):
            if ids is not None:
                parts.append(f"{column} = ANY(%s)")
                params.append(list(ids))
        if self.first is not None:
            parts.append("v.occurred_on >= %s")
            params.append(self.first)
        if self.last is not None:
            parts.append("v.occurred_on <= %s")
            params.append(self.last)


@dataclass(frozen=True, slots=True)
class VisitPage:
    """One page of the list."""

    rows: Sequence[VisitRow]
    next_cursor: str | None


def conditions(scope: Scope, filters: VisitFilters) -> tuple[str, list[Any]]:
    """WHERE text and parameters: the scope, the filters, the customer searched for."""
    condition, params = scope.sql("c")
    wanted, more = filters.sql()
    parts, bound = [condition, wanted], [*params, *more]
    if filters.search:
        found, own = search_condition(filters.search, scope)
        parts.append(found)
        bound += own
    return " AND ".join(parts), bound


def visit_list(scope: Scope, filters: VisitFilters, cursor: str | None = None, *, limit: int = 50) -> VisitPage:
    """Visits of the customers in scope, newest first (screens 6, PLAN-15)."""
    wanted, params = conditions(scope, filters)
    keyset = replace(ORDER, limit=limit)
    after, place = keyset.where(cursor)
    with connection.cursor() as db:
        db.execute(
            f"SELECT {COLUMNS} {SOURCE} WHERE {wanted} AND {after} ORDER BY {keyset.order_sql} LIMIT %s",
            [*params, *place, limit + 1],
        )
        rows = visit_rows(db.fetchall())
    shown, next_cursor = keyset.page(rows, lambda row: (row.occurred_at, row.id))
    return VisitPage(shown, next_cursor)


def visit_count(scope: Scope, filters: VisitFilters, *, cap: int = 10_000) -> Count:
    """How many there are, counted no further than the cap."""
    wanted, params = conditions(scope, filters)
    return capped_count(f"SELECT 1 {SOURCE} WHERE {wanted}", params, cap=cap)


LOG_ROWS = 500


def reception_log(scope: Scope, day: date) -> list[VisitRow]:
    """客户接待日志 (PLAN-15): the inbound contacts of a day in the order of the day."""
    condition, params = scope.sql("c")
    with connection.cursor() as db:
        db.execute(
            f"SELECT {COLUMNS} {SOURCE} WHERE {condition} AND v.direction = 'inbound' AND v.undone_at IS NULL"
            " AND v.occurred_on = %s AND v.occurred_at >= %s AND v.occurred_at < %s"
            " ORDER BY v.occurred_at, v.id LIMIT %s",
            [*params, day, day - timedelta(days=1), day + timedelta(days=2), LOG_ROWS],
        )
        return visit_rows(db.fetchall())


def last_reception_day(scope: Scope, before: date) -> date | None:
    """The last day before with an inbound contact, for the way out of an empty page."""
    condition, params = scope.sql("c")
    with connection.cursor() as db:
        db.execute(
            f"SELECT v.occurred_on {SOURCE} WHERE {condition} AND v.direction = 'inbound' AND v.undone_at IS NULL"
            " AND v.occurred_on < %s ORDER BY v.occurred_at DESC LIMIT 1",
            [*params, before],
        )
        row = db.fetchone()
    return row[0] if row else None

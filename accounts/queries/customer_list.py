"""The customer list: one statement over Standing and Customer for page, API and segments (decisions 22, 35).

Every filter and sort key is a row of a table below; nothing of a request ever becomes SQL text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from accounts.queries import names
from accounts.rules import name_query
from crm.core.db import leave_text
from crm.core.pages import Count, Keyset, capped_count
from crm.core.prepared import run
from crm.core.scope import Scope
from crm.core.text import narrow

Condition = tuple[str, list[Any]]
SEARCH_CAP = 1000
NO_DUE = date(9999, 12, 31)

PAGE_COLUMNS = (
    "c.id, c.number, c.name, c.kind, c.state, c.tier_id, c.phone, c.unit_id, c.manager_id, c.district,"
    " c.is_important, s.last_visit_on, s.next_due_on, s.duty_state, s.is_overdue, s.completeness, s.value,"
    " s.open_complaints"
)
_FROM = "FROM accounts_standing s JOIN accounts_customer c ON c.id = s.customer_id"


NEVER = "1900-01-01"
SORTS: dict[str, tuple[tuple[str, ...], tuple[type, ...]]] = {
    "value": (("-s.value", "-s.customer_id"), (Decimal, int)),
    "due": (("s.next_due_on", "s.customer_id"), (date, int)),
    "last_visit": ((f"COALESCE(s.last_visit_on, DATE '{NEVER}')", "s.customer_id"), (date, int)),
    "name": (("c.pinyin", "s.customer_id"), (str, int)),
    "id": (("s.customer_id",), (int,)),
}
"""Sort key → its columns (the last is unique) and their types in a cursor."""


def _equals(column: str) -> Callable[[Any], Condition]:
    return lambda value: (f"{column} = %s", [value])


def _among(column: str) -> Callable[[Any], Condition]:
    return lambda values: (f"{column} = ANY(%s)", [list(values)])


def _fixed(sql: str) -> Callable[[Any], Condition]:
    return lambda value: (sql if value else f"NOT ({sql})", [])


def _like(sql: str) -> Callable[[Any], Condition]:
    return lambda value: (sql, ["%" + value.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"])


VALUED = "(c.kind IN ('vip', 'group') AND c.state IN ('active', 'suspended'))"
"""CUS-16: whose value is judged, VIPs and groups in service."""
_CLASSED = "EXISTS (SELECT 1 FROM accounts_valueassessment a WHERE a.customer_id = c.id AND a.is_current AND {})"
_PERSON = "EXISTS (SELECT 1 FROM accounts_personprofile p WHERE p.customer_id = c.id AND p.{} LIKE %s)"
FILTERS: dict[str, Callable[[Any], Condition]] = {
    "id": _equals("c.id"),
    "ids": _among("c.id"),
    "external_id": lambda value: (
        "c.id IN (SELECT e.customer_id FROM accounts_externalid e WHERE e.source = %s AND e.external_id = %s)",
        list(value),
    ),
    "kind": _equals("c.kind"),
    "state": _equals("c.state"),
    "tier_ids": _among("c.tier_id"),
    "manager_id": _equals("c.manager_id"),
    "unit_ids": _among("c.unit_id"),
    "duty_state": _equals("s.duty_state"),
    "overdue": _fixed("s.is_overdue"),
    "complaints": _fixed("s.open_complaints > 0"),
    "alerts": _fixed("s.alert_level <> ''"),
    "alert_level": _equals("s.alert_level"),
    "due_by": lambda value: ("s.next_due_on <= %s", [value]),
    "face_to_face_by": lambda value: ("s.face_to_face_due_on <= %s", [value]),
    "not_visited_since": lambda value: ("(s.last_visit_on IS NULL OR s.last_visit_on < %s)", [value]),
    "district": _equals("c.district"),
    "bands": _among("c.market_band"),
    "industry": lambda value: ("c.industry LIKE %s", [value + "%"]),
    "important": _fixed("c.is_important"),
    "ordinary_sim": _fixed("(c.kind = 'vip' AND c.sim_kind <> 'exclusive')"),
    "unassigned": _fixed("(c.manager_id IS NULL AND c.kind <> 'ordinary')"),
    "without_leader": _fixed(
        "(c.kind = 'group' AND NOT EXISTS (SELECT 1 FROM accounts_contactperson l WHERE l.customer_id = c.id"
        " AND l.is_active AND l.role IN ('leader', 'decision_maker')))"
    ),
    "not_updated_since": lambda value: ("COALESCE(c.profile_updated_at, c.created_at) < %s", [value]),
    "unsynced_since": lambda value: (
        "c.id IN (SELECT l.customer_id FROM accounts_learnedfact l WHERE l.learned_at < %s)",
        [value],
    ),
    "incomplete": _fixed("s.completeness < 100"),
    "joined_before": lambda value: ("c.joined_on < %s", [value]),
    "joined_from": lambda value: ("c.joined_on >= %s", [value]),
    "updated_since": lambda value: ("c.updated_at >= %s", [value]),
    "sport": _like(_PERSON.format("sports")),
    "reward": _like(_PERSON.format("reward_preference")),
    "group_id": _equals("c.group_id"),
    "value_class": lambda value: (_CLASSED.format("a.value_class = %s"), [value]),
    # CUS-16: whose value is to be judged on a day, after so many months.
    "value_due": lambda value: (
        f"{VALUED} AND NOT {_CLASSED.format('a.assessed_on + make_interval(months => %s) > %s')}",
        list(value),
    ),
    "is_valued": _fixed(VALUED),
}


def add_filter(name: str, condition: Callable[[Any], Condition]) -> None:
    """A filter that a higher app brings (decisions 22): a value → a condition on customers `c` and standings `s`."""
    FILTERS[name] = condition


def search_condition(text: str, scope: Scope) -> Condition:
    """Customers found by part of a name, initials, number, external id or phone tail (mechanisms F).

    A union of capped branches, each inside the scope, materialised before anything is sorted.
    """
    plain = narrow(text).strip()
    lowered = plain.lower()
    where, scope_params = scope.sql("c")
    head = f"SELECT c.id FROM accounts_customer c WHERE {where} AND "
    limit = f" LIMIT {SEARCH_CAP}"
    branches: list[Condition] = []
    query = name_query(text)
    if query:
        branches.append(("c.name_tokens @@ %s::tsquery", [query]))
    if lowered.isascii() and lowered.isalpha():
        branches.append(("c.initials LIKE %s", [lowered + "%"]))
    digits = "".join(char for char in plain if char.isdigit())
    if plain and plain.replace("-", "").isdigit() and len(digits) >= 4:
        branches.append(("right(c.phone, 4) = %s AND c.phone LIKE %s", [digits[-4:], "%" + digits]))
    if plain:
        branches.append(("c.number = %s", [plain.upper()]))
        branches.append(("c.id IN (SELECT e.customer_id FROM accounts_externalid e WHERE e.external_id = %s)", [plain]))
    parts = [f"({head}{sql}{limit})" for sql, _params in branches]
    params = [value for _sql, own in branches for value in (*scope_params, *own)]
    if not parts:
        return "FALSE", []
    return f"c.id IN (SELECT f.id FROM ({' UNION '.join(parts)}) f)", params


SQL_TYPES: dict[type, str] = {int: "bigint", Decimal: "numeric", date: "date", str: "text"}
_EXTERNAL_IDS = (
    "SELECT customer_id, source, external_id FROM accounts_externalid WHERE customer_id = ANY(%s) AND alias = 0"
)


@dataclass(frozen=True)
class Page:
    """One page of rows, the cursor of the next one ("" at the end), and what may be behind it."""

    rows: list[tuple[Any, ...]]
    next: str


def conditions(scope: Scope, filters: Mapping[str, Any], search: str = "") -> Condition:
    """WHERE text and parameters. Raises KeyError for a filter that is not in the table."""
    parts, params = scope.sql_for(unit="s.unit_id", manager="s.manager_id")
    found = [parts]
    for name, value in filters.items():
        sql, own = FILTERS[name](value)
        found.append(sql)
        params = [*params, *own]
    if search:
        sql, own = search_condition(search, scope)
        found.append(sql)
        params = [*params, *own]
    return " AND ".join(found), params


def customer_page(
    scope: Scope,
    *,
    filters: Mapping[str, Any] | None = None,
    search: str = "",
    sort: str = "value",
    cursor: str = "",
    limit: int = 50,
    columns: str = PAGE_COLUMNS,
    as_text: bool = False,
) -> Page:
    """Rows of `columns` (the first is the id, sort columns are added at the end and taken off again).

    `as_text` leaves dates, moments and amounts as PostgreSQL writes them, and the sort columns where they are, for
    whoever only writes them down again.
    """
    order, types = SORTS[sort]
    keyset = Keyset(order, limit, types)
    where, params = conditions(scope, filters or {}, search)
    after, own = keyset.where(cursor)
    if sort == "id" and cursor:
        # Said of both tables: a merge join would read the other one from its beginning.
        after, own = f"{after} AND c.id > %s", [*own, *own]
    statement = (
        f"SELECT {columns}, {', '.join(keyset.columns)} {_FROM} WHERE {where} AND {after}"
        f" ORDER BY {keyset.order_sql} LIMIT %s"
    )
    with connection.cursor() as db:
        if as_text:
            leave_text(db)
        if scope.everything and not (filters or search):
            # The way of a machine that reads everything: in the order of an index, so one plan serves all pages.
            kinds = [SQL_TYPES[type(value)] for value in own]
            run(db, statement, [*own, limit + 1], [*kinds, "bigint"])
        else:
            db.execute(statement, [*params, *own, limit + 1])
        rows = db.fetchall()
    width = len(order)
    shown, following = keyset.page(rows, lambda row: _place(row[-width:], types))
    return Page(list(shown) if as_text else [row[:-width] for row in shown], following or "")


_FROM_TEXT: dict[type, Callable[[str], Any]] = {date: date.fromisoformat, Decimal: Decimal}


def _place(values: Sequence[Any], types: Sequence[type]) -> list[Any]:
    """The sort values of a row as a cursor keeps them, whether the row was read as text or not."""
    return [
        _FROM_TEXT[kind](value) if isinstance(value, str) and kind in _FROM_TEXT else value
        for value, kind in zip(values, types, strict=True)
    ]


def count_customers(scope: Scope, *, filters: Mapping[str, Any] | None = None, search: str = "") -> Count:
    """How many there are, counted no further than 10,000."""
    where, params = conditions(scope, filters or {}, search)
    return capped_count(f"SELECT 1 {_FROM} WHERE {where}", params)


def matching_ids(
    scope: Scope, *, filters: Mapping[str, Any] | None = None, search: str = "", most: int = 10_000
) -> list[int]:
    """Ids of every customer the list would show, at most `most`: for bulk deeds on "all of these"."""
    where, params = conditions(scope, filters or {}, search)
    with connection.cursor() as db:
        db.execute(f"SELECT c.id {_FROM} WHERE {where} ORDER BY c.id LIMIT %s", [*params, most])
        return [row[0] for row in db.fetchall()]


def external_ids_of(customer_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """External ids by customer and source, of customers that are already visible."""
    found: dict[int, dict[str, str]] = {}
    with connection.cursor() as db:
        # One text instead of a thousand numbers for the driver to write down one by one.
        run(db, _EXTERNAL_IDS, ["{" + ",".join(map(str, customer_ids)) + "}"], ("bigint[]",))
        for customer_id, source, external_id in db.fetchall():
            found.setdefault(customer_id, {})[source] = external_id
    return found


def tier_ids(codes: Sequence[str]) -> list[int]:
    """Ids of the tiers with these codes, whatever their kind."""
    return [view.id for view in names.tiers() if view.code in codes]

"""The board: cases by state and by the time left, in one statement each however many there are (CMP-2).

Every filter is a row of a table below; nothing of a request ever becomes SQL text.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from accounts.queries.customer_list import search_condition
from complaints.choices import CaseState
from complaints.queries.measures import CREDITED, HAS_TIME, SOLUTION_DUE, SOLVED_IN_TIME
from complaints.rules.board import BUCKETS
from complaints.rules.cases import OPEN, PAUSED
from crm.core.pages import COUNT_CAP, BadCursor, Count, decode_cursor, encode_cursor
from crm.core.scope import Scope
from crm.core.text import narrow

Condition = tuple[str, list[Any]]
PAGE = 50
IN_COLUMN = 20
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "received": (CaseState.RECEIVED.value,),
    "handling": (CaseState.HANDLING.value,),
    "waiting": PAUSED,
    "replied": (CaseState.REPLIED.value,),
}
"""The columns of the board and the states they hold."""


class CaseRow(NamedTuple):
    """A case as board and list show it."""

    id: int
    number: str
    kind: str
    state: str
    level: str
    round: int
    customer_id: int
    customer: str
    tier_id: int | None
    unit_id: int
    manager_id: int | None
    owner_id: int | None
    category: str
    facts: str
    received_at: datetime
    next_due_at: datetime | None
    is_breached: bool
    closed_at: datetime | None
    judgement: str
    version: int
    clock: str | None
    warn_at: datetime | None


_ROW = """
k.id, k.number, k.kind, k.state, k.level, k.round, c.id, c.name, c.tier_id, c.unit_id, c.manager_id, k.owner_id,
coalesce(g.{label}, ''), left(k.facts, 160), k.received_at, k.next_due_at, k.is_breached, k.closed_at, k.judgement,
k.version, q.kind, q.warn_at
"""
_FROM = "FROM complaints_case k JOIN accounts_customer c ON c.id = k.customer_id"
# Of a case that waits, the clock that runs out first.
_NEXT = """
LEFT JOIN complaints_category g ON g.id = k.category_id
LEFT JOIN LATERAL (SELECT r.kind, r.warn_at FROM complaints_caseclock r
  WHERE r.case_id = k.id AND r.state = 'running' ORDER BY r.due_at LIMIT 1) q ON true
"""
_RUNNING = "SELECT 1 FROM complaints_caseclock r WHERE r.case_id = k.id AND r.state = 'running'"
# F25: the rows of its measure that are due by now.
_SOLUTION = f"""SELECT 1 FROM complaints_caseclock w WHERE w.case_id = k.id AND {SOLUTION_DUE}
  AND w.due_at >= %s AND w.due_at < %s AND NOT {HAS_TIME.format(now="%s")}"""
_SENT = """SELECT 1 FROM accounts_dispatch d WHERE d.origin_table = 'complaints_case' AND d.origin_id = k.id
  AND d.state <> 'withdrawn' AND d.sent_at >= %s AND d.sent_at < %s AND d.to_unit_id = %s"""
HOW_SOLVED = {"": "", "in_time": f" AND {SOLVED_IN_TIME}", "late": f" AND NOT {SOLVED_IN_TIME}"}
HOW_ANSWERED = {"": "", "yes": " AND d.replied_at IS NOT NULL", "no": " AND d.replied_at IS NULL",
                "late": " AND d.replied_at > d.reply_due_at"}  # fmt: skip


def _equals(column: str) -> Callable[[Any], Condition]:
    return lambda value: (f"{column} IS NULL", []) if value is None else (f"{column} = %s", [value])


def _among(column: str) -> Callable[[Any], Condition]:
    return lambda values: (f"{column} = ANY(%s)", [list(values)])


def _after(column: str) -> Callable[[Any], Condition]:
    """Minutes from the receipt to a moment, by the classes of the analysis; "none": it has not come yet."""

    def read(code: str) -> Condition:
        if code == "none":
            return f"{column} IS NULL", []
        low, high = BUCKETS[code]
        parts, params = [f"{column} >= k.received_at + make_interval(mins => %s)"], [low]
        if high is not None:
            parts.append(f"{column} < k.received_at + make_interval(mins => %s)")
            params.append(high)
        return " AND ".join(parts), params

    return read


def _solved(value: tuple[str, datetime, datetime, datetime]) -> Condition:
    """F25: cases whose solution was due between two moments: all of them, or those told in time or not."""
    how, *moments = value
    return f"EXISTS ({_SOLUTION}{HOW_SOLVED[how]})", moments


def _sent(value: tuple[str, datetime, datetime, int]) -> Condition:
    """SKL-16: cases sent to a unit between two moments: all, or those it answered, has not, or answered too late."""
    how, first, end, unit_id = value
    return f"EXISTS ({_SENT}{HOW_ANSWERED[how]})", [first, end, unit_id]


FILTERS: Mapping[str, Callable[[Any], Condition]] = {
    "kinds": _among("k.kind"),
    "states": _among("k.state"),
    "level": _equals("k.level"),
    "owner_id": _equals("k.owner_id"),
    "manager_id": _equals("k.manager_id"),
    "credited_id": _equals(CREDITED),
    "unit_ids": _among("k.unit_id"),
    "category_id": _equals("k.category_id"),
    "product_id": _equals("k.product_id"),
    "customer_id": _equals("k.customer_id"),
    "judgement": _equals("k.judgement"),
    "cause": _equals("k.cause"),
    "since": lambda value: ("k.received_at >= %s", [value]),
    "before": lambda value: ("k.received_at < %s", [value]),
    "late": lambda now: ("k.next_due_at <= %s", [now]),
    "soon": lambda now: (f"EXISTS ({_RUNNING} AND r.warn_at <= %s AND r.due_at > %s)", [now, now]),
    "breached": lambda value: ("k.is_breached", []),
    "caused": lambda value: ("k.caused_by_id IS NOT NULL", []),
    "scored": lambda least: ("k.satisfaction >= %s", [least]),
    "reply": _after("k.first_reply_at"),
    "action": _after("k.first_action_at"),
    "closed": lambda value: ("k.closed_at >= %s AND k.closed_at < %s", list(value)),
    "solved": _solved,
    "sent": _sent,
}


def search_case(text: str, scope: Scope) -> Condition:
    """By the number of the case or its last digits, else by the customer: name, initials, number, phone tail."""
    plain = narrow(text).strip().upper()
    sql, params = search_condition(text, scope)
    if plain.startswith("TS"):
        return "k.number LIKE %s", [plain.replace("%", "").replace("_", "") + "%"]
    if plain.isascii() and plain.isdigit():
        return f"(k.number LIKE %s OR {sql})", ["%-" + plain, *params]
    return sql, params


def conditions(scope: Scope, filters: Mapping[str, Any], search: str = "") -> Condition:
    """WHERE text over `k` and `c` with its parameters. Raises KeyError for a filter that is not in the table."""
    text, params = scope.sql("c")
    parts, params = [text], list(params)
    for name, value in filters.items():
        sql, own = FILTERS[name](value)
        parts.append(sql)
        params += own
    if search:
        sql, own = search_case(search, scope)
        parts.append(sql)
        params += own
    return " AND ".join(parts), params


@dataclass(frozen=True)
class CasePage:
    """One page of the list and the cursor of the next."""

    rows: Sequence[CaseRow]
    next: str


def case_page(
    scope: Scope,
    filters: Mapping[str, Any],
    *,
    search: str = "",
    newest: bool = False,
    cursor: str = "",
    limit: int = PAGE,
    english: bool = False,
) -> CasePage:
    """The cases of the list: what runs out first, or (`newest`) what came in last."""
    where, params = conditions(scope, filters, search)
    after, own = _place(cursor, newest)
    order = "k.received_at DESC, k.id DESC" if newest else "k.next_due_at, k.id"
    sql = f"SELECT {_row(english)} {_FROM} {_NEXT} WHERE {where} AND {after} ORDER BY {order} LIMIT %s"
    with connection.cursor() as db:
        db.execute(sql, [*params, *own, limit + 1])
        rows = [CaseRow(*row) for row in db.fetchall()]
    if len(rows) <= limit:
        return CasePage(rows, "")
    last = rows[limit - 1]
    return CasePage(rows[:limit], encode_cursor([last.received_at if newest else last.next_due_at, last.id]))


def _row(english: bool) -> str:
    return _ROW.format(label="label_en" if english else "label_zh")


def _place(cursor: str, newest: bool) -> Condition:
    """After the cursor; cases without a deadline stand at the end."""
    if not cursor:
        return "TRUE", []
    moment, case_id = decode_cursor(cursor, 2)
    if not isinstance(case_id, int) or not (isinstance(moment, datetime) or (moment is None and not newest)):
        raise BadCursor(_("This page address is damaged. Please start again from the list."))
    if newest:
        return "(k.received_at, k.id) < (%s, %s)", [moment, case_id]
    if moment is None:
        return "k.next_due_at IS NULL AND k.id > %s", [case_id]
    return "((k.next_due_at, k.id) > (%s, %s) OR k.next_due_at IS NULL)", [moment, case_id]


@dataclass(frozen=True)
class Column:
    """One column of the board: its nearest cases, how many there are, how many of them are late."""

    code: str
    rows: Sequence[CaseRow] = ()
    count: Count = field(default_factory=lambda: Count(0))
    late: int = 0


def board(
    scope: Scope, filters: Mapping[str, Any], *, now: datetime, search: str = "", english: bool = False
) -> list[Column]:
    """Every column, each with its cases that run out first; two statements."""
    where, params = conditions(scope, filters, search)
    part = (
        f"(SELECT %s AS place, {_row(english)} {_FROM} {_NEXT} WHERE {where} AND k.state = ANY(%s)"
        " ORDER BY k.next_due_at, k.id LIMIT %s)"
    )
    found: dict[str, list[CaseRow]] = {code: [] for code in COLUMNS}
    asked: list[Any] = []
    for code, states in COLUMNS.items():
        asked += [code, *params, list(states), IN_COLUMN]
    with connection.cursor() as db:
        db.execute(" UNION ALL ".join([part] * len(COLUMNS)), asked)
        for place, *row in db.fetchall():
            found[place].append(CaseRow(*row))
    counts = _column_counts(where, params, now)
    return [
        Column(code, sorted(rows, key=by_time), *counts[code]) for code, rows in found.items()
    ]  # fmt: skip


def by_time(row: CaseRow) -> tuple[bool, float, int]:
    """What runs out first, first; what has no deadline, last."""
    return row.next_due_at is None, row.next_due_at.timestamp() if row.next_due_at else 0, row.id


def _column_counts(where: str, params: Sequence[Any], now: datetime) -> dict[str, tuple[Count, int]]:
    part = (
        "SELECT %s, count(*), count(*) FILTER (WHERE x.next_due_at <= %s) FROM"
        f" (SELECT k.next_due_at {_FROM} WHERE {where} AND k.state = ANY(%s) ORDER BY k.next_due_at, k.id LIMIT %s) x"
    )
    asked: list[Any] = []
    for code, states in COLUMNS.items():
        asked += [code, now, *params, list(states), COUNT_CAP + 1]
    with connection.cursor() as db:
        db.execute(" UNION ALL ".join([part] * len(COLUMNS)), asked)
        return {code: (Count(min(number, COUNT_CAP), number > COUNT_CAP), late) for code, number, late in db.fetchall()}


@dataclass(frozen=True)
class Waiting:
    """What waits in a scope: the numbers of the quick filters, counted no further than 10,000 open cases."""

    open: Count
    late: int
    soon: int
    mine: int


def waiting(scope: Scope, *, staff_id: int | None, now: datetime) -> Waiting:
    """How many are open, late, about to be late, and mine."""
    where, params = scope.sql("c")
    sql = (
        "SELECT count(*), count(*) FILTER (WHERE x.next_due_at <= %s),"
        " count(*) FILTER (WHERE x.is_soon), count(*) FILTER (WHERE x.owner_id = %s) FROM"
        f" (SELECT k.next_due_at, k.owner_id, EXISTS ({_RUNNING} AND r.warn_at <= %s AND r.due_at > %s) AS is_soon"
        f" {_FROM} WHERE {where} AND k.state = ANY(%s) ORDER BY k.next_due_at, k.id LIMIT %s) x"
    )
    with connection.cursor() as db:
        db.execute(sql, [now, staff_id, now, now, *params, list(OPEN), COUNT_CAP + 1])
        number, late, soon, mine = db.fetchone()
    return Waiting(Count(min(number, COUNT_CAP), number > COUNT_CAP), late, soon, mine)


_PER_MANAGER = """
SELECT k.manager_id, count(*), count(*) FILTER (WHERE k.next_due_at <= %s)
FROM complaints_case k JOIN accounts_customer c ON c.id = k.customer_id
WHERE k.manager_id = ANY(%s) AND k.state = ANY(%s) AND {scope} GROUP BY 1
"""


def open_per_manager(scope: Scope, staff_ids: Sequence[int], now: datetime) -> dict[int, tuple[int, int]]:
    """Manager → open cases of his customers and how many of them are late (screens: Team)."""
    where, params = scope.sql("c")
    with connection.cursor() as db:
        db.execute(_PER_MANAGER.format(scope=where), [now, list(staff_ids), list(OPEN), *params])
        return {staff_id: (number, late) for staff_id, number, late in db.fetchall()}

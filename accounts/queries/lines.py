"""Lines, events and signals: as REST clients read them, and on a customer's page (RET-9; sync-api)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from accounts.choices import LifecycleKind, LineState, SignalKind
from accounts.queries.destinations import destination_labels
from accounts.rules import add_months
from crm.core.pages import Keyset
from crm.core.scope import Scope
from crm.core.text import mask_phone

Record = dict[str, Any]
LIMIT = 50
MONTHS = 12

_LINES = """
SELECT l.id, l.source, l.external_id, l.number, l.customer_id, c.number AS customer_number, m.msisdn AS member,
  l.state, l.opened_on, l.closed_on, l.source_updated_at, l.updated_at, l.version
FROM accounts_line l JOIN accounts_customer c ON c.id = l.customer_id
LEFT JOIN accounts_groupmember m ON m.id = l.member_id
WHERE {where} ORDER BY l.id LIMIT %s
"""
_MEMBERS = """
SELECT m.id, m.msisdn, m.name, m.state, m.customer_id, c.number AS customer_number
FROM accounts_groupmember m JOIN accounts_customer c ON c.id = m.customer_id
WHERE {where} ORDER BY m.id LIMIT %s
"""
MEMBER_FILTERS = {
    "ids": "m.id = ANY(%s)",
    "customer": "m.customer_id = %s",
    "msisdn": "m.msisdn = %s",
    "state": "m.state = %s",
}
LINE_FILTERS = {
    "ids": "l.id = ANY(%s)",
    "customer": "l.customer_id = %s",
    "number": "l.number = %s",
    "state": "l.state = %s",
    "source": "l.source = %s",
    "external_id": "l.external_id = %s",
    "closed_from": "l.closed_on >= %s",
    "closed_to": "l.closed_on <= %s",
    "updated_since": "l.updated_at >= %s",
}
_EVENTS = """
SELECT e.id, e.source, e.external_id, e.customer_id, c.number AS customer_number, e.line_id AS line,
  e.kind, e.happened_on, e.destination, e.reverses_id AS reverses,
  EXISTS (SELECT 1 FROM accounts_lifecycleevent r WHERE r.reverses_id = e.id) AS is_reversed, e.received_at
FROM accounts_lifecycleevent e JOIN accounts_customer c ON c.id = e.customer_id
WHERE {where} ORDER BY e.id LIMIT %s
"""
EVENT_FILTERS = {
    "ids": "e.id = ANY(%s)",
    "id": "e.id = %s",
    "customer": "e.customer_id = %s",
    "line": "e.line_id = %s",
    "kind": "e.kind = %s",
    "source": "e.source = %s",
    "external_id": "e.external_id = %s",
    "happened_from": "e.happened_on >= %s",
    "happened_to": "e.happened_on <= %s",
}
_SIGNALS = """
SELECT s.id, s.source, s.external_id, s.customer_id, c.number AS customer_number, s.line_id AS line, s.kind,
  s.happened_at, s.text, s.quantity, s.received_at, s.handled_at
FROM accounts_signal s JOIN accounts_customer c ON c.id = s.customer_id
WHERE {where} ORDER BY s.id LIMIT %s
"""
SIGNAL_FILTERS = {
    "ids": "s.id = ANY(%s)",
    "id": "s.id = %s",
    "customer": "s.customer_id = %s",
    "kind": "s.kind = %s",
    "source": "s.source = %s",
    "external_id": "s.external_id = %s",
    "happened_from": "s.happened_at >= %s::date::timestamp AT TIME ZONE 'Asia/Shanghai'",
    "happened_to": "s.happened_at < (%s::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai'",
}


def masked(number: str | None) -> str:
    """A phone number with its middle hidden; the code of a leased line is nobody's."""
    return number if number and any(sign.isalpha() for sign in number) else mask_phone(number)


def _records(
    sql: str, known: Mapping[str, str], scope: Scope, filters: Mapping[str, Any], place: tuple[str, str, int]
) -> tuple[list[Record], str | None]:
    column, cursor, limit = place
    keyset = Keyset((column,), limit, (int,))
    where, params = scope.sql("c")
    parts = [where, *(known[name] for name in filters)]
    after, passed = keyset.where(cursor)
    with connection.cursor() as db:
        db.execute(sql.format(where=" AND ".join([*parts, after])), [*params, *filters.values(), *passed, limit + 1])
        names = [column.name for column in db.description]
        rows, following = keyset.page(db.fetchall(), lambda row: row[:1])
    return [dict(zip(names, row, strict=True)) for row in rows], following


def _named(records: list[Record]) -> list[Record]:
    """`customer` is our id, as everywhere."""
    for record in records:
        record["customer"] = record.pop("customer_id")
    return records


def line_records(
    scope: Scope, *, filters: Mapping[str, Any], cursor: str = "", limit: int = 100, is_masked: bool = False
) -> tuple[list[Record], str | None]:
    """(lines by id, cursor of the next page); numbers masked for who is not to have them."""
    records, following = _records(_LINES, LINE_FILTERS, scope, filters, ("l.id", cursor, limit))
    if is_masked:
        for record in records:
            record["number"], record["member"] = masked(record["number"]), mask_phone(record["member"]) or None
    return _named(records), following


def member_records(
    scope: Scope, *, filters: Mapping[str, Any], cursor: str = "", limit: int = 100, is_masked: bool = False
) -> tuple[list[Record], str | None]:
    """(members of groups by id, cursor of the next page); numbers masked for who is not to have them (CUS-28)."""
    records, following = _records(_MEMBERS, MEMBER_FILTERS, scope, filters, ("m.id", cursor, limit))
    if is_masked:
        for record in records:
            record["msisdn"] = mask_phone(record["msisdn"])
    return _named(records), following


def event_records(
    scope: Scope, *, filters: Mapping[str, Any], cursor: str = "", limit: int = 100
) -> tuple[list[Record], str | None]:
    """(lifecycle events by id, cursor of the next page)."""
    records, following = _records(_EVENTS, EVENT_FILTERS, scope, filters, ("e.id", cursor, limit))
    return _named(records), following


def signal_records(
    scope: Scope, *, filters: Mapping[str, Any], cursor: str = "", limit: int = 100
) -> tuple[list[Record], str | None]:
    """(signals by id, cursor of the next page)."""
    records, following = _records(_SIGNALS, SIGNAL_FILTERS, scope, filters, ("s.id", cursor, limit))
    return _named(records), following


# --- On a customer's page; he is in sight already


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line; its number is masked."""

    id: int
    number: str
    member: str
    state: str
    opened_on: date
    closed_on: date | None

    @property
    def state_label(self) -> str:
        """Its state in words."""
        return str(LineState(self.state).label)


def lines_of(customer_id: int, *, state: str = "", after: int = 0, limit: int = LIMIT) -> list[LineRow]:
    """Lines of a customer; at most one more than are shown."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.id, l.number, coalesce(m.name, ''), l.state, l.opened_on, l.closed_on FROM accounts_line l"
            " LEFT JOIN accounts_groupmember m ON m.id = l.member_id"
            " WHERE l.customer_id = %s AND l.id > %s AND (%s = '' OR l.state = %s) ORDER BY l.id LIMIT %s",
            [customer_id, after, state, state, limit + 1],
        )
        return [LineRow(row[0], masked(row[1]), *row[2:]) for row in cursor.fetchall()]


def line_counts(customer_id: int) -> dict[str, int]:
    """So many lines in each state."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT state, count(*) FROM accounts_line WHERE customer_id = %s GROUP BY 1", [customer_id])
        return dict(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class Happening:
    """An event or a signal on a customer's page, newest first."""

    is_signal: bool
    id: int
    kind: str
    at: Any
    text: str
    number: str
    quantity: int | None
    source: str
    by: str
    is_reversal: bool
    is_reversed: bool
    is_handled: bool

    @property
    def label(self) -> str:
        """What happened, in words."""
        return str(SignalKind(self.kind).label if self.is_signal else LifecycleKind(self.kind).label)


_HAPPENINGS = """
SELECT * FROM (
  (SELECT FALSE AS is_signal, e.id, e.kind, e.happened_on::timestamp AT TIME ZONE 'Asia/Shanghai' AS at,
     e.destination AS text, l.number, NULL::int AS quantity, e.source, coalesce(u.name, ''),
     e.reverses_id IS NOT NULL, EXISTS (SELECT 1 FROM accounts_lifecycleevent r WHERE r.reverses_id = e.id), FALSE
   FROM accounts_lifecycleevent e LEFT JOIN accounts_line l ON l.id = e.line_id LEFT JOIN core_user u ON u.id = e.by_id
   WHERE e.customer_id = %(customer)s ORDER BY e.happened_on DESC, e.id DESC LIMIT %(limit)s)
  UNION ALL
  (SELECT TRUE, s.id, s.kind, s.happened_at, s.text, l.number, s.quantity, s.source, coalesce(u.name, ''), FALSE, FALSE,
     s.handled_at IS NOT NULL
   FROM accounts_signal s LEFT JOIN accounts_line l ON l.id = s.line_id LEFT JOIN core_user u ON u.id = s.by_id
   WHERE s.customer_id = %(customer)s ORDER BY s.happened_at DESC, s.id DESC LIMIT %(limit)s)
) found ORDER BY at DESC, is_signal DESC, id DESC LIMIT %(limit)s
"""


def happenings_of(customer_id: int, limit: int = LIMIT) -> list[Happening]:
    """The latest events and signals of a customer in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(_HAPPENINGS, {"customer": customer_id, "limit": limit})
        rows = [list(row) for row in cursor.fetchall()]
    went = destination_labels({row[4] for row in rows if not row[0]})
    for row in rows:
        row[4], row[5] = row[4] if row[0] else went.get(row[4], row[4]), masked(row[5])
    return [Happening(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Net:
    """A month of a group: members' lines and its own, in and out; of those that left, how many were ported."""

    month: date
    members_in: int = 0
    members_out: int = 0
    lines_in: int = 0
    lines_out: int = 0
    ported: int = 0

    @property
    def is_moved(self) -> bool:
        """Whether anybody came or went."""
        return bool(self.members_in or self.members_out or self.lines_in or self.lines_out)

    @property
    def members(self) -> int:
        """Net movement of members."""
        return self.members_in - self.members_out

    @property
    def lines(self) -> int:
        """Net movement of the group's own lines."""
        return self.lines_in - self.lines_out


_NET = """
SELECT date_trunc('month', d.day)::date AS month,
  count(*) FILTER (WHERE d.is_in AND l.member_id IS NOT NULL),
  count(*) FILTER (WHERE NOT d.is_in AND l.member_id IS NOT NULL),
  count(*) FILTER (WHERE d.is_in AND l.member_id IS NULL), count(*) FILTER (WHERE NOT d.is_in AND l.member_id IS NULL),
  count(*) FILTER (WHERE NOT d.is_in AND EXISTS (SELECT 1 FROM accounts_lifecycleevent e
    WHERE e.line_id = l.id AND e.kind = 'ported_out' AND e.reverses_id IS NULL
      AND NOT EXISTS (SELECT 1 FROM accounts_lifecycleevent r WHERE r.reverses_id = e.id)))
FROM accounts_line l CROSS JOIN LATERAL (VALUES (TRUE, l.opened_on), (FALSE, l.closed_on)) AS d(is_in, day)
WHERE l.customer_id = %s AND d.day BETWEEN %s AND %s GROUP BY 1
"""


def net_movement(customer_id: int, today: date, months: int = MONTHS) -> Sequence[Net]:
    """RET-9: members and lines of a group that came and left, month by month, the latest first."""
    this = today.replace(day=1)
    first = add_months(this, 1 - months)
    with connection.cursor() as cursor:
        cursor.execute(_NET, [customer_id, first, today])
        found = {row[0]: Net(*row) for row in cursor.fetchall()}
    every = [add_months(this, -place) for place in range(months)]
    return [found.get(month) or Net(month) for month in every]

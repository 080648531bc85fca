"""The change log in the order of a round (decisions 25): pages of it, and what it says about customers who moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import orjson
from django.db import connection

from crm.core.db import leave_text
from crm.core.feed.cursor import Cursor
from crm.core.prepared import run
from crm.core.scope import Scope

CUSTOMERS, UNITS = "accounts_customer", "accounts_unit"
SCANNED = 100_000
"""At most so many rows of the log are looked through for a page: one that finds nothing among them says "more"."""
NOBODY = -1

_RANGE = """
(c.xid, c.seq) > (%s, %s) AND c.xid < pg_snapshot_xmax(%s) AND NOT pg_visible_in_snapshot(c.xid, %s)
AND pg_visible_in_snapshot(c.xid, %s)
"""
_RANGE_TYPES = ("xid8", "bigint", "pg_snapshot", "pg_snapshot", "pg_snapshot")
_MOVED = """c.tbl = 'accounts_customer' AND c.op = 'U'
AND (c.unit_before IS DISTINCT FROM c.unit_after OR c.before ? 'manager_id')"""
# The alias is no column's name: ordered by the text of the xid, the page would be another one.
_COLUMNS = """c.xid::text AS x, c.seq, c.tbl, c.row_id, c.op::text AS o, c.at, c.actor, c.unit_before, c.unit_after,
CASE WHEN c.op = 'D' OR (c.op = 'U' AND {told}) THEN c.before::text END AS b,
CASE WHEN c.op = 'U' THEN c.after::text END AS a"""
_PAGE = f"""
SELECT {_COLUMNS.format(told="(%s OR c.tbl = ANY(%s))")}
FROM (SELECT * FROM core_change c WHERE {_RANGE} ORDER BY c.xid, c.seq LIMIT {SCANNED}) c
WHERE (c.tbl = ANY(%s) AND c.actor IS DISTINCT FROM %s)
   OR (%s AND (({_MOVED}) OR (c.tbl = 'accounts_unit' AND c.op = 'U' AND c.after ? 'parent_id')))
ORDER BY c.xid, c.seq LIMIT %s
"""
_FARTHEST = f"""
SELECT c.xid::text AS x, c.seq FROM core_change c WHERE {_RANGE} ORDER BY c.xid, c.seq OFFSET {SCANNED - 1} LIMIT 1
"""
_MOVES = f"""
SELECT {_COLUMNS.format(told="TRUE")} FROM core_change c WHERE {_RANGE} AND (c.xid, c.seq) <= (%s, %s) AND {_MOVED}
"""
_OTHERS = f"""
SELECT {_COLUMNS.format(told="FALSE")} FROM core_change c
WHERE {_RANGE} AND (c.xid, c.seq) <= (%s, %s) AND c.tbl = ANY(%s) AND c.op = 'U'
"""
_LEFT = """
SELECT DISTINCT c.row_id FROM core_change c
WHERE c.tbl = 'accounts_customer' AND c.row_id = ANY(%s) AND c.op IN ('U', 'D')
  AND NOT pg_visible_in_snapshot(c.xid, %s::pg_snapshot)
  AND (c.unit_before = ANY(%s) OR (c.before ->> 'manager_id')::bigint = ANY(%s))
"""


class Change(NamedTuple):
    """A row of the log; of an inserted one the values are not read: today's row has them."""

    xid: int
    seq: int
    table: str
    row_id: int
    op: str
    at: str
    actor: int | None
    unit_before: int | None
    unit_after: int | None
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    def was(self, column: str) -> int | None:
        """An id that a column held before, if this change says so."""
        return _number(self.before.get(column))

    def became(self, column: str) -> int | None:
        """An id that a column holds after it, if this change says so."""
        return _number(self.after.get(column))


def _number(value: Any) -> int | None:
    return int(value) if value not in (None, "") else None


NOTHING: Mapping[str, Any] = {}


def _change(row: Sequence[Any]) -> Change:
    xid, seq, table, row_id, op, at, actor, unit_before, unit_after, before, after = row
    return Change(
        int(xid), seq, table, row_id, op, at, actor, unit_before, unit_after,
        orjson.loads(before) if before else NOTHING, orjson.loads(after) if after else NOTHING,
    )  # fmt: skip


def _range(place: Cursor) -> list[Any]:
    return [str(place.xid), place.seq, place.until, place.before, place.until]


def page(
    place: Cursor, tables: Sequence[str], parts: Sequence[str], limit: int, *, skip_actor: int | None, is_limited: bool
) -> list[Change]:
    """The next rows of these tables in the round; for a limited reader also moves of customers and units.

    What a row held before is read where it matters: of `parts`, which name another record, and for a limited reader.
    """
    told = [is_limited, "{" + ",".join(parts) + "}"]
    params = [*told, *_range(place), "{" + ",".join(tables) + "}", skip_actor or NOBODY, is_limited, limit]
    with connection.cursor() as db:
        leave_text(db)
        run(db, _PAGE, params, ("boolean", "text[]", *_RANGE_TYPES, "text[]", "bigint", "boolean", "bigint"))
        return [_change(row) for row in db.fetchall()]


def farthest(place: Cursor) -> tuple[int, int] | None:
    """How far a page without enough rows has looked, when the round goes on behind that."""
    with connection.cursor() as db:
        run(db, _FARTHEST, _range(place), _RANGE_TYPES)
        row = db.fetchone()
    return (int(row[0]), row[1]) if row else None


def moves(place: Cursor) -> list[Change]:
    """The customers' moves inside the page whose followers are being told."""
    return _behind(_MOVES, place, [], ())


def others(place: Cursor, tables: Sequence[str]) -> list[Change]:
    """The changes of these tables inside the page whose followers are being told."""
    return _behind(_OTHERS, place, ["{" + ",".join(tables) + "}"], ("text[]",))


def _behind(statement: str, place: Cursor, more: Sequence[Any], types: Sequence[str]) -> list[Change]:
    begin = Cursor(
        place.epoch, place.sight, place.before, place.before_at, place.until, place.until_at, place.from_xid,
        place.from_seq,
    )  # fmt: skip
    with connection.cursor() as db:
        leave_text(db)
        run(
            db, statement, [*_range(begin), str(place.xid), place.seq, *more], (*_RANGE_TYPES, "xid8", "bigint", *types)
        )
        return [_change(row) for row in db.fetchall()]


def left(customer_ids: Sequence[int], scope: Scope, since: str) -> set[int]:
    """Those customers that were in sight when the round before ended and moved out of it, or were deleted, since."""
    with connection.cursor() as db:
        db.execute(_LEFT, [list(customer_ids), since, list(scope.unit_ids), list(scope.manager_ids)])
        return {row[0] for row in db.fetchall()}


def crosses(change: Change, scope: Scope) -> bool:
    """Whether a customer's move takes him into the scope or out of it, as far as this one change can tell."""
    units = scope.allows(unit_id=change.unit_before) != scope.allows(unit_id=change.unit_after)
    if not scope.manager_ids or "manager_id" not in change.before:
        return units
    managers = scope.manager_ids
    return units or (change.was("manager_id") in managers) != (change.became("manager_id") in managers)


def tears(change: Change, scope: Scope) -> bool:
    """Whether a unit's move takes a subtree into the scope or out of it."""
    return (change.was("parent_id") in scope.unit_ids) != (change.became("parent_id") in scope.unit_ids)

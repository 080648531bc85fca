"""The history of rows that belong to another row, those deleted since included (SEC-23)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

_SQL = """
WITH gone AS (
    SELECT c.row_id FROM core_change c WHERE c.tbl = %(table)s AND c.op = 'D' AND c.before ->> %(column)s = %(parent)s
), known AS (
    SELECT row_id FROM gone UNION SELECT unnest(%(ids)s::bigint[])
)
SELECT c.at, coalesce(u.name, c.actor_label), c.op, c.row_id, c.before, c.after
FROM known k JOIN core_change c ON c.tbl = %(table)s AND c.row_id = k.row_id LEFT JOIN core_user u ON u.id = c.actor
ORDER BY c.seq DESC LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class ChildChange:
    """One change of such a row: the values before (none of a new row) and after (none of a deleted one)."""

    at: datetime
    actor_name: str
    op: str
    row_id: int
    before: dict[str, Any]
    after: dict[str, Any]


def history_of_children(
    table: str, column: str, parent_id: int, row_ids: Sequence[int], limit: int = 50
) -> list[ChildChange]:
    """The newest changes of the rows of `table` whose `column` names a parent the caller may already see.

    `row_ids` are the rows that exist today; the log itself remembers the deleted ones.
    """
    given: dict[str, Any] = {
        "table": table,
        "column": column,
        "parent": str(parent_id),
        "ids": list(row_ids),
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SQL, given)
        rows = cursor.fetchall()
    return [
        ChildChange(at, name, op, row_id, _values(before), _values(after))
        for at, name, op, row_id, before, after in rows
    ]


def _values(side: Any) -> dict[str, Any]:
    return (json.loads(side) if isinstance(side, str) else side) or {}

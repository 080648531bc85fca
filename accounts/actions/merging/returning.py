"""The way back of a merge: rows return to the customer they came from, unless somebody has moved them since."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import connection

from accounts.actions.merging.moving import Memory, key_of, merge_rules, put_values
from accounts.rules.merging import Text


def put_back(memory: Memory, *, survivor_id: int, merged_id: int) -> list[tuple[Text, int]]:
    """Customer, rows set aside and rows that moved; answers what stays where it is, by the words of its rule."""
    with connection.cursor() as cursor:
        _insert(cursor, "accounts_customer", [memory.customer])
        for table, rows in memory.aside.items():
            _insert(cursor, table, rows)
    kept = []
    for rule in merge_rules():
        ids = memory.moved.get(rule.key, [])
        if ids:
            back = _move_back(rule.table, rule.column, ids, survivor_id, merged_id)
            if back < len(ids):
                kept.append((rule.label or rule.table, len(ids) - back))
    for table, row_id, before, after in reversed(memory.changed):
        if _stands(table, row_id, after):
            put_values(table, row_id, before)
    return kept


def _insert(cursor: Any, table: str, rows: list[dict[str, Any]]) -> None:
    cursor.execute(
        f"INSERT INTO {table} SELECT r.* FROM jsonb_array_elements(%s::jsonb) AS e(row)"
        f" CROSS JOIN LATERAL jsonb_populate_record(NULL::{table}, e.row) AS r ON CONFLICT DO NOTHING",
        [json.dumps(rows)],
    )


def _move_back(table: str, column: str, ids: list[int], survivor_id: int, merged_id: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {column} = %s WHERE {column} = %s AND {key_of(table)} = ANY(%s)",
            [merged_id, survivor_id, ids],
        )
        return int(cursor.rowcount)


def _stands(table: str, row_id: int, after: Mapping[str, Any]) -> bool:
    """Whether nobody has changed these columns since."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT to_jsonb(t) FROM {table} t WHERE {key_of(table)} = %s", [row_id])
        row = cursor.fetchone()
    if row is None:
        return False
    stored = json.loads(row[0]) if isinstance(row[0], str) else row[0]
    return all(stored[name] == value for name, value in after.items())

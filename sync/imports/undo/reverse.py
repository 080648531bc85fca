"""Puts rows back: created ones go, changed ones get their values from the change log, removed ones return."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection, models

from crm.core.changelog import tracked_tables
from sync.imports.checks import search_cells
from sync.imports.undo.log import model_of

_SECRET = "secret:"  # noqa: S105 - how the log marks what it does not hold


def remove(rows: Mapping[str, Sequence[int]]) -> int:
    """Delete these rows; the references between them are looked at when the transaction ends."""
    gone = 0
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table, ids in rows.items():
            model = model_of(table)
            if ids and model is not None:
                key = quote(str(model._meta.pk.column))
                cursor.execute(f"DELETE FROM {quote(table)} WHERE {key} = ANY(%s)", [list(ids)])
                gone += cursor.rowcount
    return gone


def restore(table: str, roots: Sequence[int], *, now: datetime) -> tuple[set[int], set[str]]:
    """Give changed rows of these records their values back: (the records, columns the log holds no values of)."""
    model = model_of(table)
    if model is None:
        return set(), set()
    columns = {str(field.column): field for field in model._meta.concrete_fields}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT e.key, bool_or(e.value #>> '{}' LIKE %s) FROM undo_touched u, jsonb_each(u.before) e"
            " WHERE u.tbl = %s AND u.root_id = ANY(%s) AND NOT u.is_new AND NOT u.is_gone GROUP BY 1",
            [f"{_SECRET}%", table, list(roots)],
        )
        found = cursor.fetchall()
    secret = {column for column, is_secret in found if is_secret}
    plain = sorted(column for column, is_secret in found if not is_secret and column in columns)
    return (_put_back(table, columns, plain, roots, now) if plain else set()), secret


def _put_back(
    table: str,
    columns: Mapping[str, models.Field[Any, Any]],
    plain: Sequence[str],
    roots: Sequence[int],
    now: datetime,
) -> set[int]:
    quote = connection.ops.quote_name
    old = {name: f"(u.before ->> '{name}')::{columns[name].db_type(connection)}" for name in plain}
    setters = [
        f"{quote(name)} = CASE WHEN u.before ? '{name}' THEN {old[name]} ELSE t.{quote(name)} END" for name in plain
    ]
    given: list[Any] = []
    if "version" in columns:
        setters.append("version = t.version + 1")
    if "updated_at" in columns:
        setters.append("updated_at = %s")
        given.append(now)
    differs = " OR ".join(f"(u.before ? '{name}' AND t.{quote(name)} IS DISTINCT FROM {old[name]})" for name in plain)
    with connection.cursor() as cursor:
        # The operator `?` is not a mark of the driver; names of columns are those of the model.
        cursor.execute(
            f"UPDATE {quote(table)} t SET {', '.join(setters)} FROM undo_touched u WHERE u.tbl = %s"
            f" AND u.root_id = ANY(%s) AND NOT u.is_new AND NOT u.is_gone AND t.id = u.row_id AND ({differs})"
            " RETURNING u.root_id",
            [*given, table, list(roots)],
        )
        return {row[0] for row in cursor.fetchall()}


def bring_back(table: str, roots: Sequence[int]) -> tuple[set[int], bool]:
    """Rows the import removed: (the records they belong to, False when the log does not hold all of a row)."""
    spec = tracked_tables()[table]
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        if spec.excluded or spec.secret:
            cursor.execute(
                "SELECT EXISTS (SELECT 1 FROM undo_touched WHERE tbl = %s AND root_id = ANY(%s) AND is_gone)",
                [table, list(roots)],
            )
            return set(), not cursor.fetchone()[0]
        cursor.execute(
            f"WITH back AS (INSERT INTO {quote(table)} SELECT (jsonb_populate_record(NULL::{quote(table)}, u.before)).*"
            " FROM undo_touched u WHERE u.tbl = %(table)s AND u.root_id = ANY(%(roots)s) AND u.is_gone"
            " ON CONFLICT DO NOTHING RETURNING id)"
            " SELECT DISTINCT u.root_id FROM back b JOIN undo_touched u ON u.tbl = %(table)s AND u.row_id = b.id",
            {"table": table, "roots": list(roots)},
        )
        return {row[0] for row in cursor.fetchall()}, True


def name_again(customer_ids: Sequence[int]) -> None:
    """Search columns of customers whose names came back."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id, name FROM accounts_customer WHERE id = ANY(%s)", [list(customer_ids)])
        rows = [(pk, *search_cells(name).split("\t")) for pk, name in cursor.fetchall()]
        if rows:
            cursor.execute(
                "UPDATE accounts_customer c SET pinyin = v.pinyin, initials = v.initials,"
                " name_tokens = v.tokens::tsvector"
                " FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[]) AS v(id, pinyin, initials, tokens)"
                " WHERE c.id = v.id",
                [list(column) for column in zip(*rows, strict=True)],
            )

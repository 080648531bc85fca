"""What a job wrote, read from the change log into temporary tables: one row per row written, with what it was before.

The job's own file of failed rows is not among them: the job stays, and its file with it. `undo_rows`: rows that
belong to a record of the file (`root_id`) or stand alone; `undo_touched`: all of them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.apps import apps
from django.db import connection, models

from crm.core.models import Job

_READ = """
CREATE TEMP TABLE undo_touched AS
SELECT tbl, row_id, bool_or(op = 'I') AS is_new, bool_or(op = 'D') AS is_gone, max(seq) AS last_seq,
  (SELECT jsonb_object_agg(v.key, v.value) FROM (
    SELECT DISTINCT ON (e.key) e.key, e.value FROM core_change k, jsonb_each(k.before) e
    WHERE k.tbl = c.tbl AND k.row_id = c.row_id AND k.request_id = %(trace)s AND k.op <> 'I' AND k.before IS NOT NULL
    ORDER BY e.key, k.seq) v) AS before,
  NULL::bigint AS root_id
FROM core_change c
WHERE c.xid >= %(since)s::xid8 AND c.at >= %(from)s AND c.at <= %(to)s AND c.request_id = %(trace)s AND c.actor = %(by)s
  AND c.tbl <> 'core_attachment'
GROUP BY tbl, row_id
"""
_INDEX = (
    "CREATE INDEX ON undo_touched (tbl, row_id)",
    "CREATE INDEX ON undo_touched (root_id)",
    "ANALYZE undo_touched",
)
DROP = "DROP TABLE IF EXISTS undo_touched"


def model_of(table: str) -> type[models.Model] | None:
    """The model of a table."""
    return next((model for model in apps.get_models() if model._meta.db_table == table), None)


def read_log(job: Job, root: str) -> None:
    """Fill the table; each row knows which record of the file it belongs to."""
    given = {
        "trace": job.params["trace"],
        "since": job.params["since"],
        "from": job.created_at - timedelta(minutes=1),
        "to": (job.finished_at or job.created_at) + timedelta(minutes=10),
        "by": job.by_id,
    }
    with connection.cursor() as cursor:
        cursor.execute(DROP)
        cursor.execute(_READ, given)
        for statement in _INDEX:
            cursor.execute(statement)
        # A row that came and went within the job has left nothing.
        cursor.execute("DELETE FROM undo_touched WHERE is_new AND is_gone")
        cursor.execute("SELECT DISTINCT tbl FROM undo_touched")
        tables = sorted(row[0] for row in cursor.fetchall())
    for table in tables:
        _belong(table, root)


def _belong(table: str, root: str) -> None:
    """Which record a table's rows belong to: itself, by its own reference, or by that of its parent."""
    with connection.cursor() as cursor:
        if table == root:
            cursor.execute("UPDATE undo_touched SET root_id = row_id WHERE tbl = %s", [root])
            return
        model = model_of(table)
        way = _way(model, root) if model is not None else []
        if not way or model is None:
            return
        first = way[0]
        quote = connection.ops.quote_name
        if len(way) == 1:
            value, joined = f"t.{quote(first.column)}", ""
        else:
            parent = first.related_model
            value = f"p.{quote(way[1].column)}"
            joined = f" JOIN {quote(parent._meta.db_table)} p ON p.id = t.{quote(first.column)}"
        cursor.execute(
            f"UPDATE undo_touched u SET root_id = {value} FROM {quote(table)} t{joined}"
            " WHERE u.tbl = %s AND t.id = u.row_id",
            [table],
        )
        if len(way) == 1:
            cursor.execute(
                "UPDATE undo_touched SET root_id = (before ->> %s)::bigint WHERE tbl = %s AND is_gone",
                [first.column, table],
            )


def _way(model: type[models.Model], root: str) -> list[models.ForeignKey[Any, Any]]:
    """One reference to the root's table, or two by way of a parent."""
    keys = [field for field in model._meta.concrete_fields if isinstance(field, models.ForeignKey)]
    for field in keys:
        if field.related_model._meta.db_table == root:
            return [field]
    for field in keys:
        parent = field.related_model
        if parent is model:
            continue
        for above in parent._meta.concrete_fields:
            if isinstance(above, models.ForeignKey) and above.related_model._meta.db_table == root:
                return [field, above]
    return []

"""Rows by the ten thousand: reserved ids and COPY, with the models' own defaults for what is not given."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db import connection, models

ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def reserve_ids(model: type[models.Model], count: int) -> list[int]:
    """Take ids from the table's sequence, so that rows can point at each other before they are written."""
    if not count:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]


def copy_rows(model: type[models.Model], fields: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Write rows given as tuples of these fields; every other column gets its default."""
    given = [model._meta.get_field(name) for name in fields]
    others = [
        field
        for field in model._meta.concrete_fields
        if field not in given and not field.primary_key and not field.has_db_default()
    ]
    tail = "".join("\t" + as_text(field.get_default() if field.has_default() else _empty(field)) for field in others)
    names = ", ".join(f'"{field.column}"' for field in [*given, *others])  # type: ignore[union-attr]
    lines = [("\t".join(map(as_text, row)) + tail + "\n") for row in rows]
    if lines:
        with connection.cursor() as cursor:
            cursor.copy_expert(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN', io.StringIO("".join(lines)))
    return len(lines)


def as_text(value: Any) -> str:
    """One value in COPY's text format."""
    if value is None:
        return "\\N"
    if value is True:
        return "t"
    if value is False:
        return "f"
    if isinstance(value, str):
        return value.translate(ESCAPES)
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


def _empty(field: models.Field[Any, Any]) -> str | None:
    return None if field.null else ""

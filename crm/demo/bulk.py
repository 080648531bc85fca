"""Rows by the ten thousand: reserved ids and COPY, with the models' own defaults for what is not given."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection, models

_SPECIAL = re.compile(r"[\\\t\n\r]")
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
    write = _WRITERS.get(type(value))
    if write is not None:
        return write(value)
    if isinstance(value, str):  # a code of a closed list
        return str(value)
    return value.isoformat() if isinstance(value, datetime | date) else str(value)


_WRITERS: dict[type, Callable[[Any], str]] = {
    str: lambda value: value.translate(ESCAPES) if _SPECIAL.search(value) else value,
    int: str,
    type(None): lambda _value: "\\N",
    bool: lambda value: "t" if value else "f",
    date: date.isoformat,
    datetime: datetime.isoformat,
    Decimal: str,
}


def _empty(field: models.Field[Any, Any]) -> str | None:
    return None if field.null else ""


def know_sizes(*models_written: type[models.Model]) -> None:
    """Let the planner know how big the tables have become, all of them without any; the owner's role may (`make run`).

    The application's is told no with a warning: its demo is the same, and takes longer.
    """
    tables = ", ".join(f'"{model._meta.db_table}"' for model in models_written)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {tables}")

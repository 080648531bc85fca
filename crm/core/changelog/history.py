"""The history of one row, field by field, as a page shows it (SEC-23: both values)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.timezone import is_naive, make_aware

from crm.core.text import mask_phone


@dataclass(frozen=True)
class ChangeRow:
    """One field of one change. For a created or deleted row `field` is "" and the values are empty."""

    at: datetime
    actor_name: str
    op: str
    field: str
    old: Any = None
    new: Any = None
    label: str = ""
    is_secret: bool = False
    request_id: str = ""


_SQL = (
    "SELECT c.at, coalesce(u.name, c.actor_label), c.op, c.before, c.after, c.request_id"
    " FROM core_change c LEFT JOIN core_user u ON u.id = c.actor"
    " WHERE c.tbl = %s AND c.row_id = %s ORDER BY c.seq DESC LIMIT %s"
)


def history_of(table: str, row_id: int, limit: int = 50) -> list[ChangeRow]:
    """The newest changes of a row the caller may already see; phone numbers masked, secret values never there."""
    import json

    with connection.cursor() as cursor:
        cursor.execute(_SQL, [table, row_id, limit])
        found = cursor.fetchall()
    fields = _fields_of(table)
    rows: list[ChangeRow] = []
    for at, name, op, before, after, request_id in found:
        if op != "U" or not after:
            rows.append(ChangeRow(at, name, op, "", request_id=request_id))
            continue
        was, now = (json.loads(side) if isinstance(side, str) else side or {} for side in (before, after))
        for column in now:
            field = fields.get(column)
            secret = any(str(side.get(column) or "").startswith("secret:") for side in (was, now))
            rows.append(
                ChangeRow(
                    at,
                    name,
                    op,
                    column,
                    None if secret else _typed(field, column, was.get(column)),
                    None if secret else _typed(field, column, now.get(column)),
                    label=str(field.verbose_name) if field is not None else column,
                    is_secret=secret,
                    request_id=request_id,
                )
            )
    return rows


def _fields_of(table: str) -> dict[str, models.Field[Any, Any]]:
    for model in apps.get_models():
        if model._meta.db_table == table:
            return {str(field.column): field for field in model._meta.concrete_fields}
    return {}


def _typed(field: models.Field[Any, Any] | None, column: str, value: Any) -> Any:
    """The log keeps text (hstore); give it back its type, the choice its label, the phone its mask."""
    if value is None or field is None:
        return value
    if "phone" in column:
        return mask_phone(str(value))
    if field.choices:
        return dict(field.flatchoices).get(value, value)
    typed: Any
    if isinstance(field, models.BooleanField):
        return value in (True, "t", "true")
    if isinstance(field, models.DateTimeField):
        typed = parse_datetime(str(value))
        return make_aware(typed) if typed is not None and is_naive(typed) else typed
    if isinstance(field, models.DateField):
        return value if isinstance(value, date) else parse_date(str(value))
    if isinstance(field, models.IntegerField | models.ForeignKey):
        return int(value)
    return value

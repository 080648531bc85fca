"""Pieces of SQL that the statements of an import are put together from; every name is a constant of ours."""

from __future__ import annotations

from accounts.choices import CustomerKind
from accounts.rules.customers import has_field
from sync.imports.fields import CLEARED, Field

GROUP_COLUMN = "group_code"


def probe(table: str, condition: str, alias: str) -> str:
    """At most one row of a table beside each row."""
    return f" LEFT JOIN LATERAL (SELECT * FROM {table} x WHERE {condition} LIMIT 1) {alias} ON TRUE"


def column(name: str) -> str:
    """A field's column in the stage; `group` is a word of SQL."""
    return GROUP_COLUMN if name == "group" else name


def stage_type(entry: Field) -> str:
    """The SQL type of a field in the stage."""
    return {"numeric": "numeric(14, 2)"}.get(entry.column_type, entry.column_type)


def kinds_with(name: str) -> str:
    """The customer kinds that have a field, as a SQL list."""
    return ", ".join(f"'{kind}'" for kind in CustomerKind.values if has_field(kind, name)) or "''"


def new_value(entry: Field, stored: str) -> str:
    """The value a customer's column gets: kept, cleared or new."""
    kept = f"coalesce(s.{entry.name}, {stored}.{entry.name})"
    return kept if entry.column_type in ("text", "boolean") else f"nullif({kept}, '{CLEARED[entry.column_type]}')"


def stored_person(entry: Field) -> str:
    """The stored value of a person's field; none is the empty one."""
    empty = {"text": "''", "boolean": "FALSE"}.get(entry.column_type)
    return f"coalesce(p.{entry.name}, {empty})" if empty else f"p.{entry.name}"


def new_person(entry: Field) -> str:
    """The value a person's field gets: kept, cleared or new."""
    kept = f"coalesce(s.{entry.name}, {stored_person(entry)})"
    return kept if entry.column_type in ("text", "boolean") else f"nullif({kept}, '{CLEARED[entry.column_type]}')"


def differ(pairs: list[tuple[str, str]]) -> str:
    """Whether any of these pairs differs."""
    if not pairs:
        return "FALSE"
    old, new = (", ".join(side) for side in zip(*pairs, strict=True))
    return f"(ROW({old}) IS DISTINCT FROM ROW({new}))"

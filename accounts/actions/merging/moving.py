"""Every row of one customer to another one, by the rules of each app, remembered so that it can go back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from importlib import import_module
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models

from accounts.rules.merging import MergeRefusal, MergeRule, Text

Model = type[models.Model]
Row = dict[str, Any]


@dataclass(frozen=True)
class Counted:
    """So many rows of one rule go along, and so many are set aside."""

    rule: MergeRule
    moving: int
    staying: int

    @property
    def label(self) -> Text:
        """What the rows are called."""
        return self.rule.label


@dataclass
class Memory:
    """What was done, as an undo needs it: plain JSON."""

    moved: dict[str, list[int]] = field(default_factory=dict)
    # Rows set aside by table, as they stood.
    aside: dict[str, list[Row]] = field(default_factory=dict)
    # [table, id, {column: before}, {column: after}]: rows that were changed on the way.
    changed: list[list[Any]] = field(default_factory=list)
    customer: Row = field(default_factory=dict)
    manager_id: int | None = None
    # Fields of the survivor that were chosen from the other one: name → [before, after].
    fields: dict[str, list[Any]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The same for the column of the merge."""
        return dict(vars(self))

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Memory:
        """And back."""
        return cls(**stored)


@lru_cache(maxsize=1)
def merge_rules() -> tuple[MergeRule, ...]:
    """The rules of every app, lowest first."""
    return tuple(rule for source in settings.MERGE_SOURCES for rule in import_module(source).MERGE_RULES)


@lru_cache(maxsize=1)
def merge_refusals() -> tuple[MergeRefusal, ...]:
    """What every app has against a merge."""
    return tuple(
        refusal for source in settings.MERGE_SOURCES for refusal in getattr(import_module(source), "MERGE_REFUSALS", ())
    )


@lru_cache(maxsize=512)
def model_of(table: str) -> Model:
    """The model behind a table."""
    return next(model for model in apps.get_models(include_auto_created=True) if model._meta.db_table == table)


def key_of(table: str) -> str:
    """The column of its primary key."""
    return str(model_of(table)._meta.pk.column)


def refusal_of(survivor_id: int, merged_id: int) -> MergeRefusal | None:
    """The first thing that stands against this merge."""
    refusals = merge_refusals()
    if not refusals:
        return None
    asked = ", ".join(refusal.condition for refusal in refusals)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked}", {"survivor": survivor_id, "merged": merged_id})
        answers = cursor.fetchone()
    return next((refusal for refusal, holds in zip(refusals, answers, strict=True) if holds), None)


def count_rows(survivor_id: int, merged_id: int) -> list[Counted]:
    """What would move and what would be set aside, by rule; one statement for all tables."""
    rules = merge_rules()
    asked = " UNION ALL ".join(
        f"SELECT {place}, count(*) FILTER (WHERE NOT ({_stays(rule)})),"
        f" count(*) FILTER (WHERE {_stays(rule)})"
        f" FROM {rule.table} m WHERE m.{rule.column} = %(merged)s HAVING count(*) > 0"
        for place, rule in enumerate(rules)
    )
    with connection.cursor() as cursor:
        cursor.execute(asked, {"survivor": survivor_id, "merged": merged_id})
        return [Counted(rules[place], moving, staying) for place, moving, staying in sorted(cursor.fetchall())]


def _stays(rule: MergeRule) -> str:
    """The condition on `m` under which a row is set aside."""
    conditions = [f"({rule.aside})"] if rule.aside else []
    if rule.unless and rule.mend is None:
        conditions.append(_meets(rule))
    return " OR ".join(conditions) or "FALSE"


def _meets(rule: MergeRule) -> str:
    """The condition on `m` under which a row meets one of the survivor that is in its way."""
    return f"EXISTS (SELECT 1 FROM {rule.table} k WHERE k.{rule.column} = %(survivor)s AND ({rule.unless or 'FALSE'}))"


class Mover:
    """Moves the rows of one customer to another one and remembers what it did."""

    def __init__(self, *, survivor_id: int, merged_id: int, number: str, merge_id: int, now: datetime) -> None:
        self.params: dict[str, Any] = {
            "survivor": survivor_id,
            "merged": merged_id,
            "number": number,
            "merge": merge_id,
            "now": now,
        }
        self.survivor_id = survivor_id
        self.merged_id = merged_id
        self.memory = Memory()

    def move_all(self) -> list[Counted]:
        """By every rule whose table has rows of the merged customer."""
        counted = count_rows(self.survivor_id, self.merged_id)
        for found in counted:
            self._move(found)
        return counted

    def _move(self, found: Counted) -> None:
        rule, table, key = found.rule, found.rule.table, key_of(found.rule.table)
        mine = f"m.{rule.column} = %(merged)s"
        if found.staying:
            if rule.fill:
                self._fill(rule)
            self.set_aside(table, self._ids(f"SELECT m.{key} FROM {table} m WHERE {mine} AND ({_stays(rule)})"))
        if not found.moving:
            return
        if rule.mend is not None:
            self._mend(rule)
        setters = ", ".join([f"{rule.column} = %(survivor)s", *_touched(table)])
        moved = self._ids(f"UPDATE {table} m SET {setters} WHERE {mine} RETURNING m.{key}")
        self.memory.moved[rule.key] = moved

    def _ids(self, statement: str) -> list[int]:
        with connection.cursor() as cursor:
            cursor.execute(statement, self.params)
            return [row[0] for row in cursor.fetchall()]

    def _mend(self, rule: MergeRule) -> None:
        """Change what would otherwise be in the way of a row of the survivor."""
        assert rule.mend is not None  # noqa: S101 - for the type checker
        column, value = rule.mend
        table, key = rule.table, key_of(rule.table)
        where = f"m.{rule.column} = %(merged)s AND {_meets(rule)}"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT m.{key}, to_jsonb(m.{column}) FROM {table} m WHERE {where}", self.params)
            before = dict(cursor.fetchall())
            cursor.execute(
                f"UPDATE {table} m SET {column} = {value} WHERE {where} RETURNING m.{key}, to_jsonb(m.{column})",
                self.params,
            )
            for row_id, after in cursor.fetchall():
                self.memory.changed.append([table, row_id, {column: _plain(before[row_id])}, {column: _plain(after)}])

    def _fill(self, rule: MergeRule) -> None:
        """What the survivor's own row leaves empty is taken from the one that is set aside."""
        table, key = rule.table, key_of(rule.table)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT k.{key}, to_jsonb(k), to_jsonb(m) FROM {table} k, {table} m"
                f" WHERE k.{rule.column} = %(survivor)s AND m.{rule.column} = %(merged)s",
                self.params,
            )
            for row_id, kept, other in [(row[0], _plain(row[1]), _plain(row[2])) for row in cursor.fetchall()]:
                taken = {
                    name: value
                    for name, value in other.items()
                    if name not in (key, rule.column) and kept[name] in (None, "") and value not in (None, "")
                }
                if taken:
                    put_values(table, row_id, taken)
                    self.memory.changed.append([table, row_id, {name: kept[name] for name in taken}, taken])

    def set_aside(self, table: str, ids: Sequence[int]) -> None:
        """Take rows out, with all that cannot be without them; what can is let go of them."""
        if not ids:
            return
        for child, column, can_be_without in _children(table):
            child_key = key_of(child)
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT {child_key}, {column} FROM {child} WHERE {column} = ANY(%s)", [list(ids)])
                rows = cursor.fetchall()
                if rows and can_be_without:
                    cursor.execute(f"UPDATE {child} SET {column} = NULL WHERE {column} = ANY(%s)", [list(ids)])
                    self.memory.changed += [[child, row[0], {column: row[1]}, {column: None}] for row in rows]
            if rows and not can_be_without:
                self.set_aside(child, [row[0] for row in rows])
        key = key_of(table)
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT to_jsonb(t) FROM {table} t WHERE {key} = ANY(%s)", [list(ids)])
            self.memory.aside.setdefault(table, []).extend(_plain(row[0]) for row in cursor.fetchall())
            cursor.execute(f"DELETE FROM {table} WHERE {key} = ANY(%s)", [list(ids)])


def _children(table: str) -> Iterator[tuple[str, str, bool]]:
    """Tables and columns that point at a table, and whether their rows can be without it."""
    for found in model_of(table)._meta.get_fields(include_hidden=True):
        if isinstance(found, models.ForeignObjectRel) and isinstance(found.field, models.ForeignKey):
            field_ = found.field
            yield (
                field_.model._meta.db_table,
                str(field_.column),
                bool(field_.null) and found.on_delete is not models.CASCADE,
            )


def _touched(table: str) -> Iterable[str]:
    """Whoever reads a row by its version sees that it has changed."""
    fields = {known.name: known for known in model_of(table)._meta.concrete_fields}
    if isinstance(fields.get("version"), models.IntegerField):
        yield "version = m.version + 1"
    if isinstance(fields.get("updated_at"), models.DateTimeField):
        yield "updated_at = %(now)s"


def row_of(customer_id: int) -> Row:
    """A customer's row as JSON."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(c)::text FROM accounts_customer c WHERE id = %s", [customer_id])
        row: Row = json.loads(cursor.fetchone()[0])
    return row


def put_values(table: str, row_id: int, values: Mapping[str, Any]) -> None:
    """Write columns of one row from JSON; the names come from the database itself."""
    quoted = [connection.ops.quote_name(name) for name in values]
    setters = ", ".join(f"{name} = (jsonb_populate_record(NULL::{table}, %(row)s::jsonb)).{name}" for name in quoted)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} SET {setters} WHERE {key_of(table)} = %(id)s", {"row": json.dumps(values), "id": row_id}
        )


def _plain(found: Any) -> Any:
    """JSON as the driver gives it: text or parsed."""
    return json.loads(found) if isinstance(found, str) else found

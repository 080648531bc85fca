"""What can be heard of in the feed, and who listens."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from importlib import import_module
from typing import Any

from django.conf import settings
from rest_framework.request import Request

from crm.core.abilities import Access
from crm.core.api.permissions import access_of
from crm.core.scope import Scope

Record = Mapping[str, Any]
Records = Callable[["Reader", Sequence[int]], dict[int, Record]]
Lister = Callable[..., tuple[Sequence[Record], str | None]]


@dataclass(frozen=True)
class Also:
    """Another table whose rows are part of the record: `column` of such a row names it, `field` is what it shows in."""

    table: str
    column: str
    field: str = ""


@dataclass(frozen=True)
class Lent:
    """Columns of another table that show in many records: in which field each; `rows` joins the records `x` to it, `o`.

    Whoever changes such a row changes all these records; they are told by pages, behind the page that met the change.
    """

    table: str
    shows: Mapping[str, str]
    rows: str

    def fields(self, columns: Collection[str]) -> list[str]:
        """The fields of the records that a change of these columns shows in."""
        return [name for column, name in self.shows.items() if column in columns]


@dataclass(frozen=True)
class FeedType:
    """One kind of record in the feed.

    The record's row is `x`. `parent` is its column that names the customer: who sees him sees the record. Otherwise
    `unit` and `manager` say whose the row itself is; a type with neither is open to all who may read it; `where` says
    more of the rows that count. `unit_column` and `manager_column` are
    their names in the log. Its ids elsewhere: `external`, two expressions (source and id), of a row joined by `outside`
    where there may be several.
    """

    name: str
    table: str
    token_scope: str
    ability: str
    records: Records
    parent: str = ""
    unit: str = ""
    manager: str = ""
    unit_column: str = "unit_id"
    manager_column: str = "manager_id"
    where: str = ""
    also: tuple[Also, ...] = ()
    lent: tuple[Lent, ...] = ()
    external: tuple[str, str] | None = None
    outside: str = ""
    fields: Collection[str] = ()

    @property
    def tables(self) -> tuple[str, ...]:
        """The logged tables it is made of."""
        return (self.table, *(part.table for part in self.also), *(part.table for part in self.lent))

    @property
    def is_open(self) -> bool:
        """Whether everybody who may read the type sees all of it."""
        return not (self.parent or self.unit or self.manager)

    def seen(self, scope: Scope) -> tuple[str, list[Any]]:
        """What follows FROM for the rows in sight, up to an open WHERE, with its parameters."""
        table, where, params = f"{self.table} x", "TRUE", list[Any]()
        if not self.is_open and not scope.everything:
            if self.parent:
                table = f"{table} JOIN accounts_customer c ON c.id = x.{self.parent}"
                where, params = scope.sql("c")
            else:
                where, params = scope.sql_for(unit=self.unit or None, manager=self.manager or None)
        return f"{table} {self.outside} WHERE {where}{f' AND {self.where}' if self.where else ''}", params

    def field_of(self, column: str) -> str | None:
        """The field of the record that a column shows in; None for one that does not show."""
        name = column.removesuffix("_id")
        return name if not self.fields or name in self.fields else None


@dataclass(frozen=True)
class Reader:
    """Who reads: a machine with its scopes and the top of its subtree, or a person (no scopes, numbers masked)."""

    access: Access
    today: date
    scopes: frozenset[str] | None = None
    top_unit_id: int | None = None
    client_id: int | None = None

    @classmethod
    def of(cls, request: Request, today: date) -> Reader:
        """The caller of the API."""
        machine: Any = request.auth
        if machine is None:
            return cls(access_of(request), today)
        return cls(machine.access, today, frozenset(machine.scopes), machine.unit_id, machine.client_id)

    @property
    def is_masked(self) -> bool:
        """Browser sessions see masked numbers; a token was given its data on purpose."""
        return self.scopes is None

    def may_read(self, kind: FeedType) -> bool:
        """Whether this type is open to him at all."""
        if self.scopes is not None and kind.token_scope not in self.scopes:
            return False
        return self.access.can(kind.ability)

    def scope_of(self, kind: FeedType) -> Scope:
        """Whose records of the type he sees."""
        return self.access.scope_for(kind.ability)

    @cached_property
    def readable(self) -> dict[str, FeedType]:
        """The types he may read, by name."""
        return {name: kind for name, kind in feed_types().items() if self.may_read(kind)}

    @cached_property
    def fingerprint(self) -> str:
        """What he may see, in short: a cursor of another sight starts again (410)."""
        rights = sorted({kind.token_scope for kind in self.readable.values()})
        scope = self.access.scope
        place = [self.top_unit_id] if self.scopes is not None else [*scope.unit_ids, "m", *scope.manager_ids]
        text = repr((rights, scope.everything, place, self.is_masked))
        return hashlib.sha256(text.encode()).hexdigest()[:10]


@lru_cache(maxsize=1)
def feed_types() -> dict[str, FeedType]:
    """Every type of every app by name; parents before what belongs to them."""
    found: dict[str, FeedType] = {}
    for source in settings.FEED_SOURCES:
        for kind in import_module(source).FEED_TYPES:
            found[kind.name] = kind
    return found


def by_id(records: Sequence[Record]) -> dict[int, Record]:
    """Records by their id."""
    return {int(record["id"]): record for record in records}


@dataclass(frozen=True)
class _Listed:
    lister: Lister
    ability: str
    masked: bool
    after: Callable[[Any], Record] | None

    def __call__(self, reader: Reader, ids: Sequence[int]) -> dict[int, Record]:
        scope = reader.access.scope_for(self.ability)
        own = {"is_masked": reader.is_masked} if self.masked else {}
        items, _next = self.lister(scope, filters={"ids": list(ids)}, cursor="", limit=len(ids), **own)
        if self.after is not None and reader.is_masked:
            items = [self.after(item) for item in items]
        return by_id(items)


def records_by(
    lister: Lister, ability: str, *, masked: bool = False, after: Callable[[Any], Record] | None = None
) -> Records:
    """The records of an API list, asked for by id: its lister takes `ids` among its filters.

    `masked`: it masks by `is_masked`; `after` masks one record for people.
    """
    return _Listed(lister, ability, masked, after)

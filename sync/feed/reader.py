"""A page of the feed: the rows of the log collapsed to records as they are today (sync-api, "Reading what changed")."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from crm.core.db import rfc_3339
from crm.core.feed import Cursor, CursorGone, FeedType, Lent, Reader, Record, read_cursor
from crm.core.feed.cursor import present
from crm.core.prepared import run
from crm.core.scope import Scope
from sync.feed import log
from sync.feed.log import Change

UPSERT, DELETE = "upsert", "delete"


class FeedItem(NamedTuple):
    """One record that changed: `seq` orders the changes of one record; `fields` is empty for a new one."""

    type: str
    id: int
    op: str
    changed_at: str
    fields: Sequence[str]
    external_ids: Mapping[str, str]
    record: Record | None
    seq: int


@dataclass(frozen=True)
class FeedPage:
    """What changed, the cursor to go on from, and whether there is more at once."""

    items: list[FeedItem]
    next: str
    more: bool


@dataclass(slots=True)
class _Touch:
    """What the page's rows say of one record; `was_seen`: it was in sight before; `of`: whose it was before."""

    at: str
    seq: int
    fields: tuple[str, ...]
    is_new: bool = False
    was_seen: bool = False
    of: frozenset[int] = frozenset()

    def add(self, at: str, seq: int, fields: tuple[str, ...]) -> None:
        """One change more."""
        if seq >= self.seq:
            self.at, self.seq = at, seq
        if fields != self.fields:
            self.fields = tuple(dict.fromkeys(self.fields + fields))


def _touch(found: dict[int, _Touch], pk: int, at: str, seq: int, fields: tuple[str, ...]) -> _Touch:
    """What is said of a record, with one change more."""
    touch = found.get(pk)
    if touch is None:
        touch = found[pk] = _Touch(at, seq, fields)
    else:
        touch.add(at, seq, fields)
    return touch


@dataclass(frozen=True)
class _Round:
    """One call: who reads which types, from where."""

    reader: Reader
    kinds: Mapping[str, FeedType]
    place: Cursor
    with_records: bool
    names: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = field(default_factory=dict)

    def scope(self, kind: FeedType) -> Scope:
        return self.reader.scope_of(kind)

    @cached_property
    def open(self) -> frozenset[str]:
        """The types of which this reader sees everything."""
        return frozenset(kind.name for kind in self.kinds.values() if kind.is_open or self.scope(kind).everything)

    def shown(self, kind: FeedType, columns: tuple[str, ...]) -> tuple[str, ...]:
        """The fields that these columns show in; asked once a page for the same ones."""
        known = self.names.get((kind.name, columns))
        if known is None:
            known = tuple(dict.fromkeys(name for column in columns if (name := kind.field_of(column))))
            self.names[kind.name, columns] = known
        return known

    @property
    def children(self) -> list[FeedType]:
        """The types that move with their customer; one who sees everything loses nothing by it."""
        return [kind for kind in self.kinds.values() if kind.parent and kind.name not in self.open]

    @property
    def borrowers(self) -> list[FeedType]:
        """The types that show columns of other tables."""
        return [kind for kind in self.kinds.values() if kind.lent]


def read_changes(
    reader: Reader,
    types: Iterable[str],
    cursor: str,
    limit: int,
    *,
    skip_actor: int | None = None,
    with_records: bool = False,
) -> FeedPage:
    """PLT-2: what changed since the cursor, of these types (none named: all that the reader may read).

    A page looks at `limit` rows of the log and has at most one item for a record, with what it is today. Raises
    `BadCursor` (400) for a text that is no cursor of ours and `CursorGone` (410) for one that leads nowhere any more.
    """
    named = set(types)
    kinds = {name: kind for name, kind in reader.readable.items() if not named or name in named}
    now = present()
    place = read_cursor(cursor, reader, now).begun(now)
    this = _Round(reader, kinds, place, with_records)
    return _followers(this, limit) if place.kind else _rows(this, limit, skip_actor)


def _rows(this: _Round, limit: int, skip_actor: int | None) -> FeedPage:
    scope = this.reader.access.scope
    tables = sorted({table for kind in this.kinds.values() for table in kind.tables})
    parts = sorted({part.table for kind in this.kinds.values() for part in kind.also})
    changes = log.page(this.place, tables, parts, limit, skip_actor=skip_actor, is_limited=not scope.everything)
    rows = _by_table(changes)
    if log.UNITS in rows and not scope.everything:
        _hold_together(rows[log.UNITS], scope)
    told = rows if skip_actor is None else _by_table(change for change in changes if change.actor != skip_actor)
    items = [item for name, touched in _touched(this, told).items() for item in _items(this, this.kinds[name], touched)]
    items.sort(key=lambda item: item.seq)
    following, more = _after(this, changes, rows, limit)
    return FeedPage(items, str(following), more)


ByTable = Mapping[str, Sequence[Change]]


def _by_table(changes: Iterable[Change]) -> ByTable:
    """The rows of each table, in their order."""
    found: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        found[change.table].append(change)
    return found


def _after(this: _Round, changes: Sequence[Change], rows: ByTable, limit: int) -> tuple[Cursor, bool]:
    """The next place: what follows the rows of this page, the next rows, or the end of the round."""
    place = this.place
    is_full = len(changes) == limit
    last = (changes[-1].xid, changes[-1].seq) if is_full else log.farthest(place)
    end = last or ((changes[-1].xid, changes[-1].seq) if changes else None)
    following = [kind for kind in this.borrowers if _lenders(kind, rows)]
    following += [kind for kind in this.children if _movers(this, kind, rows)]
    if following and end is not None:
        begun = replace(place, from_xid=place.xid, from_seq=place.seq, kind=following[0].name, child=0)
        return replace(begun, xid=end[0], seq=end[1]), True
    return (place.ended(), False) if last is None else (place.passed(*last), True)


def _hold_together(changes: Sequence[Change], scope: Scope) -> None:
    """A unit that moved in or out took its customers along, whose rows say nothing of it: start again."""
    if any("parent_id" in change.after and log.tears(change, scope) for change in changes):
        raise CursorGone.because(_("A unit was moved to another place."))


# --- From rows of the log to records


def _touched(this: _Round, rows: ByTable) -> dict[str, dict[int, _Touch]]:
    """Which records the rows are about, by type."""
    found: dict[str, dict[int, _Touch]] = {}
    for kind in this.kinds.values():
        own: dict[int, _Touch] = {}
        is_open = kind.name in this.open
        for change in rows.get(kind.table, ()):
            fields = this.shown(kind, tuple(change.after))
            touch = _touch(own, change.row_id, change.at, change.seq, fields)
            if change.op == "I":
                touch.is_new = True
            if not is_open:
                _see(this, kind, change, touch)
        for part in kind.also:
            changes = rows.get(part.table, ())
            owners = _owners(part.table, part.column, [change.row_id for change in changes])
            for change in changes:
                for pk in _named(change, part.column, owners):
                    _touch(own, pk, change.at, change.seq, (part.field,))
        if own:
            found[kind.name] = own
    return found


def _see(this: _Round, kind: FeedType, change: Change, touch: _Touch) -> None:
    """In whose sight the record was, by a row of its own table."""
    if kind.parent:
        owner = change.was(kind.parent)
        if owner is not None:
            touch.of |= {owner}
    elif not touch.was_seen:
        scope = this.scope(kind)
        units = (change.unit_before, change.unit_after, change.was(kind.unit_column))
        managers = (change.was(kind.manager_column), change.became(kind.manager_column))
        touch.was_seen = any(scope.allows(unit_id=unit) for unit in units) or any(
            scope.allows(unit_id=None, manager_id=manager) for manager in managers
        )


def _named(change: Change, column: str, owners: Mapping[int, int]) -> Iterable[int]:
    """The records that a row of another table belongs or belonged to."""
    found = {change.was(column), change.became(column), owners.get(change.row_id)}
    return {pk for pk in found if pk is not None}


def _owners(table: str, column: str, row_ids: Sequence[int]) -> dict[int, int]:
    """The record that each of these rows belongs to today; names of tables and columns come from code."""
    if not row_ids:
        return {}
    with connection.cursor() as db:
        db.execute(f"SELECT id, {column} FROM {table} WHERE id = ANY(%s) AND {column} IS NOT NULL", [list(row_ids)])
        return dict(db.fetchall())


# --- From records to items


def _items(this: _Round, kind: FeedType, touched: Mapping[int, _Touch]) -> list[FeedItem]:
    """What is in sight as it is today, and the end of what no longer is."""
    state = _states(this, kind, list(touched))
    missing = [pk for pk in touched if pk not in state]
    gone = _gone(this, kind, {pk: touched[pk] for pk in missing}) if missing else set()
    return [
        _item(kind, pk, touch.at, touch.seq, () if touch.is_new else touch.fields, state.get(pk))
        for pk, touch in touched.items()
        if pk in state or pk in gone
    ]


State = tuple[Mapping[str, str], Record | None]


def _item(kind: FeedType, pk: int, at: str, seq: int, fields: Sequence[str], state: State | None) -> FeedItem:
    moment = rfc_3339(at) or ""
    if state is None:
        return FeedItem(kind.name, pk, DELETE, moment, (), {}, None, seq)
    return FeedItem(kind.name, pk, UPSERT, moment, fields, state[0], state[1], seq)


def _states(this: _Round, kind: FeedType, ids: Sequence[int]) -> dict[int, State]:
    """Those in sight today: ids elsewhere, and the record when it was asked for."""
    if this.with_records:
        return {pk: (_external(record), record) for pk, record in kind.records(this.reader, ids).items()}
    rows, params = kind.seen(this.scope(kind))
    source, external_id = kind.external or ("''", "''")
    statement = f"SELECT x.id, {source}, {external_id} FROM {rows} AND x.id = ANY(%s)"
    arrays = ["{" + ",".join(map(str, some)) + "}" for some in (*params, ids)]
    with connection.cursor() as db:
        run(db, statement, arrays, ["bigint[]"] * len(arrays))
        found: dict[int, State] = {}
        for pk, name, code in db.fetchall():
            if pk in found:
                found[pk] = ({**found[pk][0], name: code}, None)
            else:
                found[pk] = ({name: code} if name and code else {}, None)
    return found


def _external(record: Record) -> Mapping[str, str]:
    if "external_ids" in record:
        return record["external_ids"]  # type: ignore[no-any-return]
    source, external_id = record.get("source"), record.get("external_id")
    return {source: external_id} if source and external_id else {}


def _gone(this: _Round, kind: FeedType, touched: Mapping[int, _Touch]) -> set[int]:
    """Of records out of sight, those that the reader had: deleted, moved away, or their customer was."""
    if not kind.parent or kind.name in this.open:
        return {pk for pk, touch in touched.items() if touch.was_seen or kind.name in this.open}
    scope = this.scope(kind)
    owners = sorted({owner for touch in touched.values() for owner in touch.of})
    if not owners:
        return set()
    where, params = scope.sql("c")
    with connection.cursor() as db:
        db.execute(f"SELECT c.id FROM accounts_customer c WHERE {where} AND c.id = ANY(%s)", [*params, owners])
        seen = {row[0] for row in db.fetchall()}
    seen |= log.left(owners, scope, this.place.before)
    return {pk for pk, touch in touched.items() if touch.of & seen}


# --- What follows other rows: records that show something of them, and what belongs to customers who moved


def _followers(this: _Round, limit: int) -> FeedPage:
    """A page of what follows the rows of the page before, type by type, by id."""
    place = this.place
    moves = log.moves(place) if this.children else []
    others = log.others(place, sorted({lent.table for kind in this.borrowers for lent in kind.lent}))
    items: list[FeedItem] = []
    order = list(this.reader.readable)
    start = order.index(place.kind) if place.kind in order else 0
    for name in order[start:]:
        if name not in this.kinds:
            continue
        kind, after, room = this.kinds[name], place.child if name == place.kind else 0, limit - len(items)
        told = _borrowed(this, kind, others, after, room) if kind.lent else _carried(this, kind, moves, after, room)
        items += told.items
        if told.last is not None:
            return FeedPage(items, str(replace(place, kind=name, child=told.last)), True)
    return FeedPage(items, str(place.passed(place.xid, place.seq)), True)


@dataclass(frozen=True)
class _Told:
    """Items of one type, and the last id looked at when there may be more."""

    items: list[FeedItem]
    last: int | None


def _lenders(kind: FeedType, changed: ByTable) -> list[tuple[Lent, dict[int, _Touch]]]:
    """The rows of other tables whose changes show in records of this type: when, and in which fields."""
    found: list[tuple[Lent, dict[int, _Touch]]] = []
    for lent in kind.lent:
        rows: dict[int, _Touch] = {}
        for change in changed.get(lent.table, ()):
            if change.op == "U" and (fields := lent.fields(change.after)):
                _touch(rows, change.row_id, change.at, change.seq, tuple(dict.fromkeys(fields)))
        if rows:
            found.append((lent, rows))
    return found


def _borrowed(this: _Round, kind: FeedType, others: Sequence[Change], after: int, limit: int) -> _Told:
    """The records in sight that show something of changed rows of other tables."""
    touched: dict[int, _Touch] = {}
    for lent, rows in _lenders(kind, _by_table(others)):
        for pk, row_id in _joined(f"{lent.rows} WHERE o.id", list(rows), after, limit):
            row = rows[row_id]
            _touch(touched, pk, row.at, row.seq, row.fields)
    ids = sorted(touched)[:limit]
    state = _states(this, kind, ids) if ids else {}
    seen = [(pk, touched[pk]) for pk in ids if pk in state]
    items = [_item(kind, pk, touch.at, touch.seq, touch.fields, state[pk]) for pk, touch in seen]
    return _Told(items, ids[-1] if len(ids) == limit else None)


def _movers(this: _Round, kind: FeedType, changed: ByTable) -> dict[int, Change]:
    """The customers who came into sight or left it, as this type's reader sees it."""
    scope = this.scope(kind)
    return {
        change.row_id: change
        for change in changed.get(log.CUSTOMERS, ())
        if change.op == "U" and log.crosses(change, scope)
    }


def _carried(this: _Round, kind: FeedType, moves: Sequence[Change], after: int, limit: int) -> _Told:
    """What came or went with its customers."""
    movers = _movers(this, kind, _by_table(moves)) if kind in this.children else {}
    found = _joined(f"{kind.table} x WHERE x.{kind.parent}", sorted(movers), after, limit, f"x.{kind.parent}")
    state = _states(this, kind, [pk for pk, _owner in found]) if found else {}
    items = [_item(kind, pk, movers[owner].at, movers[owner].seq, (), state.get(pk)) for pk, owner in found]
    return _Told(items, found[-1][0] if len(found) == limit else None)


def _joined(rows: str, ids: Sequence[int], after: int, limit: int, owner: str = "o.id") -> list[tuple[int, int]]:
    """(id, row it follows) of the records that follow these rows; names of tables and columns come from code."""
    if not ids:
        return []
    with connection.cursor() as db:
        db.execute(
            f"SELECT x.id, {owner} FROM {rows} = ANY(%s) AND x.id > %s ORDER BY x.id LIMIT %s",
            [list(ids), after, limit],
        )
        found: list[tuple[int, int]] = db.fetchall()
    return found

"""Rows that come in by hundreds: checked whole, compared with what is stored, written set by set (sync-api "Writing").

A missing field keeps what is stored, null clears it. A row equal to what is stored writes nothing.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer
from accounts.rules.fields import Check, moment
from accounts.rules.lines import CLOCK_SKEW
from crm.core.db import write
from crm.core.errors import FieldProblem, Invalid
from crm.core.scope import Scope, ScopedModel

if TYPE_CHECKING:
    from crm.core.models import User

CREATED, UPDATED, UNCHANGED, STALE, FAILED = "created", "updated", "unchanged", "stale", "failed"
MANUAL = "manual"
"""The source of what a person tells."""
SKIPPED = "skipped"
"""Told only to whoever asked for new rows alone, or for known ones alone."""
BOTH, NEW_ONLY, KNOWN_ONLY = "both", "create", "update"
MOST_ROWS = 1000
TOLD = "source_updated_at"
Row = TypeVar("Row", bound=ScopedModel)


@dataclass(frozen=True, slots=True)
class Done(Generic[Row]):
    """What came of one row; a created row has its id once the set is written."""

    status: str
    row: Row | None = None
    problems: tuple[FieldProblem, ...] = ()
    ignored: tuple[str, ...] = ()
    """Fields nobody knows, left out on demand."""

    @property
    def id(self) -> int | None:
        """The id, when the row is stored."""
        return self.row.pk if self.row is not None else None


def failed(*problems: FieldProblem) -> Done[Any]:
    """A row that is not taken, and why."""
    return Done(FAILED, problems=problems)


class Book(ABC, Generic[Row]):
    """One set of rows of one kind, in the scope of whoever brings them."""

    lock_name = ""
    label = "import"
    """What the change log says when nobody is signed in."""
    model: type[Row]
    mode = BOTH
    writes_at_once = False
    """Each row is a deed of its own, done when it is taken: nothing kept means that all is rolled back."""
    fields: ClassVar[Collection[str]] = ()
    """All that a row may hold, of a book that checks its rows when it loads them."""

    def __init__(self, *, scope: Scope, by: User | None, now: datetime) -> None:
        self.scope, self.by, self.now = scope, by, now
        self.today: date = timezone.localdate(now)
        self.made: list[Row] = []
        self.changed: dict[int, Row] = {}
        self.columns: set[str] = set()
        self.told: dict[int, datetime] = {}

    def plain(self, items: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
        """The rows as the book reads them."""
        return items

    @abstractmethod
    def load(self, items: Sequence[Mapping[str, Any]]) -> None:
        """Read what is stored of these rows, locked."""

    @abstractmethod
    def take(self, given: Mapping[str, Any]) -> Done[Row]:
        """Check one row and note what it changes."""

    def note(self, row: Row, values: Mapping[str, Any]) -> str:
        """Put values into a row; "unchanged" when they are there already."""
        changed = {name for name, value in values.items() if getattr(row, name) != value}
        for name in changed:
            setattr(row, name, values[name])
        if row._state.adding:
            return CREATED
        if not changed:
            return UNCHANGED
        self.columns |= changed
        self.changed[row.pk] = row
        return UPDATED

    def told_at(self, given: Mapping[str, Any]) -> datetime | None:
        """When the source says it knew this."""
        found: datetime | None = moment(given.get(TOLD), TOLD, self.today)
        if found is not None and found > self.now + CLOCK_SKEW:
            raise Invalid(_("This moment lies in the future."), code="out_of_range", field=TOLD)
        return found

    def is_outdated(self, row: Any, told: datetime | None) -> bool:
        """Whether the source tells something older than what is stored: yesterday's file after today's (sync-api)."""
        return (
            row is not None and told is not None and row.source_updated_at is not None and told < row.source_updated_at
        )

    def heard(self, row: Any, status: str, told: datetime | None) -> None:
        """Keep when the source told. An equal row is confirmed by that: no version, no line in the change log."""
        if told is None:
            return
        if status == CREATED:
            row.source_updated_at = told
        elif status == UPDATED:
            self.note(row, {TOLD: told})
        elif row.source_updated_at is None or row.source_updated_at < told:
            self.told[row.pk] = told

    def wanted(self, done: Done[Row]) -> Done[Row]:
        """What came of a row, where only new rows or only known ones are wanted: the others are left as they are."""
        if self.mode == KNOWN_ONLY and done.status == CREATED:
            self.made = [row for row in self.made if row is not done.row]
            return Done(SKIPPED)
        if self.mode == NEW_ONLY and done.status in (UPDATED, UNCHANGED, STALE):
            if done.row is not None:
                self.changed.pop(done.row.pk, None)
                self.told.pop(done.row.pk, None)
            return Done(SKIPPED, done.row)
        return done

    def save(self) -> None:
        """Write what was noted."""
        self.model.unscoped.bulk_create(self.made)
        if self.changed:
            self.model.unscoped.bulk_update(self.changed.values(), sorted(self.columns), batch_size=MOST_ROWS)
        if self.told:
            with connection.cursor() as cursor:
                table = connection.ops.quote_name(self.model._meta.db_table)
                cursor.execute(
                    f"UPDATE {table} x SET source_updated_at = u.told"
                    " FROM unnest(%s::bigint[], %s::timestamptz[]) AS u(id, told) WHERE x.id = u.id",
                    [list(self.told), list(self.told.values())],
                )


def upsert(
    book: Book[Row],
    items: Sequence[Mapping[str, Any]],
    *,
    atomic: bool = False,
    dry_run: bool = False,
    lenient: bool = False,
) -> tuple[list[Done[Row]], bool]:
    """(what came of each row in order, whether anything was kept). `lenient`: unknown fields are left out."""
    with write(by=book.by, label="" if book.by else book.label):
        with connection.cursor() as cursor:
            # Two calls with the same new row wait for each other instead of failing.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [book.lock_name])
        items = book.plain(items)
        strange = [_strange(book, item) if lenient else () for item in items]
        items = [_without(item, names) if names else item for item, names in zip(items, strange, strict=True)]
        book.load(items)
        done = [book.wanted(_take(book, item, lenient=lenient)) for item in items]
        done = [replace(row, ignored=_noted(names)) if names else row for row, names in zip(done, strange, strict=True)]
        is_kept = not dry_run and not (atomic and any(row.status == FAILED for row in done))
        if is_kept:
            book.save()
        elif book.writes_at_once:
            transaction.set_rollback(True)
    return done, is_kept


def word(given: Mapping[str, Any], name: str) -> str:
    """What a row gives as a text; nothing is the empty one."""
    found = given.get(name)
    return found.strip() if isinstance(found, str) else ("" if found is None else str(found))


def told(check: Check, given: Mapping[str, Any], name: str, today: date, problems: list[FieldProblem]) -> Any:
    """The checked value of one field; what is wrong with it joins the problems of the row."""
    try:
        return check(given.get(name) or "", name, today)
    except Invalid as refusal:
        problems += refusal.problems
        return None


def _take(book: Book[Row], item: Mapping[str, Any], *, lenient: bool) -> Done[Row]:
    """One row; a refused one has changed nothing, so it can be taken again without what nobody knows."""
    if hasattr(book.model, TOLD):
        try:
            book.told_at(item)
        except Invalid as refusal:
            return failed(*refusal.problems)
    done = book.take(item)
    if not lenient or done.status != FAILED:
        return done
    strange = {problem.field for problem in done.problems if problem.code == "unknown_field"}
    unknown = [name for name in item if str(name)[:100] in strange]
    if not unknown:
        return done
    return replace(book.take(_without(item, unknown)), ignored=_noted(unknown))


def _strange(book: Book[Row], item: Mapping[str, Any]) -> Collection[str]:
    """What a book that knows its fields does not know of a row."""
    return [name for name in item if name not in book.fields] if book.fields else ()


def _without(item: Mapping[str, Any], names: Collection[str]) -> Mapping[str, Any]:
    return {name: value for name, value in item.items() if name not in names}


def _noted(names: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(str(name)[:60] for name in names))


def customer_ids(scope: Scope, source: str, words: Sequence[str]) -> dict[str, int]:
    """Customers of the scope by our number or by the id they have in the source."""
    if not words:
        return {}
    rows = Customer.visible_to(scope)
    wanted = list(words)
    by_id = rows.filter(external_ids__source=source, external_ids__external_id__in=wanted)
    found = dict(by_id.values_list("external_ids__external_id", "id"))
    return found | dict(rows.filter(number__in=wanted).values_list("number", "id"))

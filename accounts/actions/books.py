"""Rows that come in by hundreds: checked whole, compared with what is stored, written set by set (sync-api "Writing").

A missing field keeps what is stored, null clears it. A row equal to what is stored writes nothing.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db import connection
from django.utils import timezone

from accounts.models import Customer
from crm.core.db import write
from crm.core.errors import FieldProblem
from crm.core.scope import Scope, ScopedModel

if TYPE_CHECKING:
    from crm.core.models import User

CREATED, UPDATED, UNCHANGED, STALE, FAILED = "created", "updated", "unchanged", "stale", "failed"
MOST_ROWS = 1000
Row = TypeVar("Row", bound=ScopedModel)


@dataclass(frozen=True, slots=True)
class Done(Generic[Row]):
    """What came of one row; a created row has its id once the set is written."""

    status: str
    row: Row | None = None
    problems: tuple[FieldProblem, ...] = ()

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

    def __init__(self, *, scope: Scope, by: User | None, now: datetime) -> None:
        self.scope, self.by, self.now = scope, by, now
        self.today: date = timezone.localdate(now)
        self.made: list[Row] = []
        self.changed: dict[int, Row] = {}
        self.columns: set[str] = set()

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

    def save(self) -> None:
        """Write what was noted."""
        self.model.unscoped.bulk_create(self.made)
        if self.changed:
            self.model.unscoped.bulk_update(self.changed.values(), sorted(self.columns), batch_size=MOST_ROWS)


def upsert(
    book: Book[Row], items: Sequence[Mapping[str, Any]], *, atomic: bool = False, dry_run: bool = False
) -> tuple[list[Done[Row]], bool]:
    """(what came of each row in order, whether anything was kept)."""
    with write(by=book.by, label="" if book.by else book.label):
        with connection.cursor() as cursor:
            # Two calls with the same new row wait for each other instead of failing.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [book.lock_name])
        book.load(items)
        done = [book.take(item) for item in items]
        is_kept = not dry_run and not (atomic and any(row.status == FAILED for row in done))
        if is_kept:
            book.save()
    return done, is_kept


def customer_ids(scope: Scope, source: str, words: Sequence[str]) -> dict[str, int]:
    """Customers of the scope by our number or by the id they have in the source."""
    if not words:
        return {}
    rows = Customer.visible_to(scope)
    wanted = list(words)
    by_id = rows.filter(external_ids__source=source, external_ids__external_id__in=wanted)
    found = dict(by_id.values_list("external_ids__external_id", "id"))
    return found | dict(rows.filter(number__in=wanted).values_list("number", "id"))

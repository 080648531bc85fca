"""Loads one file: stage the good rows, then chunk by chunk say what is to be done with each and do it (mechanisms C).

Nothing is written before the whole file has been read. A chunk is one transaction of at most 20,000 rows, a few
seconds long, so nobody waits for it; all or nothing is for files of up to 10,000 rows (decisions 25).
"""

from __future__ import annotations

import gc
import io
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext_lazy as _

from accounts.actions.books import BOTH, KNOWN_ONLY, NEW_ONLY
from accounts.actions.versions import records_changed
from crm.core.db import write
from crm.core.delimited.openers import Opener
from crm.core.delimited.problems import RowProblem
from crm.core.delimited.reader import Layout, blocks
from crm.core.errors import Conflict, Invalid
from crm.core.scope import Scope
from crm.core.text import mask_value
from crm.core.wording import worded
from sync.imports.checks import Checker, search_cells
from sync.imports.deeds import carry_out
from sync.imports.keys import KEYS, find_keys, link_ids, twin_rows
from sync.imports.learned import take_over
from sync.imports.mapping import Mapping
from sync.imports.outcome import Outcome
from sync.imports.ownership import heed_owners
from sync.imports.statements import Statements

if TYPE_CHECKING:
    from crm.core.models import User

READ_AT_ONCE = 5_000
COPY_BYTES = 1 << 18
CHUNK = 20_000
MOST_AT_ONCE = 10_000
AT_ONCE = 2_000
"""A file of so many rows opens the duties of its new customers itself; those of a bigger one are the night's work."""
LOCK_SPACE = 0x494D50  # "IMP": one import of a source at a time
REASONS: dict[str, Any] = {
    "not_found": _("There is nothing of this name, or you may not see it."),
    "required": _("This field is required."),
    "kind_fixed": _("The kind cannot change while the customer has a tier or a manager."),
    "ordinary_customer": _("An ordinary customer has neither manager nor tier. Upgrade the customer first."),
    "invalid_choice": _("Customers of this kind do not have this tier."),
    "not_for_kind": _("Customers of this kind do not have this field."),
    "circular": _("A customer cannot belong to itself."),
    "ambiguous": _("Several customers have this number."),
    "taken": _("This external id belongs to another customer."),
}
# What is left alone where only new customers are wanted, or only known ones.
UNWANTED = {
    NEW_ONLY: "UPDATE import_work SET action = 'skipped', is_lower = FALSE WHERE action NOT IN ('created', 'failed')",
    KNOWN_ONLY: "UPDATE import_work SET action = 'skipped' WHERE action = 'created' OR (action = 'failed'"
    " AND customer_id IS NULL)",
}

Progress = Callable[[int, int, Any], None]


class RolledBack(Exception):
    """All or nothing, and something was wrong."""


@dataclass
class Load:
    """One import on its way."""

    opener: Opener
    layout: Layout
    mapping: Mapping
    checker: Checker
    statements: Statements
    scope: Scope
    by: User | None
    now: datetime
    today: date
    on_problem: Callable[[RowProblem], None]
    on_progress: Progress
    outcome: Outcome = field(default_factory=Outcome)
    last_row: int = 0
    staged: int = 0

    def stage(self) -> None:
        """Read the file to its end; good rows go to the stage, bad ones to the report."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM accounts_externalid WHERE source = %s LIMIT 1", [self.mapping.source])
            is_empty = cursor.fetchone() is None and self.mapping.key == "external_id"
            is_first = is_empty and "name" in self.statements.names and not self.statements.is_dry
            self.statements.is_first = self.statements.is_alone = self.checker.adds_search = is_first
            for statement in self.statements.create():
                cursor.execute(statement)
        with collecting_seldom():
            self._read()
        self._index()
        self._refuse_twins()
        self._find_keys()
        if not is_first:
            self._refuse_later_rows(twin_rows(self.statements.keys))
        self.outcome.not_owned, self.outcome.kept = heed_owners(self.statements)

    def _read(self) -> None:
        for block in blocks(self.opener, self.layout, READ_AT_ONCE):
            lines, problems = self.checker.check(block)
            self._tell(problems)
            size = len(block.rows) + len(block.problems)
            self.outcome.rows += size
            self.outcome.failed += size - len(lines)
            self.staged += len(lines)
            if block.numbers:
                self.last_row = block.numbers[-1]
            if lines:
                lines.append("")
                with connection.cursor() as cursor:
                    cursor.copy_expert(self.statements.copy(), io.BytesIO("\n".join(lines).encode()), COPY_BYTES)
            self.on_progress(block.bytes_done // 2, self.layout.size, _("Checking rows"))

    def _index(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("CREATE INDEX ON import_stage (row_no)")
            if self.statements.is_dry and "group" in self.statements.names:
                cursor.execute("CREATE INDEX ON import_stage (external_id)")

    def _refuse_twins(self) -> None:
        """The same external id twice in one file: the first row counts, the others are named."""
        self._refuse_later_rows(
            "WITH twice AS (SELECT external_id, min(row_no) AS first FROM import_stage GROUP BY 1"
            " HAVING count(*) > 1)"
            " DELETE FROM import_stage s USING twice t WHERE s.external_id = t.external_id AND s.row_no > t.first"
            " RETURNING s.row_no, s.external_id, t.first"
        )

    def _refuse_later_rows(self, statement: str) -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, self.statements.given)
            twins = sorted(cursor.fetchall())
        for row, word, first in twins:
            text = worded(_("Row %(first)d is about the same record."), first=first)
            self._tell([RowProblem(row, self.column_of(self.mapping.key), "duplicate", text, mask_value(word))])
        self.outcome.failed += len(twins)
        self.staged -= len(twins)

    def _find_keys(self) -> None:
        """Rows that know customers by number or phone: whom they mean; a row that means nobody, or two, is named."""
        if self.mapping.key == "external_id":
            return
        self.statements.keys = KEYS
        with connection.cursor() as cursor:
            for statement, code in find_keys(self.mapping.key, self.scope):
                cursor.execute(statement, self.statements.given)
                for row, word in cursor.fetchall() if code else ():
                    text, where = REASONS[code], self.column_of(self.mapping.key)
                    self._tell([RowProblem(row, where, code, text, mask_value(word))])
                    self.outcome.failed += 1
                    self.staged -= 1

    def apply(self, *, atomic: bool) -> None:
        """Do it, chunk by chunk; with `atomic` everything or nothing."""
        if not atomic:
            for chunk in self._chunks():
                self._apply_chunk(**chunk)
            return
        if self.staged > MOST_AT_ONCE:
            raise Invalid(
                _("All or nothing is for files of at most %(max)d rows, this one has %(has)d."),
                code="too_many",
                field="file",
                params={"max": MOST_AT_ONCE, "has": self.staged},
            )
        try:
            if self.outcome.failed:
                self.preview()  # nothing will be written: find what else is wrong
                raise RolledBack
            with write(by=self.by, label=self._label):
                for chunk in self._chunks():
                    self._apply_chunk(**chunk)
                if self.outcome.failed:
                    raise RolledBack
        except RolledBack:
            self.outcome = self.outcome.undone()

    def preview(self) -> None:
        """Say what would be done; nothing is written."""
        for chunk in self._chunks():
            with transaction.atomic():
                self._count(self._classify(**chunk))
            self._told(chunk["last"])

    @property
    def _label(self) -> str:
        return "" if self.by is not None else "system:import"

    def _chunks(self) -> Iterator[dict[str, Any]]:
        for belongs in (False, True) if "group" in self.statements.names else (False,):
            for first in range(1, self.last_row + 1, CHUNK):
                yield {"first": first, "last": first + CHUNK - 1, "belongs": belongs}

    def _apply_chunk(self, **chunk: Any) -> None:
        """One transaction; a twin created by somebody else in this very moment makes it look again."""
        for tries in (1, 2, 3):
            try:
                with write(by=self.by, label=self._label):
                    with connection.cursor() as cursor:
                        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                    counts = self._classify(**chunk)
                    if counts["created"] or counts["updated"] or counts["lower"]:
                        self._name_rows()
                        carry_out(
                            self.statements,
                            by=self.by,
                            now=self.now,
                            today=self.today,
                            opens_duties=self.staged <= AT_ONCE,
                        )
                    linked = self._link()
                    if self.mapping.mode != NEW_ONLY:
                        take_over(self.statements)
                break
            except IntegrityError:
                self.statements.is_alone = False
                if tries == 3:
                    raise
        self.outcome.linked += linked
        self._count(counts)
        self._told(chunk["last"])

    def _link(self) -> int:
        """Customers known by number or phone get the id that the file names, if they have none of this source."""
        if "new_id" not in self.statements.names:
            return 0
        with connection.cursor() as cursor:
            cursor.execute(link_ids(), self.statements.given)
            linked = [row[0] for row in cursor.fetchall()]
        records_changed(linked, now=self.now)
        return len(linked)

    def _classify(self, **chunk: Any) -> Counter[str]:
        """Say what is to be done with each row of the chunk; `lower`: tiers that become proposals."""
        self.statements.given |= chunk
        sql, params = self.statements.classify()
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE import_work, import_named")
            cursor.execute("SELECT set_config('enable_memoize', 'off', true)")
            cursor.execute(sql, params)
            written = cursor.rowcount
            if self.mapping.mode != BOTH:
                cursor.execute(UNWANTED[self.mapping.mode])
            cursor.execute(self.statements.count(), params)
            counts = Counter({"unchanged": cursor.fetchone()[0] - written})
            if written:
                cursor.execute("ANALYZE import_work")
                cursor.execute("SELECT action, count(*), count(*) FILTER (WHERE is_lower) FROM import_work GROUP BY 1")
                for action, count, lower in cursor.fetchall():
                    counts[action] += count
                    counts["lower"] += lower if action in ("updated", "unchanged") else 0
        return counts

    def _count(self, counts: Counter[str]) -> None:
        if counts["failed"]:
            self._report_failed()
        for action in ("created", "updated", "unchanged", "stale", "failed", "skipped"):
            setattr(self.outcome, action, getattr(self.outcome, action) + counts[action])
        self.outcome.proposed += counts["lower"]

    def _report_failed(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT w.row_no, w.problems, to_jsonb(s) FROM import_work w JOIN import_stage s"
                " ON s.row_no = w.row_no WHERE w.action = 'failed' ORDER BY w.row_no"
            )
            for row, problems, stored in cursor.fetchall():
                self._tell(self._problem(row, text, stored) for text in problems)

    def _problem(self, row: int, text: str, stored: Any) -> RowProblem:
        code, __, name = text.partition(" ")
        values = json.loads(stored) if isinstance(stored, str) else stored
        value = values.get("group_code" if name == "group" else name)
        return RowProblem(
            row, self.column_of(name), code, REASONS[code], mask_value("" if value is None else str(value))
        )

    def column_of(self, name: str) -> str:
        """What the file calls a field; our own name where it has no column."""
        name = {"external_id": self.mapping.key, "new_id": "external_id"}.get(name, name)
        entry = self.mapping.fields.get(name)
        return ", ".join(entry.columns) if entry is not None and entry.columns else name

    def _name_rows(self) -> None:
        """Search columns for new and changed names, made here; those of a source's first file are in the stage."""
        if self.statements.is_first:
            return
        with connection.cursor() as cursor:
            cursor.execute(self.statements.name_new(), self.statements.given)
            lines = [f"{row}\t{search_cells(name)}\n" for row, name in cursor.fetchall()]
            if lines:
                cursor.copy_expert("COPY import_named FROM STDIN", io.StringIO("".join(lines)))
                cursor.execute("ANALYZE import_named")

    def _tell(self, problems: Sequence[RowProblem] | Iterator[RowProblem]) -> None:
        for problem in problems:
            self.on_problem(problem)

    def _told(self, last: int) -> None:
        size = self.layout.size
        share = min(last, self.last_row) / max(self.last_row, 1)
        self.on_progress(size // 2 + int(size / 2 * share), size, _("Saving customers"))


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """Rows are lists of texts and hold no cycles: looking for some after every 700 of them took a third of reading."""
    before = gc.get_threshold()
    gc.set_threshold(100_000, 20, 100)
    try:
        yield
    finally:
        gc.set_threshold(*before)


@contextmanager
def only_one(source: str) -> Iterator[None]:
    """One import of a source at a time, whoever starts it; the lock falls with the connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [LOCK_SPACE, source])
        if not cursor.fetchone()[0]:
            raise Conflict(_("An import of this source is running already."), code="already_running")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS import_stage, import_work, import_named, import_keys")
            cursor.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", [LOCK_SPACE, source])

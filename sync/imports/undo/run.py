"""Undoing one import, some hundred records a transaction: each is taken back whole, or stays whole and is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy

from accounts.actions.versions import profiles_changed
from accounts.feed import VERSIONED
from crm.core.db import write
from crm.core.jobs import Report
from crm.core.models import Job, User
from crm.core.wording import Text
from sync.imports.kinds import ImportKind
from sync.imports.undo import after, reverse
from sync.imports.undo.checks import changed_since, removal_of
from sync.imports.undo.log import DROP, model_of, read_log
from sync.imports.undo.look import EVENTS, OF_A_DEED, VISITS, judge, labels, records

CHUNK = 500
CUSTOMERS = "accounts_customer"

BESIDE = {"accounts_externalid", *(table for table, column in VERSIONED if column == "customer_id")}
"""What stands beside a customer's own row and moves the version all the same."""


@dataclass
class Undoing:
    """One undoing on its way."""

    imported: Job
    kind: ImportKind
    own_trace: str
    by: User
    now: datetime
    report: Report
    removed: int = 0
    restored: int = 0
    refused: int = 0
    secret: set[str] = field(default_factory=set)
    tables: list[str] = field(default_factory=list)

    def run(self) -> dict[str, Any]:
        """Read what the import wrote, then take it back record by record."""
        read_log(self.imported, self.kind.root)
        try:
            roots, self.tables = records(self.kind.root)
            for first in range(0, len(roots), CHUNK):
                with write(by=self.by):
                    self._chunk(roots[first : first + CHUNK])
                done = min(first + CHUNK, len(roots))
                self.report.progress(done, len(roots), gettext_lazy("Taking records back"))
            with write(by=self.by):
                self._strays()
        finally:
            with connection.cursor() as cursor:
                cursor.execute(DROP)
        return {
            "kind": self.kind.key, "removed": self.removed, "restored": self.restored, "refused": self.refused,
            "not_held": sorted(self.secret),
        }  # fmt: skip

    @property
    def _own(self) -> tuple[str, str]:
        return self.imported.params["trace"], self.own_trace

    def _chunk(self, roots: Sequence[int]) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        refused, removal = judge(self.kind.root, roots, self.tables, self._own)
        self._say(refused)
        taken = [root for root in roots if root not in refused]
        customers = self._customers(taken)
        rows = removal.without_refused()
        beside = {removal.roots[table, pk] for table in BESIDE for pk in rows.get(table, ())}
        moved = set(self._customers(sorted(beside)))
        if self.kind.root == VISITS:
            after.withdraw_visits(rows.get(VISITS, []), self.by, self.now)
        if self.kind.root == EVENTS:
            stay = after.take_events_back(rows.get(EVENTS, []), self.by, self.now)
            self._say(stay)
            rows[EVENTS] = [pk for pk in rows.get(EVENTS, []) if pk not in stay]
            taken = [root for root in taken if root not in stay]
        gone = set(rows.get(self.kind.root, ()))
        self._remove_tasks(gone)
        reverse.remove(rows)
        self.removed += len(gone)
        moved |= set(self._customers(sorted(self._restore(taken, gone))))
        profiles_changed(moved - gone if self.kind.root == CUSTOMERS else moved, now=self.now)
        self._follow([customer for customer in customers if self.kind.root != CUSTOMERS or customer not in gone])

    def _remove_tasks(self, gone: set[int]) -> None:
        """Tasks that the import made for records that go."""
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM accounts_task t USING undo_touched u WHERE u.tbl = 'accounts_task' AND u.is_new"
                " AND t.id = u.row_id AND t.origin_table = %s AND t.origin_id = ANY(%s)",
                [self.kind.root, list(gone)],
            )

    def _restore(self, roots: Sequence[int], gone: set[int]) -> set[int]:
        """Values and rows come back; answers the records whose customers have no new version by that."""
        kept = [root for root in roots if root not in gone]
        found: dict[str, set[int]] = {}
        for table in self.tables:
            changed, secret = reverse.restore(table, kept, now=self.now)
            returned, is_whole = reverse.bring_back(table, kept)
            if not is_whole:
                self.secret.add(table)
            self.secret |= secret
            found[table] = changed | returned
        self.restored += len(kept)
        customers = found.get(CUSTOMERS, set())
        if customers:
            reverse.name_again(sorted(customers))
        return set().union(*(found.get(table, ()) for table in BESIDE)) - customers

    def _customers(self, roots: Sequence[int]) -> list[int]:
        """Whom these records are about."""
        if self.kind.root == CUSTOMERS:
            return list(roots)
        model = model_of(self.kind.root)
        if model is None or not any(entry.column == "customer_id" for entry in model._meta.concrete_fields):
            return []
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT DISTINCT customer_id FROM {connection.ops.quote_name(self.kind.root)}"
                " WHERE id = ANY(%s) AND customer_id IS NOT NULL ORDER BY 1",
                [list(roots)],
            )
            return [row[0] for row in cursor.fetchall()]

    def _follow(self, customer_ids: Sequence[int]) -> None:
        follow = after.AFTER.get(self.kind.root)
        if follow is not None and customer_ids:
            follow(customer_ids, self.now)

    def _strays(self) -> None:
        """Rows that the import made beside its records (a check of an agreement, a month of a member's use): they go
        when nobody has touched them and nothing rests on them any more."""
        if self.kind.root in OF_A_DEED:
            return
        with connection.cursor() as cursor:
            cursor.execute("UPDATE undo_touched SET root_id = -row_id WHERE root_id IS NULL AND is_new")
            cursor.execute("SELECT tbl, row_id, root_id FROM undo_touched WHERE root_id < 0")
            rows = cursor.fetchall()
        spared = changed_since([row[2] for row in rows], sorted({row[0] for row in rows}), self._own)
        removal = removal_of([row for row in rows if row[2] not in spared], self._own)
        reverse.remove(removal.without_refused())

    def _say(self, refused: dict[int, Text]) -> None:
        """Name the records that stay."""
        words = labels(self.kind.root, list(refused)) if refused else {}
        for root, reason in sorted(refused.items()):
            self.refused += 1
            self.report.row_error(self.refused, "edited_since", reason, column=words.get(root, str(root)), value="")

"""A local copy of what a token may see, in SQLite: loaded once, then kept by the change feed, killed at any moment.

Every page and the cursor behind it are stored in one SQLite transaction, so a run that dies goes on where it stopped
and a page that is applied twice changes nothing. A cursor that can no longer be followed (410) leads to a new load
beside the old rows; what the load does not bring is removed at its end.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crm_client.client import Client
from crm_client.errors import CursorGone

PATHS = {
    "customer": "customers",
    "contact_person": "contact-persons",
    "group_member": "group-members",
    "line": "lines",
    "lifecycle_event": "lifecycle-events",
    "signal": "signals",
    "visit": "visits",
    "missed_call": "missed-calls",
    "complaint": "complaints",
    "sales_order": "sales/orders",
    "sales_quota": "sales/quotas",
    "product": "products",
    "subscription": "subscriptions",
    "usage": "usage",
    "bill": "bills",
    "payment": "payments",
    "agreement": "agreements",
    "need": "needs",
    "guarantee": "guarantees",
    "service_policy": "service-policies",
    "policy_enrolment": "policy-enrolments",
    "alert": "alerts",
    "save_case": "save-cases",
    "churn_record": "churn-records",
    "unit": "units",
    "staff": "staff",
    "tier": "tiers",
}
"""Where the records of each type are listed."""

DERIVED = {"customer": frozenset({"last_visit_on", "next_due_on", "duty_state", "is_overdue", "completeness"})}
"""What follows from other rows is no change of the record and not kept: ask the list for it."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS record (
  type TEXT NOT NULL, id INTEGER NOT NULL, load INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (type, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS state (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


@dataclass(slots=True)
class SyncReport:
    """What one run did."""

    loaded: int = 0
    upserted: int = 0
    deleted: int = 0
    reloads: int = 0


class Mirror:
    """The copy in a file (":memory:" for tests). `types` are the types to keep, in the order they are loaded."""

    def __init__(self, path: str | Path, types: Sequence[str]) -> None:
        unknown = set(types) - set(PATHS)
        if unknown or not types:
            raise ValueError(f"types are some of: {', '.join(PATHS)}")
        self.types = tuple(types)
        self._db = sqlite3.connect(str(path), isolation_level=None)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.executescript(_SCHEMA)
        kept = self._state("types")
        if kept and kept != ",".join(self.types):
            raise ValueError(f"this file mirrors {kept}; take another one for other types")
        with self._commit():
            self._remember("types", ",".join(self.types))

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def records(self, kind: str) -> dict[int, dict[str, Any]]:
        """All records of a type by id."""
        rows = self._db.execute("SELECT id, body FROM record WHERE type = ? ORDER BY id", [kind])
        return {record_id: json.loads(body) for record_id, body in rows}

    def sync(self, client: Client, *, most_reloads: int = 1) -> SyncReport:
        """Load what is missing, then follow the feed to its end. May be killed and called again at any moment."""
        report = SyncReport()
        while True:
            try:
                self._load(client, report)
                self._follow(client, report)
            except CursorGone:
                if report.reloads >= most_reloads:
                    raise
                report.reloads += 1
                self._begin_load()
            else:
                return report

    # --- First load

    def _load(self, client: Client, report: SyncReport) -> None:
        if self._state("is_loaded") == "yes":
            return
        if not self._state("load"):
            self._begin_load()
        load = int(self._state("load"))
        done = set(filter(None, self._state("done").split(",")))
        for kind in self.types:
            if kind not in done:
                self._load_type(client, kind, load, report)
                done.add(kind)
        with self._commit():
            self._db.execute("DELETE FROM record WHERE load <> ?", [load])
            self._remember("is_loaded", "yes")

    def _begin_load(self) -> None:
        with self._commit():
            self._remember("load", str(int(self._state("load") or 0) + 1))
            for name in ("is_loaded", "done", "place", "cursor"):
                self._remember(name, "")

    def _load_type(self, client: Client, kind: str, load: int, report: SyncReport) -> None:
        """The list of one type from the place where it was left; the feed's cursor is that of the very first page."""
        for page in client.pages(PATHS[kind], cursor=self._state("place")):
            with self._commit():
                if not self._state("cursor"):
                    self._remember("cursor", page["changes_cursor"])
                self._db.executemany(
                    "INSERT OR REPLACE INTO record (type, id, load, body) VALUES (?, ?, ?, ?)",
                    [(kind, item["id"], load, _kept(kind, item)) for item in page["items"]],
                )
                self._remember("place", page["next"] or "")
                if not page["next"]:
                    self._remember("done", f"{self._state('done')},{kind}")
            report.loaded += len(page["items"])

    # --- What changed since

    def _follow(self, client: Client, report: SyncReport) -> None:
        load, more = int(self._state("load")), True
        while more:
            page = client.changes(self._state("cursor"), self.types, records=True)
            with self._commit():
                for item in page.items:
                    self._apply(item, load, report)
                self._remember("cursor", page.next)
            more = page.more

    def _apply(self, item: Mapping[str, Any], load: int, report: SyncReport) -> None:
        if item["op"] == "delete":
            gone = self._db.execute("DELETE FROM record WHERE type = ? AND id = ?", [item["type"], item["id"]])
            report.deleted += gone.rowcount
            return
        self._db.execute(
            "INSERT OR REPLACE INTO record (type, id, load, body) VALUES (?, ?, ?, ?)",
            [item["type"], item["id"], load, _kept(item["type"], item["record"])],
        )
        report.upserted += 1

    # --- SQLite

    @contextmanager
    def _commit(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _state(self, name: str) -> str:
        row = self._db.execute("SELECT value FROM state WHERE name = ?", [name]).fetchone()
        return str(row[0]) if row else ""

    def _remember(self, name: str, value: str) -> None:
        self._db.execute("INSERT OR REPLACE INTO state (name, value) VALUES (?, ?)", [name, value])


def _kept(kind: str, record: Mapping[str, Any]) -> str:
    left_out = DERIVED.get(kind, frozenset())
    return json.dumps({name: value for name, value in record.items() if name not in left_out}, ensure_ascii=False)

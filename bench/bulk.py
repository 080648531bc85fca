"""100,000 customers by the bulk call, 1,000 rows each, a tenth of them changed, against one bare upsert of the same rows."""

from __future__ import annotations

import csv
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from bench import data, imports
from bench.report import Figure, against

ROWS = int(os.environ.get("BENCH_BULK_ROWS", "100000"))
A_CALL = 1000
REACH = 2.5
PERSON = {"sex", "birthday"}
UPSERT = (
    "INSERT INTO accounts_customer (number, kind, name, pinyin, initials, state, unit_id, manager_id, tier_id, phone,"
    " other_phone, email, district, business_address, credit_code, industry, market_band, monthly_spend, joined_on,"
    " is_important, important_reason, preferred_channel, preferred_time, no_marketing, sim_kind, service_notes,"
    " version, created_at, updated_at)"
    " SELECT c.number, t.kind, t.name, c.pinyin, c.initials, 'active', u.id, s.id, r.id, t.phone, '', t.email,"
    " t.district, t.business_address, '', '', t.market_band, t.monthly_spend, t.joined_on, false, '', '', '', false,"
    " t.sim_kind, '', 1, now(), now()"
    " FROM jsonb_to_recordset(%s::jsonb) AS t(external_id text, kind text, name text, unit text, manager text,"
    " tier text, phone text, email text, district text, business_address text, market_band text,"
    " monthly_spend numeric, joined_on date, sim_kind text)"
    " JOIN accounts_externalid e ON e.source = 'bench' AND e.external_id = t.external_id"
    " JOIN accounts_customer c ON c.id = e.customer_id"
    " JOIN accounts_unit u ON u.code = t.unit JOIN accounts_staff s ON s.number = t.manager"
    " JOIN accounts_tier r ON r.kind = t.kind AND r.code = t.tier"
    " ON CONFLICT (number) DO UPDATE SET name = EXCLUDED.name, phone = EXCLUDED.phone, email = EXCLUDED.email,"
    " district = EXCLUDED.district, monthly_spend = EXCLUDED.monthly_spend, updated_at = EXCLUDED.updated_at"
)


def _calls(path: Path) -> Iterator[bytes]:
    """The items of each call as they come over the wire."""
    named = {column: name for name, column in imports.MAPPING["fields"].items()}  # type: ignore[attr-defined]
    rows: list[dict[str, Any]] = []
    with path.open(encoding="utf-8") as file:
        for given in csv.DictReader(file):
            row: dict[str, Any] = {named[column]: value for column, value in given.items()}
            row["person"] = {name: row.pop(name) for name in PERSON}
            rows.append(row)
            if len(rows) == A_CALL:
                yield orjson.dumps(rows)
                rows = []


def _bare(calls: list[bytes]) -> None:
    """The same rows by one statement a call into the same table with its indexes, no triggers, rolled back."""
    with transaction.atomic(), connection.cursor() as db:
        db.execute("ALTER TABLE accounts_customer DISABLE TRIGGER USER")
        for call in calls:
            db.execute(UPSERT, [call.decode()])
        db.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


def _bulk(calls: list[bytes], states: Counter[str]) -> None:
    """What the route does with each body."""
    from accounts.api.bulk import bulk_answers

    for call in calls:
        rows, _kept = bulk_answers(
            orjson.loads(call), source="bench", is_own_source_only=True, is_atomic=False, is_dry_run=False,
            by=None, now=timezone.now(), unit_id=None,  # type: ignore[arg-type] # the system, as a night of billing
        )  # fmt: skip
        states.update(row["status"] for row in rows)
        orjson.dumps(rows)


def measure(fresh_database: Callable[[], None]) -> list[Figure]:
    """`bulk`: CPU of both sides of the connection, against the middle of three floors."""
    fresh_database()
    data.people_only()
    folder = Path(settings.VAR) / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    whole, tenth = folder / "bulk.csv", folder / "bulk_tenth.csv"
    imports.write_file(whole, count=ROWS)
    imports.write_file(tenth, count=ROWS, changed=10)
    print(f"loading {ROWS:,} customers …", file=sys.stderr)
    imports._import(whole)
    with connection.cursor() as db:
        db.execute("VACUUM ANALYZE")
    calls = list(_calls(tenth))
    floor = sorted(imports._used(lambda: _bare(calls)) for _round in range(3))[1]
    states: Counter[str] = Counter()
    used = imports._used(lambda: _bulk(calls, states))
    again: Counter[str] = Counter()
    same = imports._used(lambda: _bulk(calls, again))
    note = ", ".join(f"{count:,} {state}" for state, count in sorted(states.items()))
    figures = [against("bulk", used, floor, REACH, "s CPU", f"{note}; {ROWS / used:.0f} rows/CPU s")]
    return [*figures, against("bulk_again", same, floor, REACH, "s CPU", f"{again['unchanged']:,} unchanged")]

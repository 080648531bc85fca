"""100,000 customers by bulk calls of 1,000 rows to gunicorn, a tenth of them changed, against the bare upserts of them.

`bulk`: the first night; `bulk_again`: the same bodies once more, of which nothing is new; `bulk_told`: once more, each
row with a later moment of its source.
"""

from __future__ import annotations

import csv
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from bench import cpu, data, imports
from bench.report import Figure, against
from bench.site import HEADERS, Site, start

ROWS = int(os.environ.get("BENCH_BULK_ROWS", "100000"))
A_CALL = 1000
WARM = 8
REACH = 2.5
FLOOR = Path(__file__).with_name("floors") / "bulk.sql"
PERSON = {"sex", "birthday"}


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


def _told(calls: list[bytes]) -> list[bytes]:
    """The same rows, each with the moment at which its source wrote it down."""
    moment = (timezone.now() - timedelta(minutes=1)).isoformat()
    return [orjson.dumps([row | {"source_updated_at": moment} for row in orjson.loads(call)]) for call in calls]


def _bare(calls: list[bytes]) -> None:
    """The same rows by one statement a call into the same table with its indexes, no triggers, rolled back."""
    with transaction.atomic(), connection.cursor() as db:
        db.execute("ALTER TABLE accounts_customer DISABLE TRIGGER USER")
        db.execute(f"PREPARE bulk (jsonb) AS {FLOOR.read_text()}")
        for call in calls:
            db.execute("EXECUTE bulk (%s)", [call.decode()])
        db.execute("DEALLOCATE bulk")
        db.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


def _bulk(site: Site, token: str, calls: list[bytes]) -> tuple[float, Counter[str]]:
    """(CPU seconds of web and database, what came of the rows) of all calls on one connection."""
    wire, states, pids = site.connect(), Counter[str](), site.pids
    headers = {"Host": HEADERS["Host"], "Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    used = 0.0
    for call in calls:
        body = b'{"items":' + call + b"}"
        before = cpu.seconds(pids)
        wire.request("POST", "/api/v1/customers/bulk", body=body, headers=headers)
        content = wire.getresponse().read()
        used += cpu.seconds(pids) - before
        states.update(row["status"] for row in orjson.loads(content)["items"])
    return used, states


def measure(fresh_database: Callable[[], None]) -> list[Figure]:
    """CPU of both sides of the connection, against the middle of three floors."""
    fresh_database()
    director = data.people_only()
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
    token = data.token_of(director, "customers:read", "customers:write")
    site, figures = start(), []
    try:
        # Both web processes and their connections are warm before anything counts.
        _bulk(site, token, list(_calls(whole))[:WARM] * 2)
        for name, bodies in (("bulk", calls), ("bulk_again", calls), ("bulk_told", _told(calls))):
            used, states = _bulk(site, token, bodies)
            note = ", ".join(f"{count:,} {state}" for state, count in sorted(states.items()))
            figures.append(against(name, used, floor, REACH, "s CPU", f"{note}; {ROWS / used:.0f} rows/CPU s"))
    finally:
        site.stop()
    return figures

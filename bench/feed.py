"""The feed and the first load by gunicorn, against the bare SQL of the same rows (sync-api, "Reading what changed").

`first_load`: 100,000 customers by pages of 1,000; `changes_ids` and `changes_records`: a page of 1,000 changes of as
many customers out of 20,000 in 4,000 transactions; `changes_behind_idle_writer`: the same page while a transaction that
wrote before them sits idle, against the page without it.
"""

from __future__ import annotations

import gzip
import json
import os
import statistics
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

from bench import cpu, data
from bench.report import Figure, against
from bench.site import HEADERS, Request, Site, cpu_per_request, floor_ms, send, start
from crm.core.models import User

FLOORS = Path(__file__).with_name("floors")
PAGE = 1000
ROUNDS = 5
TRANSACTIONS, EACH = 4000, 5


def measure(fresh_database: Callable[[], None]) -> list[Figure]:
    """Fill, load, change, read the changes."""
    customers = int(os.environ.get("BENCH_CUSTOMERS", "100000"))
    fresh_database()
    print(f"filling {customers:,} customers …", file=sys.stderr)
    world = data.build(customers)
    _quiet()
    token = data.token_of(world.director)
    site = start()
    try:
        figures = [_first_load(site, world.director, token, customers)]
        figures += _changes(site, world.director, token, customers)
    finally:
        site.stop()
    return figures


def _quiet() -> None:
    """Tables as after a quiet day: who reads a row first after a load pays for it, and tidying up is counted as well."""
    with connection.cursor() as db:
        db.execute("VACUUM ANALYZE")


def _sql(name: str) -> str:
    return (FLOORS / f"{name}.sql").read_text()


def _body(content: bytes) -> dict[str, Any]:
    return json.loads(gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content)  # type: ignore[no-any-return]


def _first_load(site: Site, user: User, token: str, customers: int) -> Figure:
    """All pages, each next to its floor; a machine on the same network takes them unpacked."""
    used, bare, cursor, seen = 0.0, 0.0, "", 0
    wire = site.connect()
    with plain():
        for _warm in range(16):
            send(site, wire, Request("/api/v1/customers?limit=1000", user, token=token))
        for page in range(customers // PAGE):
            at = f"&cursor={cursor}" if cursor else ""
            request = Request(f"/api/v1/customers?limit={PAGE}{at}", user, token=token)
            before = cpu.seconds(site.pids)
            body = _body(send(site, wire, request))
            used += cpu.seconds(site.pids) - before
            after = body["items"][0]["id"] - 1
            bare += floor_ms(_sql("first_load"), [after, PAGE + 1], 1) + floor_ms(
                _sql("external_ids"), [after, PAGE], 1
            )
            cursor, seen = body["next"] or "", seen + len(body["items"])
            if page == 0:
                assert body["changes_cursor"]
    assert seen == customers, seen
    return against("first_load", used * 1000, bare, 2.5, note=f"{customers:,} customers by pages of {PAGE}, unpacked")


@contextmanager
def plain() -> Iterator[None]:
    """Without Accept-Encoding."""
    packed = HEADERS.pop("Accept-Encoding", None)
    try:
        yield
    finally:
        if packed is not None:
            HEADERS["Accept-Encoding"] = packed


def _changes(site: Site, user: User, token: str, customers: int) -> list[Figure]:
    begin = _body(send(site, site.connect(), Request("/api/v1/changes", user, token=token)))["next"]
    with connection.cursor() as db:
        db.execute("SELECT pg_current_snapshot()::text")
        snapshot = db.fetchone()[0]
    idle = connection.copy()
    idle.set_autocommit(False)
    try:
        with idle.cursor() as db:
            db.execute(
                "UPDATE accounts_customer SET district = 'idle' WHERE id = (SELECT max(id) FROM accounts_customer)"
            )
        with connection.cursor() as db:
            for place in range(TRANSACTIONS):
                first = 1 + place * EACH % (customers - EACH)
                db.execute(
                    "UPDATE accounts_customer SET district = %s WHERE id BETWEEN %s AND %s",
                    [f"d{place}", first, first + EACH - 1],
                )
            db.execute("SELECT pg_current_snapshot()::text")
            now = db.fetchone()[0]
        _quiet()
        asked = {
            "changes_ids": Request(f"/api/v1/changes?cursor={begin}&limit={PAGE}", user, token=token),
            "changes_records": Request(
                f"/api/v1/changes?cursor={begin}&limit={PAGE}&include=record", user, token=token
            ),
        }
        body = _body(send(site, site.connect(), asked["changes_records"]))
        assert len(body["items"]) == PAGE and body["more"] and "record" in body["items"][0]
        waiting = _page(site, asked["changes_ids"])
    finally:
        idle.rollback()
        idle.close()
    since: list[Any] = [str(int(snapshot.split(":")[0]) - 1), 2**63 - 1, snapshot, now]
    found: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in asked}
    for _round in range(ROUNDS):
        for name, request in asked.items():
            floor = "changes" if name == "changes_ids" else name
            found[name][0].append(_page(site, request))
            found[name][1].append(floor_ms(_sql(floor), since, 20))
    ids, records = (tuple(statistics.median(values) for values in found[name]) for name in asked)
    return [
        against("changes_ids", ids[0], ids[1], 4.0, note="1,000 of 20,000 changes in 4,000 transactions, ids"),
        against("changes_records", records[0], records[1], 8.0, note="the same with the records"),
        against(
            "changes_behind_idle_writer", waiting, ids[0], 1.5, note="the first page while a writer before it sits idle"
        ),
    ]


def _page(site: Site, request: Request) -> float:
    with plain():
        return cpu_per_request(site, request, 20)[0]

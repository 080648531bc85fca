"""Pages and API routes against the bare SQL of the rows they show (issue 2 §8; floors in bench/floors/)."""

from __future__ import annotations

import sys
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connection
from django.utils import timezone

from bench import cpu, data
from bench.report import Figure, against
from bench.site import Request, Site, cpu_per_request, floor_ms, send
from crm.core import prepared
from crm.core.models import User

FLOORS = Path(__file__).with_name("floors")
ROUNDS = 5
REQUESTS = 60
LEAST_FLOOR_MS = 0.25


def floor_sql(name: str) -> str:
    """The SQL of a floor, a file of its own."""
    return (FLOORS / f"{name}.sql").read_text()


def interleaved(site: Site, request: Request, floors: list[tuple[str, list[Any]]]) -> tuple[float, float, float]:
    """(CPU ms a request, CPU ms of its floor, requests/s): medians of five interleaved rounds (decisions 35)."""
    pages, bare, rates = [], [], []
    for _round in range(ROUNDS):
        bare.append(sum(floor_ms(sql, params, REQUESTS) for sql, params in floors))
        used, rate = cpu_per_request(site, request, REQUESTS)
        pages.append(used)
        rates.append(rate)
    middle = ROUNDS // 2
    return sorted(pages)[middle], sorted(bare)[middle], sorted(rates)[middle]


def deep_cursor(user: User, position: int, sort: str) -> str:
    """The cursor behind row `position` of the list."""
    from accounts.queries.customer_list import customer_page

    cursor = ""
    for _page in range(position // 1000):
        cursor = customer_page(user.access.scope, sort=sort, cursor=cursor, limit=1000, columns="c.id").next
    return cursor


def measure(site: Site, world: data.World) -> list[Figure]:
    """Every page of the table."""
    director, supervisor, manager = world.director, world.supervisor, world.manager
    for user in (director, supervisor, manager, world.small_manager):
        site.sign_in(user)
    unit = list(supervisor.access.scope.unit_ids)
    own = list(manager.access.scope.manager_ids)
    with connection.cursor() as db:
        db.execute(
            "SELECT value, customer_id FROM accounts_standing"
            " ORDER BY value DESC, customer_id DESC OFFSET 50000 LIMIT 1"
        )
        deep = list(db.fetchone())
    token = data.token_of(director)
    plan = [
        ("customer_list", Request("/customers/", director), [(floor_sql("list"), [51])], 25),
        (
            "customer_list_deep",
            Request(f"/customers/?cursor={deep_cursor(director, 50_000, 'value')}", director),
            [(floor_sql("list_after"), [*deep, 51])],
            25,
        ),
        ("customer_list_owner", Request("/customers/", manager), [(floor_sql("list_owner"), [own, 51])], 25),
        ("customer_list_unit", Request("/customers/", supervisor), [(floor_sql("list_unit"), [unit, 51])], 25),
        (
            "customer_search",
            Request(f"/customers/?q={quote(data.RARE)}", director),
            [(floor_sql("search"), [f"'{data.RARE}'", 51])],
            25,
        ),
        (
            "customer_search_common",
            Request(f"/customers/?q={quote(data.COMMON)}", director),
            [(floor_sql("search"), [f"'{data.COMMON}'", 51])],
            25,
        ),
        (
            "customer_api",
            Request("/api/v1/customers?limit=50&sort=value", director, token=token),
            [(floor_sql("list"), [51])],
            10,
        ),
        (
            "customer_api_deep",
            Request(
                f"/api/v1/customers?limit=50&sort=value&cursor={deep_cursor(director, 50_000, 'value')}",
                director,
                token=token,
            ),
            [(floor_sql("list_after"), [*deep, 51])],
            10,
        ),
    ]
    figures = []
    for name, request, floors, reach in plan:
        used, bare, rate = interleaved(site, request, floors)
        figures.append(against(name, used, bare, reach, note=f"{rate:.0f}/s"))
        print(figures[-1], file=sys.stderr)
    return [*figures, _customer(site, world), _today(site, world), _log(site, world)]


def _customer(site: Site, world: data.World) -> Figure:
    with connection.cursor() as db:
        db.execute(
            "SELECT min(id) FROM accounts_customer WHERE id %% 2 = 0 AND manager_id = %s",
            [world.manager.access.staff_id],
        )
        pk = db.fetchone()[0]
    names = ("customer", "customer_people", "customer_visits", "customer_duties")
    floors = [(floor_sql(name), [pk]) for name in names]
    used, bare, rate = interleaved(site, Request(f"/customers/{pk}/", world.manager), floors)
    return against("customer_page", used, bare, 30, note=f"{rate:.0f}/s")


def _today(site: Site, world: data.World) -> Figure:
    staff = world.small_manager.access.staff_id
    floors = [(floor_sql("today"), [[staff], world.today]), (floor_sql("today_month"), [[staff], world.today])]
    used, bare, rate = interleaved(site, Request("/", world.small_manager), floors)
    return against("today", used, max(bare, LEAST_FLOOR_MS), 20, note=f"{rate:.0f}/s")


def _log(site: Site, world: data.World) -> Figure:
    """One visit by form for a fresh customer each time, against the same rows by bare SQL in one commit."""
    staff = world.manager.access.staff_id
    with connection.cursor() as db:
        db.execute("SELECT id FROM accounts_customer WHERE manager_id = %s ORDER BY id LIMIT 2000", [staff])
        ids = iter([row[0] for row in db.fetchall()])
    moment = (timezone.localtime() - timedelta(minutes=3)).strftime("%Y-%m-%dT%H:%M:%S")

    def body() -> dict[str, str]:
        return {
            "customer": str(next(ids)), "channel": "phone", "outcome": "effective", "occasion": "enquiry",
            "started_at": moment, "client_key": str(uuid.uuid4()), "tap": "", "ended_at": "", "next": "/",
        }  # fmt: skip

    request = Request("/log/", world.manager, "POST", body, expect=(200, 302))
    pages, bare = [], []
    for _round in range(ROUNDS):
        bare.append(_bare_log(ids, REQUESTS))
        pages.append(cpu_per_request(site, request, REQUESTS)[0])
    middle = ROUNDS // 2
    return against("log_visit", sorted(pages)[middle], sorted(bare)[middle], 12)


def _bare_log(ids: object, count: int) -> float:
    """CPU ms of visit + duty + standing + three log rows in one commit, by prepared statements."""
    import os

    statements = [text.strip() for text in floor_sql("log_visit").split(";") if text.strip()]
    with connection.cursor() as db:
        db.execute("SELECT pg_backend_pid()")
        backend = db.fetchone()[0]
        db.execute("DEALLOCATE ALL")
        prepared.forget()
        for number, text in enumerate(statements):
            db.execute(f"PREPARE log{number} (bigint) AS {text}")
        for table in ("visits_visit", "visits_duty", "accounts_standing"):
            db.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        pids = [os.getpid(), backend]
        before = cpu.seconds(pids)
        for _number in range(count):
            customer = next(ids)  # type: ignore[call-overload]
            db.execute("BEGIN")
            for number in range(len(statements)):
                db.execute(f"EXECUTE log{number} (%s)", [customer])
            db.execute("COMMIT")
        used = (cpu.seconds(pids) - before) * 1000 / count
        for table in ("visits_visit", "visits_duty", "accounts_standing"):
            db.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    return used


def sizes(site: Site, world: data.World) -> list[Figure]:
    """Bytes of the list page, plain and compressed, and the memory of two web processes after all loads."""
    wire = site.connect()
    packed = send(site, wire, Request("/customers/", world.director))
    import gzip

    plain = gzip.decompress(packed) if packed[:2] == b"\x1f\x8b" else packed
    return [
        Figure("list_page_size", len(plain) / 1024, "KB", reach=70),
        Figure("list_page_compressed", len(gzip.compress(plain)) / 1024, "KB", reach=12),
        Figure("web_memory", cpu.proportional_set_mb(site.web_pids), "MB PSS", reach=200),
    ]

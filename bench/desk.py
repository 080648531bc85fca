"""The minute of the desk over 200,000 open cases, against the bare UPDATEs of its rows; deadlines per second.

10,000 clocks are late and 20,000 warn in that minute, as after an outage; complaints, each of which is reported up by
a handful of statements of its own, are open but not late. The floor runs first, in a transaction that is rolled back,
on the same tables with their indexes and without triggers.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from bench import cpu, data
from bench.night import _used
from bench.report import Figure, against

CASES, CUSTOMERS, LATE = 200_000, 20_000, 10_000
DEADLINES = 200_000
FLOOR = (Path(__file__).with_name("floors") / "case_sweep.sql").read_text()
TABLES = ("accounts_customer", "complaints_case", "complaints_caseclock")

FILL = [
    "INSERT INTO accounts_customer (number, kind, name, pinyin, initials, state, unit_id, manager_id, tier_id, phone,"
    " other_phone, email, district, business_address, credit_code, industry, market_band, monthly_spend, joined_on,"
    " owed_from, is_important, important_reason, preferred_channel, preferred_time, no_marketing, sim_kind,"
    " service_notes, version, created_at, updated_at)"
    " SELECT 'K' || lpad(n::text, 8, '0'), 'vip', 'C' || n, '', '', 'active', s.unit_id, s.id, t.id, '', '', '', '', '',"
    " '', '', '', n %% 900, '2024-01-01', '2024-01-01', false, '', '', '', false, '', '', 1, now(), now()"
    " FROM generate_series(1, %(customers)s) n"
    " JOIN (SELECT id, unit_id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS people"
    "   FROM accounts_staff WHERE number LIKE 'M%%') s ON s.place = n %% s.people"
    " JOIN accounts_tier t ON t.kind = 'vip' AND t.rank = 1 + n %% 3",
    "INSERT INTO complaints_case (number, kind, customer_id, channel, level, facts, expectation, speaker_name,"
    " speaker_phone, numbers, received_at, received_by_id, logged_at, manager_id, unit_id, owner_id, state, round,"
    " result, reply_method, solved_in_one_call, proposed_judgement, judgement, judgement_note, cause, is_breached,"
    " external_source, external_id, version)"
    " SELECT 'TS-20261001-' || n, (ARRAY['enquiry', 'handling', 'need', 'complaint'])[1 + n %% 4], c.id, 'phone',"
    " 'ordinary', 'facts', 'hope', '', '', '', %(now)s::timestamptz - interval '1 hour', s.user_id,"
    " %(now)s::timestamptz - interval '1 hour', c.manager_id, c.unit_id, c.manager_id, 'handling', 1, '', '', false,"
    " 'pending', 'pending', '', '', false, '', '', 1"
    " FROM generate_series(1, %(cases)s) n JOIN accounts_customer c ON c.number = 'K' || lpad((1 + n %% %(customers)s)::text, 8, '0')"
    " JOIN accounts_staff s ON s.id = c.manager_id",
    # The first reply is given; the next update and the solution run: 10,000 updates are late, 20,000 solutions warn.
    "INSERT INTO complaints_caseclock (case_id, round, kind, turn, tier_id, rule_id, hours, target_minutes, started_at,"
    " due_at, warn_at, state, warned_at, stopped_at)"
    " SELECT c.id, 1, k.kind, 1, u.tier_id, r.id, r.hours, 120, c.received_at,"
    " %(now)s::timestamptz + CASE WHEN k.kind = 'update' AND c.kind <> 'complaint' AND p.n <= %(late)s THEN interval '-1 second'"
    "   ELSE interval '1 day' + p.n * interval '1 second' END,"
    " %(now)s::timestamptz + CASE WHEN k.kind = 'solution' AND p.n > 4 * %(late)s AND p.n <= 5 * %(late)s THEN interval '-1 second'"
    "   WHEN k.kind = 'update' AND c.kind <> 'complaint' AND p.n <= %(late)s THEN interval '-1 hour'"
    "   ELSE interval '20 hours' END,"
    " CASE k.kind WHEN 'first_reply' THEN 'met' ELSE 'running' END,"
    " CASE WHEN k.kind = 'update' AND c.kind <> 'complaint' AND p.n <= %(late)s THEN c.received_at END,"
    " CASE k.kind WHEN 'first_reply' THEN c.received_at END"
    " FROM complaints_case c JOIN accounts_customer u ON u.id = c.customer_id"
    " JOIN (SELECT id, row_number() OVER (PARTITION BY kind = 'complaint' ORDER BY id) AS n FROM complaints_case) p ON p.id = c.id"
    " JOIN complaints_slarule r ON r.kind = c.kind AND r.category_id IS NULL AND r.tier_id IS NULL AND r.level = ''"
    " CROSS JOIN (VALUES ('first_reply'), ('update'), ('solution')) k(kind)",
    "UPDATE complaints_case c SET next_due_at = x.due FROM (SELECT case_id, min(due_at) AS due FROM complaints_caseclock"
    " WHERE state = 'running' GROUP BY case_id) x WHERE x.case_id = c.id",
]


def fill(now: datetime) -> None:
    """200,000 open cases with 400,000 running clocks."""
    data.people_only()
    values: dict[str, Any] = {"customers": CUSTOMERS, "cases": CASES, "late": LATE, "now": now}
    with connection.cursor() as db:
        for table in TABLES:
            db.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in FILL:
            db.execute(statement, values)
        for table in TABLES:
            db.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        db.execute("VACUUM FULL ANALYZE complaints_case")
        db.execute("VACUUM ANALYZE")


def _bare(now: datetime) -> None:
    with transaction.atomic(), connection.cursor() as db:
        for table in TABLES:
            db.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        db.execute(FLOOR, {"now": now})
        db.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


def _deadlines() -> float:
    """CPU seconds for 100,000 deadlines in office hours, of targets from minutes to weeks."""
    from complaints.queries.clockwork import clockwork

    draw = random.Random(1)  # noqa: S311 - moments, not secrets
    office = clockwork("office")
    first = datetime(2026, 1, 1, tzinfo=timezone.get_current_timezone())
    asked = [
        (first + timedelta(seconds=draw.randrange(300 * 86_400)), draw.choice((1800, 7200, 27_000, 135_000)))
        for _each in range(DEADLINES)
    ]
    office.deadline(first + timedelta(days=360), 135_000)
    began = cpu.seconds([os.getpid()])
    for start, seconds in asked:
        office.deadline(start, seconds)
    return (cpu.seconds([os.getpid()]) - began) * 100_000 / DEADLINES


def measure(fresh_database: Callable[[], None]) -> list[Figure]:
    """`case_sweep`, `case_sweep_again`, `case_recount`, `deadlines`."""
    from complaints.actions.recount import preview
    from complaints.queries.clockwork import targets
    from crm.core.models import Notice
    from crm.core.sweeps import run_often

    now = datetime.combine(date(2026, 10, 14), datetime.min.time(), tzinfo=timezone.get_current_timezone())
    fresh_database()
    print("filling 200,000 open cases …", file=sys.stderr)
    fill(now)
    floors = sorted(_used(lambda: _bare(now)) for _round in range(3))
    with connection.cursor() as db:
        db.execute("VACUUM ANALYZE complaints_caseclock, complaints_case")
    rang: list[int] = []
    first = _used(lambda: rang.append(run_often("case_clocks", now)))
    again = _used(lambda: rang.append(run_often("case_clocks", now)))
    recount = _used(lambda: preview(targets(), now))
    note = f"{rang[0]} clocks rang, then {rang[1]}; {Notice.objects.count()} notices"
    return [
        against("case_sweep", first, floors[1], 2.0, "s CPU", note),
        Figure("case_sweep_again", round(again, 3), "s CPU", round(first, 3), round(again / first, 3), 0.12),
        Figure("case_recount", round(recount, 3), "s CPU", None, None, None, f"{2 * CASES} running clocks"),
        Figure("deadlines", round(_deadlines(), 3), "s CPU", None, None, 1.0, "100,000 in office hours"),
    ]

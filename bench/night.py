"""The night over 1,000,000 customers at a quarter's end, against the bare INSERT … SELECT and two UPDATEs of its rows.

The floor runs first, in a transaction that is rolled back, on the same tables with their indexes and without triggers;
then VACUUM, then the product's night, then the same night again.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from bench import cpu, data
from bench.report import Figure, against

CUSTOMERS = 1_000_000
NIGHT = date(2026, 10, 1)
BEFORE = NIGHT - timedelta(days=1)

FILL = [
    "INSERT INTO accounts_customer (number, kind, name, pinyin, initials, state, unit_id, manager_id, tier_id, phone,"
    " other_phone, email, district, business_address, credit_code, industry, market_band, monthly_spend, joined_on,"
    " owed_from, is_important, important_reason, preferred_channel, preferred_time, no_marketing, sim_kind,"
    " service_notes, version, created_at, updated_at)"
    " SELECT 'K' || lpad(n::text, 8, '0'), 'vip', 'C' || n, '', '', CASE WHEN n %% 4 = 0 THEN 'churned' ELSE 'active' END,"
    " s.unit_id, s.id, t.id, '', '', '', '', '', '', '', '', n %% 900, '2024-01-01', '2024-01-01', false, '', '', '', false,"
    " '', '', 1, now(), now() FROM generate_series(1, %(count)s) n"
    " JOIN (SELECT id, unit_id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS people"
    "   FROM accounts_staff WHERE number LIKE 'M%%') s ON s.place = n %% s.people"
    " JOIN accounts_tier t ON t.kind = 'vip' AND t.rank = CASE WHEN n %% 20 = 0 THEN 1 WHEN n %% 20 < 4 THEN 2 ELSE 3 END",
    "INSERT INTO accounts_assignment (customer_id, staff_id, valid_from, reason)"
    " SELECT id, manager_id, '2024-01-01', '' FROM accounts_customer",
    "INSERT INTO accounts_tierhistory (customer_id, tier_id, valid_from, reason)"
    " SELECT id, tier_id, '2024-01-01', '' FROM accounts_customer",
    "INSERT INTO visits_duty (customer_id, rule_id, purpose, starts_on, owed_from, due_on, suggested_on, manager_id,"
    " unit_id, tier_id, state, is_introduction, revision, correction_reason)"
    " SELECT c.id, r.id, 'contact', CASE r.period WHEN 'month' THEN %(month)s::date ELSE %(quarter)s::date END,"
    " CASE r.period WHEN 'month' THEN %(month)s::date ELSE %(quarter)s::date END, %(before)s, %(before)s,"
    " c.manager_id, c.unit_id, c.tier_id, CASE WHEN c.id %% 4 = 1 THEN 'open' ELSE 'met' END, false, 1, ''"
    " FROM accounts_customer c JOIN accounts_tierrule r ON r.tier_id = c.tier_id WHERE c.state = 'active'",
    "INSERT INTO accounts_standing (customer_id, unit_id, manager_id, tier_rank, last_visit_on, next_due_on, suggested_on,"
    " duty_state, is_overdue, face_to_face_due_on, opened_through, completeness, value)"
    " SELECT c.id, c.unit_id, c.manager_id, t.rank, %(before)s::date - 40,"
    " CASE d.state WHEN 'open' THEN d.due_on WHEN 'met' THEN d.due_on + 31 ELSE DATE '9999-12-31' END,"
    " CASE d.state WHEN 'open' THEN d.suggested_on ELSE DATE '9999-12-31' END, CASE d.state WHEN 'open' THEN 'due_soon'"
    " WHEN 'met' THEN 'met' ELSE 'none' END, false, '9999-12-31', CASE WHEN d.id IS NULL THEN DATE '1900-01-01'"
    " ELSE %(before)s END, 0, c.monthly_spend FROM accounts_customer c JOIN accounts_tier t ON t.id = c.tier_id"
    " LEFT JOIN visits_duty d ON d.customer_id = c.id",
]
TABLES = ("accounts_customer", "accounts_assignment", "accounts_tierhistory", "visits_duty")

FLOOR = [
    "INSERT INTO visits_duty (customer_id, rule_id, purpose, starts_on, owed_from, due_on, suggested_on, manager_id,"
    " unit_id, tier_id, state, is_introduction, revision, correction_reason)"
    " SELECT c.id, r.id, 'contact', %(today)s, %(today)s,"
    " CASE r.period WHEN 'month' THEN %(month_end)s::date ELSE %(quarter_end)s::date END, %(today)s::date + 7,"
    " c.manager_id, c.unit_id, c.tier_id, 'open', false, 1, ''"
    " FROM accounts_standing s JOIN accounts_customer c ON c.id = s.customer_id"
    " JOIN accounts_tierrule r ON r.tier_id = c.tier_id WHERE c.state = 'active' AND s.opened_through < %(today)s",
    "UPDATE visits_duty SET state = 'provisional', closed_at = now() WHERE state = 'open' AND due_on < %(today)s",
    "UPDATE accounts_standing s SET opened_through = d.due_on, next_due_on = d.due_on, suggested_on = d.suggested_on,"
    " duty_state = 'open' FROM visits_duty d WHERE d.customer_id = s.customer_id AND d.starts_on = %(today)s",
]


def fill() -> None:
    """A million customers on the eve: three quarters active, a quarter of their duties still open."""
    data.people_only()
    values: dict[str, Any] = {
        "count": CUSTOMERS,
        "month": BEFORE.replace(day=1),
        "quarter": date(2026, 7, 1),
        "before": BEFORE,
    }
    with connection.cursor() as db:
        for table in TABLES:
            db.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in FILL:
            db.execute(statement, values)
        for table in TABLES:
            db.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        db.execute("VACUUM ANALYZE")


def _pids() -> list[int]:
    with connection.cursor() as db:
        db.execute("SELECT pg_backend_pid()")
        return [os.getpid(), db.fetchone()[0]]


def _used(work: Callable[[], Any]) -> float:
    pids = _pids()
    before = cpu.seconds(pids)
    work()
    return cpu.seconds(pids) - before


def _bare() -> None:
    values = {"today": NIGHT, "month_end": date(2026, 10, 31), "quarter_end": date(2026, 12, 31)}
    with transaction.atomic(), connection.cursor() as db:
        db.execute("ALTER TABLE visits_duty DISABLE TRIGGER USER")
        for statement in FLOOR:
            db.execute(statement, values)
        # What a commit would do: the foreign keys of the new rows are checked then, for us and for the bare statements.
        db.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


def measure(fresh_database: Callable[[], None]) -> list[Figure]:
    """`night`, `night_again`."""
    from crm.nightly import FIGURE_STEPS, STEPS, run_night

    # Counting figures has a part of its own (bench/kpi.py).
    steps = tuple(step for step in STEPS if step not in FIGURE_STEPS)

    fresh_database()
    print("filling 1,000,000 customers …", file=sys.stderr)
    fill()
    floor = _used(_bare)
    with connection.cursor() as db:
        db.execute("VACUUM FULL visits_duty")
        db.execute("VACUUM FULL accounts_standing")
        db.execute("VACUUM ANALYZE")
    moment = datetime(2026, 10, 1, 0, 30, tzinfo=timezone.get_current_timezone())
    first = _used(lambda: run_night(NIGHT, now=moment, steps=steps))
    again = _used(lambda: run_night(NIGHT, now=moment + timedelta(minutes=20), steps=steps))
    return [
        against("night", first, floor, 1.8, "s CPU"),
        Figure("night_again", round(again, 3), "s CPU", round(first, 3), round(again / first, 3), 0.12),
    ]

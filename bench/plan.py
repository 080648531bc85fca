"""Friday noon: the weeks of 1,000 managers with 200,000 open duties, against the bare INSERT … SELECT of their rows.

The floor runs first, in a transaction that is rolled back, on the same tables with their indexes and without triggers.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from bench import cpu, data
from bench.night import _used
from bench.report import Figure, against

MANAGERS, EACH = 1000, 200
FRIDAY = date(2026, 10, 16)
MONDAY = FRIDAY + timedelta(days=3)
ROUNDS = 200

PEOPLE = [
    "INSERT INTO core_user (username, name, password, is_active, is_service, must_change_password, date_joined, language, theme)"
    " SELECT 'P' || n, 'P' || n, '!', true, false, false, now(), '', '' FROM generate_series(1, %(managers)s) n",
    "INSERT INTO accounts_staff (user_id, number, name, pinyin, initials, unit_id, line, grade, post_level,"
    " employment_form, phone, is_active, version)"
    " SELECT u.id, u.username, u.name, '', '', b.id, 'vip', '', 3, 'own', '', true, 1 FROM core_user u"
    " JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS branches FROM accounts_unit"
    "   WHERE type = 'branch') b ON b.place = u.id %% b.branches WHERE u.username LIKE 'P%%'",
    "INSERT INTO accounts_post (staff_id, role, unit_id) SELECT id, 'manager', unit_id FROM accounts_staff"
    " WHERE number LIKE 'P%%'",
]
FILL = [
    "INSERT INTO accounts_customer (number, kind, name, pinyin, initials, state, unit_id, manager_id, tier_id, phone,"
    " other_phone, email, district, business_address, credit_code, industry, market_band, monthly_spend, joined_on,"
    " owed_from, is_important, important_reason, preferred_channel, preferred_time, no_marketing, sim_kind,"
    " service_notes, version, created_at, updated_at)"
    " SELECT 'K' || lpad((s.place * %(each)s + n)::text, 8, '0'), 'vip', 'C' || n, '', '', 'active', s.unit_id, s.id, t.id,"
    " '', '', '', 'District ' || n %% 8, '', '', '', '', n, '2024-01-01', '2024-01-01', false, '',"
    " CASE n %% 4 WHEN 0 THEN 'wechat' ELSE '' END, CASE n %% 5 WHEN 0 THEN '下午' ELSE '' END, false, '', '', 1, now(), now()"
    " FROM (SELECT id, unit_id, row_number() OVER (ORDER BY id) AS place FROM accounts_staff WHERE number LIKE 'P%%') s"
    " CROSS JOIN generate_series(1, %(each)s) n JOIN accounts_tier t ON t.kind = 'vip' AND t.rank = 2",
    "INSERT INTO accounts_standing (customer_id, unit_id, manager_id, tier_rank, last_visit_on, next_due_on, suggested_on,"
    " duty_state, is_overdue, face_to_face_due_on, opened_through, completeness, value)"
    " SELECT c.id, c.unit_id, c.manager_id, 2, %(friday)s::date - 30 - c.id::int %% 20, '2026-10-31', '2026-10-31', 'open',"
    " false, '9999-12-31', '2026-10-31', 0, 0 FROM accounts_customer c",
    "INSERT INTO visits_duty (customer_id, rule_id, purpose, starts_on, owed_from, due_on, suggested_on, manager_id,"
    " unit_id, tier_id, state, is_introduction, revision, correction_reason)"
    " SELECT c.id, r.id, 'contact', '2026-10-01', '2026-10-01', '2026-10-31',"
    " (ARRAY['2026-10-16', '2026-10-19', '2026-10-20', '2026-10-21', '2026-10-22', '2026-10-23', '2026-10-26', '2026-10-27',"
    " '2026-10-28', '2026-10-29', '2026-10-30']::date[])[1 + c.id %% 11], c.manager_id, c.unit_id, c.tier_id, 'open', false, 1, ''"
    " FROM accounts_customer c JOIN accounts_tierrule r ON r.tier_id = c.tier_id AND r.purpose = 'contact'",
]
TABLES = ("core_user", "accounts_staff", "accounts_post", "accounts_customer", "visits_duty")

FLOOR = [
    "INSERT INTO visits_plan (staff_id, period, starts_on, state, focus, drafted_at, version)"
    " SELECT s.id, 'week', %(monday)s, 'draft', '', now(), 1 FROM accounts_staff s"
    " WHERE EXISTS (SELECT 1 FROM accounts_post p WHERE p.staff_id = s.id AND p.role = 'manager')",
    "INSERT INTO visits_planitem (plan_id, customer_id, planned_on, half, position, target, purpose, reason, reason_on,"
    " channel_id, duty_id, state, leave_out_reason)"
    " SELECT p.id, d.customer_id, greatest(d.suggested_on, p.starts_on),"
    " CASE WHEN row_number() OVER g * 2 <= count(*) OVER d THEN 'am' ELSE 'pm' END, row_number() OVER g, 1, '', 'suggested',"
    " d.due_on, k.id, d.id, 'planned', ''"
    " FROM visits_plan p JOIN visits_duty d ON d.manager_id = p.staff_id AND d.state = 'open'"
    " JOIN accounts_customer c ON c.id = d.customer_id"
    " JOIN visits_channel k ON k.code = coalesce(nullif(c.preferred_channel, ''), 'phone')"
    " WHERE d.suggested_on <= p.starts_on + 6 AND d.due_on >= p.starts_on AND p.starts_on = %(monday)s"
    " WINDOW g AS (PARTITION BY p.id, greatest(d.suggested_on, p.starts_on) ORDER BY c.district, c.id),"
    " d AS (PARTITION BY p.id, greatest(d.suggested_on, p.starts_on))",
]


def fill() -> None:
    """1,000 managers with 200 customers each, every one owed a contact by the month's end."""
    data.people_only()
    values: dict[str, Any] = {"managers": MANAGERS, "each": EACH, "friday": FRIDAY}
    with connection.cursor() as db:
        for table in TABLES:
            db.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in (*PEOPLE, *FILL):
            db.execute(statement, values)
        for table in TABLES:
            db.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        db.execute("VACUUM ANALYZE")


def _bare() -> None:
    with transaction.atomic(), connection.cursor() as db:
        for table in ("visits_plan", "visits_planitem"):
            db.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in FLOOR:
            db.execute(statement, {"monday": MONDAY})
        db.execute("SET CONSTRAINTS ALL IMMEDIATE")
        transaction.set_rollback(True)


def _levelled() -> float:
    """CPU ms for one manager's month of 200 duties."""
    from crm.core import working_days
    from visits.rules import Item, level

    calendar, first = working_days.calendar(), date(2026, 10, 9)
    items = [
        Item(place, place, first, date(2026, 10, 31), first - timedelta(days=place), None, 1 + place % 7 // 6)
        for place in range(EACH)
    ]
    began = cpu.seconds([_self()])
    for _round in range(ROUNDS):
        level(items, {}, calendar=calendar, today=first)
    return (cpu.seconds([_self()]) - began) * 1000 / ROUNDS


def _self() -> int:
    import os

    return os.getpid()


def measure(fresh_database: Callable[[], None]) -> list[Figure]:
    """`week_plans`, `week_plans_again`, `level_month`."""
    from crm.core.sweeps import run_step
    from visits.models import PlanItem

    fresh_database()
    print("filling 1,000 managers with 200,000 duties …", file=sys.stderr)
    fill()
    floor = _used(_bare)
    with connection.cursor() as db:
        db.execute("VACUUM FULL visits_plan")
        db.execute("VACUUM FULL visits_planitem")
    noon = datetime(2026, 10, 16, 12, 0, tzinfo=timezone.get_current_timezone())
    # The running week is none of this: it has its plans already.
    with transaction.atomic(), connection.cursor() as db:
        db.execute(FLOOR[0], {"monday": MONDAY - timedelta(days=7)})
    first = _used(lambda: run_step("draft_week_plans", FRIDAY, noon))
    again = _used(lambda: run_step("draft_week_plans", FRIDAY, noon))
    note = f"{PlanItem.unscoped.count()} items"
    return [
        against("week_plans", first, floor, 3.0, "s CPU", note),
        Figure("week_plans_again", round(again, 3), "s CPU", round(first, 3), round(again / first, 3), 0.12),
        Figure("level_month", round(_levelled(), 3), "ms CPU", None, None, 5.0, "one manager, 200 duties"),
    ]

"""The benchmark's operator: 100,000 customers of 20 managers in 5 branches, 500,000 visits, their duties.

Written with COPY and INSERT … SELECT; deterministic. Nothing here is measured.
"""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection
from django.utils import timezone

from accounts.choices import Line, Role, UnitType
from accounts.models import Post, Staff, Tier, Unit
from accounts.rules import pinyin_of, search_tokens
from crm.core import parameters
from crm.core.models import User

CUSTOMERS = 100_000
MANAGERS = 20
VISITS_EACH = 5
RARE = "饕餮"
COMMON = "公司"
GIVEN = "华兴盛达海天金龙恒泰永昌瑞丰嘉禾广源信诚远东新世纪蓝宝星光明月春风江南北方中原"


@dataclass(frozen=True)
class World:
    """Who signs in for which measure."""

    director: User
    supervisor: User
    manager: User
    small_manager: User
    today: date


def build(customers: int = CUSTOMERS) -> World:
    """Fill an empty, migrated database and say who is who."""
    today = timezone.localdate()
    units = _units(today)
    people = _people(units)
    _copy_customers(customers)
    _side_tables(today)
    # One person opens more lists here in a minute than others do in a month (SEC-1).
    by = people["director"]
    parameters.set_value("rows_a_day", 10_000_000, effective_from=today, by=by, now=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return World(today=today, **people)


def people_only() -> User:
    """Units and people without customers; answers the director."""
    return _people(_units(timezone.localdate()))["director"]


def token_of(director: User, *scopes: str) -> str:
    """A fresh token of a client that sees the whole city, without a limit that would be measured."""
    from sync import actions
    from sync.models import Client

    now = timezone.now()
    city = Unit.unscoped.get(parent=None)
    client = Client.unscoped.filter(name="bench").first() or actions.create_client(
        name="bench", unit_id=city.pk, by=director, now=now
    )
    Client.unscoped.filter(pk=client.pk).update(requests_per_minute=1_000_000)
    wanted = list(scopes) or ["customers:read"]
    return actions.issue_token(client=client, scopes=wanted, days=1, by=director, now=now).secret


def known() -> World | None:
    """The world of the last run, when it is there (BENCH_KEEP=1): for working on a page, never for figures to keep."""
    people = {user.username: user for user in User.objects.filter(username__in=("D1", "S0", "M00", "M99"))}
    if len(people) < 4:
        return None
    return World(people["D1"], people["S0"], people["M00"], people["M99"], timezone.localdate())


def _units(today: date) -> list[Unit]:
    live = (today.replace(day=1) - timedelta(days=400)).replace(day=1)
    city = Unit.unscoped.create(code="CITY", name="City", type=UnitType.CITY, live_from=live)
    city.path = f"/{city.pk}/"
    city.save(update_fields=["path"])
    branches = []
    for index in range(5):
        unit = Unit.unscoped.create(
            code=f"B{index}", name=f"Branch {index}", type=UnitType.BRANCH, parent=city, live_from=live
        )
        unit.path = f"{city.path}{unit.pk}/"
        unit.save(update_fields=["path"])
        branches.append(unit)
    return [city, *branches]


def _person(number: str, unit: Unit, role: Role, password: str) -> User:
    user = User.objects.create(username=number, name=number, password=password)
    staff = Staff.unscoped.create(user=user, number=number, name=number, unit=unit, line=Line.VIP)
    Post.unscoped.create(staff=staff, role=role, unit=unit)
    return user


def _people(units: list[Unit]) -> dict[str, User]:
    password = make_password("bench")
    city, *branches = units
    director = _person("D1", city, Role.DIRECTOR, password)
    supervisors = [_person(f"S{i}", branch, Role.SUPERVISOR, password) for i, branch in enumerate(branches)]
    managers = [
        _person(f"M{i:02d}", branches[i // (MANAGERS // len(branches))], Role.MANAGER, password)
        for i in range(MANAGERS)
    ]
    small = _person("M99", branches[-1], Role.MANAGER, password)
    return {"director": director, "supervisor": supervisors[0], "manager": managers[0], "small_manager": small}


def _customer_rows(count: int, managers: list[Staff], small: Staff, tiers: list[Tier]) -> Iterator[str]:
    now = timezone.now().isoformat()
    chooser = random.Random(20261121)  # noqa: S311 - names, not secrets
    for index in range(count):
        manager = small if index < 300 else managers[index * len(managers) // count]
        tier = tiers[min(2, (index * 7919 % 20) // 2)] if index % 20 < 6 else tiers[2]
        name = "".join(chooser.choices(GIVEN, k=4)) + (RARE if index % 2500 == 7 else "") + COMMON
        pinyin, initials = pinyin_of(name)
        text = " ".join(search_tokens(name))
        phone = f"139{index:08d}"
        yield "\t".join(
            str(value)
            for value in (
                f"K{index + 1:08d}", "vip", name, pinyin, initials, text, "active", manager.unit_id, manager.pk,
                tier.pk, phone, f"District {index % 12}", index % 900, now, now,
            )
        ) + "\n"  # fmt: skip


class _Lines(io.TextIOBase):
    """A file over a generator, so that COPY reads in flat memory."""

    def __init__(self, lines: Iterator[str]) -> None:
        self.lines, self.rest = lines, ""

    def readable(self) -> bool:
        return True

    def read(self, size: int | None = -1) -> str:
        size = size if size and size > 0 else 1 << 16
        parts, length = [self.rest], len(self.rest)
        while length < size:
            line = next(self.lines, "")
            if not line:
                break
            parts.append(line)
            length += len(line)
        text = "".join(parts)
        self.rest = text[size:]
        return text[:size]


def _copy_customers(count: int) -> None:
    managers = list(Staff.unscoped.filter(number__startswith="M").exclude(number="M99").order_by("number"))
    small = Staff.unscoped.get(number="M99")
    lines = _Lines(_customer_rows(count, managers, small, list(Tier.objects.filter(kind="vip").order_by("rank"))))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_customer DISABLE TRIGGER USER")
        cursor.execute(
            "CREATE TEMP TABLE load (number text, kind text, name text, pinyin text, initials text, tokens text,"
            " state text, unit_id bigint, manager_id bigint, tier_id bigint, phone text, district text,"
            " spend numeric, created_at timestamptz, updated_at timestamptz)"
        )
        cursor.copy_expert("COPY load FROM STDIN", lines)
        cursor.execute(
            "INSERT INTO accounts_customer (number, kind, name, pinyin, initials, name_tokens, state, unit_id,"
            " manager_id, tier_id, phone, other_phone, email, district, business_address, credit_code, industry,"
            " market_band, monthly_spend, joined_on, is_important, important_reason, preferred_channel,"
            " preferred_time, no_marketing, sim_kind, service_notes, version, created_at, updated_at)"
            " SELECT number, kind, name, pinyin, initials, to_tsvector('simple', tokens), state, unit_id,"
            " manager_id, tier_id, phone, '', '', district, '', '', '', '', spend, '2024-01-01', false, '', '',"
            " '', false, '', '', 1, created_at, updated_at FROM load ORDER BY number"
        )
        cursor.execute("DROP TABLE load")
        cursor.execute("ALTER TABLE accounts_customer ENABLE TRIGGER USER")


SIDE_TABLES = [
    "INSERT INTO accounts_assignment (customer_id, staff_id, valid_from, reason)"
    " SELECT id, manager_id, '2024-01-01', '' FROM accounts_customer",
    "INSERT INTO accounts_tierhistory (customer_id, tier_id, valid_from, reason)"
    " SELECT id, tier_id, '2024-01-01', '' FROM accounts_customer",
    "INSERT INTO accounts_contactperson (customer_id, name, position, role, phone, is_active, external_id,"
    " external_source, version) SELECT id, 'P' || id, '', 'other', '138' || lpad(id::text, 8, '0'), true, '', '', 1"
    " FROM accounts_customer WHERE id %% 2 = 0",
    "INSERT INTO visits_visit (customer_id, staff_id, manager_id, unit_id, party, channel_id, direction, outcome_id,"
    " occasion_id, kind, work_class, category, service_kind, occurred_at, occurred_on, logged_at, is_backdated,"
    " is_bulk, counts, place, content, result, next_step, mood, logged_from, source, external_id, logged_by_id,"
    " version)"
    " SELECT c.id, c.manager_id, c.manager_id, c.unit_id, 'record', ch.id, 'outbound', o.id, oc.id, 'regular',"
    " 'maintenance', 'care', 'communication', t.at, (t.at AT TIME ZONE 'Asia/Shanghai')::date,"
    " t.at + interval '5 minutes', false, false, true, '', 'Talked about the new tariff ' || c.id, '', '', '',"
    " 'form', '', '', s.user_id, 1"
    " FROM accounts_customer c JOIN accounts_staff s ON s.id = c.manager_id"
    " CROSS JOIN generate_series(1, %(each)s) n"
    " CROSS JOIN LATERAL (SELECT %(now)s::timestamptz - (n * 61 + c.id %% 59) * interval '1 day' AS at) t"
    " JOIN visits_channel ch ON ch.code = 'phone' JOIN visits_outcome o ON o.code = 'effective'"
    " JOIN (SELECT min(id) AS id FROM visits_occasion) oc ON true",
    "INSERT INTO accounts_standing (customer_id, unit_id, manager_id, tier_rank, last_visit_on, next_due_on,"
    " suggested_on, duty_state, is_overdue, face_to_face_due_on, opened_through, completeness, value)"
    " SELECT c.id, c.unit_id, c.manager_id, t.rank, v.last_on, '9999-12-31', '9999-12-31', 'none', false,"
    " '9999-12-31', '1900-01-01', c.id %% 101, c.monthly_spend FROM accounts_customer c"
    " JOIN accounts_tier t ON t.id = c.tier_id"
    " LEFT JOIN (SELECT customer_id, max(occurred_on) AS last_on FROM visits_visit GROUP BY 1) v"
    " ON v.customer_id = c.id",
]


def _side_tables(today: date) -> None:
    """Assignments, tiers, people, visits and standings; the duties are opened by the product's own night."""
    values: dict[str, Any] = {"each": VISITS_EACH, "now": datetime.combine(today, datetime.min.time()).astimezone()}
    tables = ["accounts_assignment", "accounts_tierhistory", "accounts_contactperson", "visits_visit"]
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in SIDE_TABLES:
            cursor.execute(statement, values)
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def live(world: World) -> None:
    """Let the product's own night open what is owed, then leave the tables as after a quiet day."""
    from crm.nightly import run_night

    run_night(world.today, now=timezone.now())
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")

"""Assessment: dashboards read facts only, a month is counted in a few times its bare sums, a refresh costs what changed.

1,000 managers with 1,000,000 customers, a contact owed by three quarters of them, 500,000 visits and a base of the
year. The month is counted in full against the bare aggregate of every measure's rows (`floors/kpi_month.sql`), then
refreshed after 1,000 and 10,000 customers of a hundredth and a tenth of the managers were met. Then all customers go
to the 20 managers whom a small database knows as well, with 1,000 customers, and both sites are asked in turns.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from bench import data
from bench.night import FILL, _used
from bench.report import Figure, against
from bench.site import ROOT, Request, Site, cpu_per_request, session_of, start
from crm.core.db import write

CUSTOMERS, FEW, MANAGERS = 1_000_000, 1_000, 1_000
DATABASE = "crm_small"
ROUNDS, REQUESTS = 5, 30
FLOOR = (Path(__file__).with_name("floors") / "kpi_month.sql").read_text()
TABLES = ("accounts_customer", "accounts_assignment", "accounts_tierhistory", "visits_duty", "visits_visit")

DUTIES = (
    "INSERT INTO visits_duty (customer_id, rule_id, purpose, starts_on, owed_from, due_on, suggested_on, manager_id,"
    " unit_id, tier_id, state, met_on, closed_at, is_introduction, revision, correction_reason)"
    " SELECT c.id, r.id, 'contact', p.first, p.first, p.last, p.last, c.manager_id, c.unit_id, c.tier_id,"
    " CASE WHEN c.id %% 4 = 1 THEN 'open' ELSE 'met' END,"
    " CASE WHEN c.id %% 4 <> 1 THEN %(month)s::date + (c.id %% %(days)s)::int END,"
    " CASE WHEN c.id %% 4 <> 1 THEN now() END, false, 1, ''"
    " FROM accounts_customer c JOIN accounts_tierrule r ON r.tier_id = c.tier_id AND r.purpose = 'contact'"
    " CROSS JOIN LATERAL (SELECT CASE r.period WHEN 'month' THEN %(month)s::date ELSE %(quarter)s::date END,"
    "   CASE r.period WHEN 'month' THEN %(month_end)s::date ELSE %(quarter_end)s::date END) p(first, last)"
    " WHERE c.state = 'active'"
)
VISITS = (
    "INSERT INTO visits_visit (customer_id, staff_id, manager_id, unit_id, party, channel_id, direction, outcome_id,"
    " occasion_id, kind, work_class, category, service_kind, occurred_at, occurred_on, ended_at, logged_at,"
    " is_backdated, is_bulk, counts, place, content, result, next_step, mood, logged_from, source, external_id,"
    " logged_by_id, version)"
    " SELECT c.id, c.manager_id, c.manager_id, c.unit_id, 'record', h.id, 'outbound', o.id, x.id, 'regular',"
    " 'maintenance', 'care', 'communication', t.at, (t.at AT TIME ZONE 'Asia/Shanghai')::date,"
    " t.at + interval '8 minutes', t.at, false, false, true, '', '', '', '', '', 'form', '', '', s.user_id, 1"
    " FROM accounts_customer c JOIN accounts_staff s ON s.id = c.manager_id"
    " CROSS JOIN LATERAL (SELECT %(month)s::date + (c.id %% %(days)s)::int + interval '10 hours' AS at) t"
    " JOIN visits_channel h ON h.code = 'phone' JOIN visits_outcome o ON o.code = 'effective'"
    " JOIN (SELECT min(id) AS id FROM visits_occasion) x ON true WHERE c.id %% 2 = 0"
)
MET = (
    "UPDATE visits_duty SET state = 'met', met_on = %s, closed_at = now() WHERE id IN (SELECT d.id FROM visits_duty d"
    " WHERE d.state = 'open' AND d.manager_id = ANY(%s) ORDER BY d.id LIMIT %s)"
)
GATHER = [
    "CREATE TEMP TABLE goes AS SELECT m.id AS was, k.id AS now, k.unit_id FROM"
    " (SELECT id, row_number() OVER (ORDER BY id) %% 20 AS place FROM accounts_staff WHERE number LIKE 'M%%') m"
    " JOIN (SELECT id, unit_id, row_number() OVER (ORDER BY number) %% 20 AS place FROM accounts_staff"
    "   WHERE number = ANY(%(kept)s)) k USING (place)",
    "UPDATE visits_duty d SET manager_id = g.now, unit_id = g.unit_id FROM goes g WHERE g.was = d.manager_id",
    "UPDATE visits_visit v SET manager_id = g.now, staff_id = g.now, unit_id = g.unit_id FROM goes g WHERE g.was = v.manager_id",
    "UPDATE accounts_assignment a SET staff_id = g.now FROM goes g WHERE g.was = a.staff_id",
    "UPDATE accounts_customer c SET manager_id = g.now, unit_id = g.unit_id FROM goes g WHERE g.was = c.manager_id",
    "DELETE FROM accounts_post WHERE role = 'manager' AND staff_id IN (SELECT was FROM goes) AND staff_id NOT IN (SELECT now FROM goes)",
]


def fill(customers: int, managers: int, today: date) -> None:
    """People, customers and what is owed and done this month."""
    from accounts.models import Staff

    data.people_only()
    _more_managers(managers)
    month, quarter = today.replace(day=1), date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    ends = (_first_after(month, 1) - timedelta(days=1), _first_after(quarter, 3) - timedelta(days=1))
    values: dict[str, Any] = {
        "count": customers, "month": month, "quarter": quarter, "month_end": ends[0], "quarter_end": ends[1],
        "days": (today - month).days + 1, "before": today,
        "people": Staff.unscoped.filter(number__startswith="M").count(),
    }  # fmt: skip
    with connection.cursor() as db:
        for table in TABLES:
            db.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in (*FILL[:3], DUTIES, VISITS):
            # By a number the planner knows: a thousand managers are joined by their place, not tried one by one.
            db.execute(statement.replace("n %% s.people", "n %% %(people)s"), values)
        for table in TABLES:
            db.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        db.execute("VACUUM ANALYZE")


def _first_after(day: date, months: int) -> date:
    return date(day.year + (day.month + months - 1) // 12, (day.month + months - 1) % 12 + 1, 1)


def _more_managers(count: int) -> None:
    """Managers of the five branches beyond those every part has."""
    from accounts.choices import Line, Role
    from accounts.models import Post, Staff, Unit
    from crm.core.models import User

    branches = list(Unit.unscoped.exclude(parent=None).order_by("pk"))
    there = Staff.unscoped.filter(number__startswith="M").count()
    users = User.objects.bulk_create(
        User(username=f"M1{place:04d}", name=f"M1{place:04d}", password="") for place in range(count - there)
    )
    staff = Staff.unscoped.bulk_create(
        Staff(user=user, number=user.username, name=user.name, unit=branches[place % len(branches)], line=Line.VIP)
        for place, user in enumerate(users)
    )
    Post.unscoped.bulk_create(Post(staff=person, role=Role.MANAGER, unit=person.unit) for person in staff)


def _count(today: date, now: datetime) -> int:
    from kpi.actions.recompute import recompute

    return recompute(today.replace(day=1), today=today, now=now)


def _bare(today: date, now: datetime) -> None:
    """The rows of every indicator of the month, added up by day, unit and manager."""
    from kpi.actions.recompute import counts_of_month

    with connection.cursor() as db:
        for count in counts_of_month(today.replace(day=1), today):
            if count.measure is not None:
                db.execute(FLOOR.replace("{rows}", count.measure.sql), count.measure.bound(count.time(today, now)))
                db.fetchall()


def _refresh(today: date, now: datetime) -> None:
    from kpi.sweeps import refresh

    with write(label="system:bench"):
        refresh(today, now)


def _met(today: date, managers: Sequence[int], count: int) -> None:
    with write(label="system:bench"), connection.cursor() as db:
        db.execute(MET, [today, list(managers), count])


def counting(today: date) -> list[Figure]:
    """`kpi_month`, `kpi_month_again` and `kpi_refresh`: what counting costs against sums, and against what changed."""
    from accounts.models import Staff
    from kpi.sweeps import refresh

    now = timezone.now()
    _bare(today, now)
    floors = sorted(_used(lambda: _bare(today, now)) for _round in range(3))
    first = _used(lambda: _count(today, now))
    again = _used(lambda: _count(today, now))
    with write(label="system:bench"):
        refresh(today, now, full=True)
    people = list(Staff.unscoped.filter(number__startswith="M").order_by("pk").values_list("pk", flat=True))
    used = []
    for few, many in ((MANAGERS // 100, FEW), (MANAGERS // 10, 10 * FEW)):
        _met(today, people[few : 2 * few], many)
        used.append(_used(lambda: _refresh(today, now)))
    nothing = _used(lambda: _refresh(today, now))
    return [
        against("kpi_month", first, floors[1], 3, "s CPU", f"{CUSTOMERS:,} customers, {MANAGERS:,} managers"),
        against("kpi_month_again", again, floors[1], 3, "s CPU", "nothing differs"),
        against("kpi_refresh", used[1], used[0], 12, "s CPU", "10,000 changes of 100 people against 1,000 of 10"),
        Figure("kpi_refresh_nothing", round(nothing, 3), "s CPU", round(used[0], 3), round(nothing / used[0], 3), 0.2),
    ]


def gather(today: date) -> None:
    """All customers to the managers whom the small database knows, then everything counted."""
    from kpi.sweeps import refresh

    kept = [f"M{place:02d}" for place in range(data.MANAGERS)]
    with connection.cursor() as db:
        for table in TABLES:
            db.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in GATHER:
            db.execute(statement, {"kept": kept})
        for table in TABLES:
            db.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    with write(label="system:bench"):
        refresh(today, timezone.now(), full=True)
    with connection.cursor() as db:
        db.execute("VACUUM ANALYZE")


def small(fresh_database: Callable[[], None]) -> None:
    """Fill this process's database, the small one, and say who is signed in there (`python -m bench --kpi-small`)."""
    from crm.core.models import User

    today = timezone.localdate()
    fresh_database()
    fill(FEW, 0, today)
    gather(today)
    print(json.dumps({name: session_of(User.objects.get(username=name)) for name in ("D1", "S0", "M00")}))


def dashboards() -> list[Figure]:
    """`kpi_city`, `kpi_unit`, `kpi_own`: a dashboard over 1,000,000 customers against the same over 1,000."""
    from crm.core.models import User

    _drop()
    with connection.cursor() as db:
        db.execute(f"CREATE DATABASE {DATABASE}")
    filled = subprocess.run(
        [sys.executable, "-m", "bench", "--kpi-small"], cwd=ROOT, env=os.environ | {"CRM_DATABASE": DATABASE},
        stdout=subprocess.PIPE, check=True, text=True,
    )  # fmt: skip
    few, many = start(database=DATABASE), start()
    try:
        few.cookies = json.loads(filled.stdout.splitlines()[-1])
        users = {name: User.objects.get(username=name) for name in few.cookies}
        for user in users.values():
            many.sign_in(user)
        asked = (("kpi_city", "D1"), ("kpi_unit", "S0"), ("kpi_own", "M00"))
        return [_in_turns(name, few, many, Request("/kpi/", users[who])) for name, who in asked]
    finally:
        few.stop()
        many.stop()
        _drop()


def _in_turns(name: str, few: Site, many: Site, request: Request) -> Figure:
    costs: list[list[float]] = [[], []]
    for _round in range(ROUNDS):
        for place, site in enumerate((few, many)):
            costs[place].append(cpu_per_request(site, request, REQUESTS)[0])
    small_cost, large_cost = (sorted(cost)[ROUNDS // 2] for cost in costs)
    return against(name, large_cost, small_cost, 1.3, note=f"{CUSTOMERS:,} customers against {FEW:,}")


def _drop() -> None:
    with connection.cursor() as db:
        db.execute(f"DROP DATABASE IF EXISTS {DATABASE} (FORCE)")


def measure(fresh_database: Callable[[], None]) -> list[Figure]:
    """Counting first, then the dashboards."""
    today = timezone.localdate()
    fresh_database()
    print(f"filling {CUSTOMERS:,} customers …", file=sys.stderr)
    fill(CUSTOMERS, MANAGERS, today)
    figures = counting(today)
    for figure in figures:
        print(figure, file=sys.stderr)
    gather(today)
    return [*figures, *dashboards()]

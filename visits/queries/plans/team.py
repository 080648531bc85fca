"""The plans of a team (PLAN-4, PLAN-5, PLAN-18): one row per manager, for a week or a month; read only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from accounts.queries import names
from crm.core import parameters, working_days
from crm.core.abilities import Access
from crm.core.measures import Share, by_manager
from crm.core.scope import Scope
from crm.core.ui import mark
from visits.choices import PlanState
from visits.queries.measures.work import NOTHING, PLAN_ITEMS_DONE, PLANS_ON_TIME, of_days
from visits.queries.plans.page import STATES, period_words, plan_url
from visits.rules.plans import neighbour, period_last, period_start

_PEOPLE = """
SELECT t.id FROM accounts_staff t WHERE t.is_active AND {people} AND EXISTS (SELECT 1 FROM accounts_post o
  WHERE o.staff_id = t.id AND o.role = 'manager' AND (o.ends_on IS NULL OR o.ends_on >= %s))
ORDER BY t.unit_id, t.number
"""
_PLANS = """
SELECT p.staff_id, (array_agg(p.state ORDER BY p.starts_on DESC))[1], count(*) FILTER (WHERE p.state <> 'accepted')
FROM visits_plan p
WHERE p.staff_id = ANY(%(staff)s) AND p.period = 'week' AND p.starts_on BETWEEN %(first)s AND %(begun)s GROUP BY 1
"""
# What became of the items that were not done on their day: the others are the rows of F27.
_ITEMS = """
SELECT p.staff_id, count(*) FILTER (WHERE i.state = 'done' AND v.occurred_on <> i.planned_on),
  count(*) FILTER (WHERE i.state = 'missed'), count(*) FILTER (WHERE i.state = 'planned'), sum(coalesce(k.slots, 1)),
  count(*) FILTER (WHERE i.planned_on < %(today)s),
  count(*) FILTER (WHERE i.state = 'done' AND v.occurred_on <= i.planned_on AND i.planned_on < %(today)s)
FROM visits_plan p JOIN visits_planitem i ON i.plan_id = p.id AND i.state <> 'cancelled'
LEFT JOIN visits_visit v ON v.id = i.visit_id LEFT JOIN visits_channel k ON k.id = i.channel_id
WHERE p.staff_id = ANY(%(staff)s) AND p.period = 'week' AND i.planned_on BETWEEN %(first)s AND %(last)s
GROUP BY 1
"""
_UNPLANNED = """
SELECT v.staff_id, count(*) FROM visits_visit v JOIN visits_outcome o ON o.id = v.outcome_id AND o.is_effective
WHERE v.staff_id = ANY(%(staff)s) AND v.occurred_on BETWEEN %(first)s AND %(last)s
  AND v.occurred_at >= %(first)s::date - interval '2 days' AND v.undone_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM visits_planitem i WHERE i.visit_id = v.id)
GROUP BY 1
"""
_TASKS = """
SELECT t.staff_id, count(*), count(*) FILTER (
    WHERE t.state = 'done' AND (t.closed_at AT TIME ZONE 'Asia/Shanghai')::date <= t.due_on)
FROM accounts_task t WHERE t.staff_id = ANY(%(staff)s) AND t.state <> 'cancelled'
  AND t.due_on BETWEEN %(first)s AND least(%(last)s, %(today)s::date - 1)
GROUP BY 1
"""
_LEAVES = (
    "SELECT staff_id, starts_on, ends_on FROM accounts_leave"
    " WHERE staff_id = ANY(%(staff)s) AND starts_on <= %(last)s AND ends_on >= %(first)s"
)


@dataclass(frozen=True, slots=True)
class TeamPlan:
    """One manager: his plans of the time, what came of them (F26, F27, PLAN-18)."""

    staff_id: int
    name: str
    number: str
    unit: str
    state: SafeString | str
    due: int
    on_time: int
    system: int
    late: int
    planned: int
    on_day: int
    shifted: int
    missed: int
    open: int
    unplanned: int
    slots: int
    capacity: int
    owed: int
    kept: int
    urls: dict[str, str]

    @property
    def per_cent(self) -> int | None:
        """F27: done on the day, of what was planned and not left out."""
        return 100 * self.on_day // self.planned if self.planned else None

    @property
    def kept_per_cent(self) -> int | None:
        """PLAN-18: plan items and tasks done in time, of those whose day is over."""
        return 100 * self.kept // self.owed if self.owed else None

    @property
    def timely_per_cent(self) -> int | None:
        """F26: plans that were not late; an untouched draft is the system's plan, not late."""
        return 100 * (self.due - self.late) // self.due if self.due else None


@dataclass(frozen=True, slots=True)
class TeamPlans:
    """The page."""

    period: str
    starts_on: date
    title: str
    rows: list[TeamPlan]
    before_url: str
    after_url: str
    periods: list[tuple[str, str, bool]]


def team_plans(access: Access, *, period: str, on: date | None, now: datetime) -> TeamPlans:
    """Everybody of the team; as many statements however many they are."""
    today = timezone.localdate(now)
    starts_on = period_start(period, on or today)
    own = Scope(manager_ids=access.scope_for("plan_week").manager_ids)
    people = access.scope_for("view_team").union(own)
    rows = plan_figures(people, starts_on, period_last(period, starts_on), today=today)
    base = reverse("visits:plan_team")

    def url(code: str, start: date) -> str:
        return f"{base}?{urlencode({'period': code, 'on': start.isoformat()})}"

    return TeamPlans(
        period, starts_on, period_words(period, starts_on), rows,
        url(period, neighbour(period, starts_on, -1)), url(period, neighbour(period, starts_on, 1)),
        [(code, url(code, period_start(code, starts_on)), code == period) for code in ("week", "month")],
    )  # fmt: skip


def plan_figures(people: Scope, first: date, last: date, *, today: date) -> list[TeamPlan]:
    """F26 (plans), F27, PLAN-5 and PLAN-18 of the managers of a scope between two days."""
    condition, params = people.sql_for(unit="t.unit_id", manager="t.id")
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE.format(people=condition), [*params, first])
        staff_ids = [row[0] for row in cursor.fetchall()]
        begun = min(last, max(today, first))
        asked: dict[str, Any] = {"staff": staff_ids, "first": first, "last": last, "today": today, "begun": begun}
        found = []
        for statement in (_PLANS, _ITEMS, _UNPLANNED, _TASKS):
            cursor.execute(statement, asked)
            found.append({row[0]: row[1:] for row in cursor.fetchall()})
        cursor.execute(_LEAVES, asked)
        leaves: dict[int, list[tuple[date, date]]] = {}
        for staff_id, start, end in cursor.fetchall():
            leaves.setdefault(staff_id, []).append((start, end))
    plans, items, loose, tasks = found
    theirs = Scope(manager_ids=tuple(staff_ids))
    on_time = by_manager(PLANS_ON_TIME, theirs, of_days(first, last, max(today, first)))
    done = by_manager(PLAN_ITEMS_DONE, theirs, of_days(first, last, today))
    working = list(working_days.calendar().days(first, last))
    slots = int(parameters.value("day_slots", first))
    rows = []
    for staff_id in staff_ids:
        away = leaves.get(staff_id, ())
        free = sum(not any(start <= day <= end for start, end in away) for day in working)
        state, system = plans.get(staff_id, ("", 0))
        counted = Counted(
            on_time.get(staff_id, NOTHING), done.get(staff_id, NOTHING), state, system,
            items.get(staff_id, (0,) * 6), loose.get(staff_id, (0,))[0], tasks.get(staff_id, (0, 0)), free * slots,
        )  # fmt: skip
        rows.append(_row(staff_id, counted, first, last))
    return rows


@dataclass(frozen=True, slots=True)
class Counted:
    """What the statements say of one manager."""

    on_time: Share
    done: Share
    state: str
    system: int
    items: tuple[Any, ...]
    loose: int
    tasks: tuple[int, int]
    capacity: int


def _row(staff_id: int, counted: Counted, first: date, last: date) -> TeamPlan:
    card = names.staff_card(staff_id)
    shifted, missed, still_open, slots, past, kept = counted.items
    due, timely = int(counted.on_time.denominator), int(counted.on_time.numerator)
    shown = mark(str(PlanState(counted.state).label), *STATES[PlanState(counted.state)]) if counted.state else ""
    return TeamPlan(
        staff_id, card.name if card else "", card.number if card else "", names.unit_name(card.unit_id) if card else "",
        shown, due, timely - counted.system, counted.system, due - timely, int(counted.done.denominator),
        int(counted.done.numerator), shifted, missed, still_open, counted.loose, int(slots or 0), counted.capacity,
        past + counted.tasks[0], kept + counted.tasks[1], _urls(staff_id, first, last),
    )  # fmt: skip


def _urls(staff_id: int, first: date, last: date) -> dict[str, str]:
    """Every count leads to its rows."""
    base = reverse("visits:plan_item_list")
    asked = {"staff": staff_id, "from": first.isoformat(), "to": last.isoformat()}
    states = (
        "planned", "on_day", "shifted", "missed", "open", "unplanned", "plans", "plans_late", "owed", "kept",
    )  # fmt: skip
    urls = {state: f"{base}?{urlencode({**asked, 'state': state})}" for state in states}
    return urls | {"plan": plan_url("week", first if (last - first) < timedelta(days=8) else last, staff_id)}

"""Draft plans (PLAN-1, PLAN-6): every manager's week in batches, written by COPY; months and years by one statement."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import TierRule
from accounts.rules import tier_rule_on
from crm.core import working_days
from crm.core.db import write
from crm.core.errors import Invalid, NotFound
from visits.actions.ledger.placing import leaves_from
from visits.actions.plans.wishes import Week, wishes_of
from visits.queries.catalogue import catalogue
from visits.rules.plans import Placed, arrange, merge, period_last

if TYPE_CHECKING:
    from crm.core.models import User

AHEAD = timedelta(days=28)
BATCH = 250
"""Managers at a time, so that memory stays flat."""

_PLANS = """
INSERT INTO visits_plan (staff_id, period, starts_on, state, focus, drafted_at, version)
SELECT t.id, %(period)s, %(starts_on)s, 'draft', '', %(now)s, 1 FROM accounts_staff t
WHERE t.is_active AND EXISTS (SELECT 1 FROM accounts_post p WHERE p.staff_id = t.id AND p.role = 'manager'
  AND (p.starts_on IS NULL OR p.starts_on <= %(last)s) AND (p.ends_on IS NULL OR p.ends_on >= %(starts_on)s))
ORDER BY t.id
ON CONFLICT (staff_id, period, starts_on) DO NOTHING RETURNING id, staff_id
"""
_COPY = (
    "COPY visits_planitem (plan_id, customer_id, planned_on, half, position, target, purpose, reason, reason_on,"
    " channel_id, duty_id, task_id, state, leave_out_reason) FROM STDIN"
)
# A month or a year says how many contacts each tier is owed; what was done is counted from the ledger.
_TARGETS = """
INSERT INTO visits_planitem (plan_id, tier_id, planned_on, half, position, target, purpose, reason, state,
  leave_out_reason)
SELECT p.id, k.tier_id, g.day, 'am', t.rank, ceil(k.customers * r.share), '', 'target', 'planned', ''
FROM visits_plan p
JOIN (SELECT c.manager_id, c.tier_id, count(*) AS customers FROM accounts_customer c
  WHERE c.state = 'active' AND c.manager_id IS NOT NULL AND c.tier_id IS NOT NULL GROUP BY 1, 2) k
  ON k.manager_id = p.staff_id
JOIN accounts_tier t ON t.id = k.tier_id
JOIN unnest(%(tiers)s::bigint[], %(shares)s::float8[]) AS r(tier_id, share) ON r.tier_id = k.tier_id
CROSS JOIN unnest(%(days)s::date[]) AS g(day)
WHERE p.id = ANY(%(plans)s)
"""
NULL = "\\N"
MONTHS = {"month": 1.0, "quarter": 1 / 3, "half": 1 / 6, "year": 1 / 12}
"""Contacts a month that a cadence asks for."""


def draft_week(monday: date, *, today: date, now: datetime, staff_ids: Iterable[int] | None = None) -> list[int]:
    """The plans of one week that are not there yet, with their items; answers whose they are. Again does nothing."""
    plans = _new_plans("week", monday, now=now, staff_ids=staff_ids)
    calendar = working_days.calendar()
    first = max(monday, today)
    week = Week(first, monday + timedelta(days=6), today, calendar, leaves_from(first), catalogue())
    for begin in range(0, len(plans), BATCH):
        _draft(plans[begin : begin + BATCH], week)
    return [staff_id for _plan, staff_id in plans]


def draft_own_week(*, staff_id: int, monday: date, by: User, now: datetime) -> int:
    """The draft of a week that has none, made when its manager asks for it; one that is there stays as it is."""
    today = timezone.localdate(now)
    if not by.access.scope_for("plan_week").allows(unit_id=None, manager_id=staff_id):
        raise NotFound
    if not today - timedelta(days=6) <= monday <= today + AHEAD or monday.weekday():
        raise Invalid(_("This week is too far away."), code="out_of_range", field="on")
    with write(by=by):
        return len(draft_week(monday, today=today, now=now, staff_ids=[staff_id]))


def _new_plans(
    period: str, starts_on: date, *, now: datetime, staff_ids: Iterable[int] | None = None
) -> list[tuple[int, int]]:
    params: dict[str, Any] = {
        "period": period, "starts_on": starts_on, "last": period_last(period, starts_on), "now": now,
    }  # fmt: skip
    sql = _PLANS
    if staff_ids is not None:
        sql = _PLANS.replace("WHERE t.is_active", "WHERE t.id = ANY(%(staff)s) AND t.is_active")
        params["staff"] = list(staff_ids)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())


def _draft(plans: Sequence[tuple[int, int]], week: Week) -> None:
    wishes = wishes_of([staff_id for _plan, staff_id in plans], week)
    lines: list[str] = []
    for plan_id, staff_id in plans:
        placed = arrange(
            merge(wishes.get(staff_id, ())),
            monday=week.first,
            last=week.last,
            calendar=week.calendar,
            leaves=week.leaves.get(staff_id, ()),
        )
        lines += [_line(plan_id, one) for one in placed]
    if lines:
        with connection.cursor() as cursor:
            cursor.copy_expert(_COPY, io.StringIO("".join(lines)))


def _line(plan_id: int, placed: Placed) -> str:
    """One row in COPY's text format; nothing in it was typed by anybody."""
    wish = placed.wish
    duty, task, on = wish.duty_id or NULL, wish.task_id or NULL, wish.reason_on or NULL
    return (
        f"{plan_id}\t{wish.customer_id}\t{placed.on}\t{placed.half}\t{placed.position}\t1\t\t{wish.reason}"
        f"\t{on}\t{wish.channel_id}\t{duty}\t{task}\tplanned\t\n"
    )


def draft_long(period: str, starts_on: date, *, now: datetime) -> list[int]:
    """The month's or the year's plan of everybody who has none yet: contacts owed by tier, a year's by quarters."""
    plans = _new_plans(period, starts_on, now=now)
    if not plans:
        return []
    days = [starts_on] if period == "month" else [starts_on.replace(month=month) for month in (1, 4, 7, 10)]
    shares = _shares(starts_on, 1 if period == "month" else 3)
    with connection.cursor() as cursor:
        cursor.execute(
            _TARGETS,
            {
                "plans": [plan_id for plan_id, _staff in plans],
                "tiers": list(shares),
                "shares": list(shares.values()),
                "days": days,
            },
        )
    return [staff_id for _plan, staff_id in plans]


def _shares(on: date, months: int) -> Mapping[int, float]:
    """Tier → contacts per customer in so many months."""
    by_tier: dict[int, list[TierRule]] = {}
    for rule in TierRule.objects.filter(purpose="contact", tier__isnull=False):
        if rule.tier_id is not None:
            by_tier.setdefault(rule.tier_id, []).append(rule)
    found: dict[int, float] = {}
    for tier_id, rules in by_tier.items():
        holds = tier_rule_on(rules, on)
        if holds is not None and holds.period:
            found[tier_id] = round(MONTHS[holds.period] * months, 6)
    return found

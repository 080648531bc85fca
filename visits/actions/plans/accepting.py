"""Accept a plan in one tap (PLAN-2, PLAN-6), and say what it is about."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from crm.core import parameters, working_days
from crm.core.db import write
from crm.core.errors import Conflict, FieldProblem, Invalid
from crm.core.text import clean_text
from visits.actions.ledger.placing import leaves_from
from visits.actions.plans.adopting import lead
from visits.actions.plans.doors import own_plan
from visits.choices import PlanState
from visits.models import Plan
from visits.queries.plans.levelling import proposed_moves
from visits.rules.plans import period_last

if TYPE_CHECKING:
    from crm.core.models import User

FOCUS_LENGTH = 500
# PLAN-2: due in the period, neither planned nor left out with a reason.
_LEFT_OUT = """
SELECT c.name, min(d.due_on) FROM visits_duty d JOIN accounts_customer c ON c.id = d.customer_id
WHERE d.manager_id = %(staff)s AND d.state = 'open' AND d.due_on BETWEEN %(first)s AND %(last)s
  AND NOT EXISTS (SELECT 1 FROM visits_planitem i WHERE i.plan_id = %(plan)s AND i.customer_id = d.customer_id
    AND (i.state <> 'cancelled' OR i.leave_out_reason <> ''))
GROUP BY c.id, c.name ORDER BY 2, 1 LIMIT 6
"""
_LOADS = """
SELECT i.planned_on, sum(coalesce(k.slots, 1))::int FROM visits_planitem i
LEFT JOIN visits_channel k ON k.id = i.channel_id
WHERE i.plan_id = %s AND i.state = 'planned' AND i.planned_on >= %s GROUP BY 1 HAVING sum(coalesce(k.slots, 1)) > %s
"""
_COUNT = "SELECT count(*) FROM visits_planitem WHERE plan_id = %s AND state <> 'cancelled'"


def accept_plan(*, plan_id: int, by: User, now: datetime) -> Plan:
    """The plan is handed in; every due customer is in it or left out with a reason (PLAN-2). Twice is once."""
    today = timezone.localdate(now)
    with write(by=by):
        plan = own_plan(plan_id, by=by, now=now)
        if plan.state == PlanState.ACCEPTED:
            return plan
        if plan.period == "week":
            _check(plan, today)
        plan.state, plan.accepted_at, plan.accepted_by = PlanState.ACCEPTED, now, by
        plan.version += 1
        plan.save(update_fields=["state", "accepted_at", "accepted_by", "version"])
        if plan.period == "week":
            lead([plan.pk], today=today)
        return plan


def _check(plan: Plan, today: date) -> None:
    last = period_last(plan.period, plan.starts_on)
    with connection.cursor() as cursor:
        cursor.execute(
            _LEFT_OUT,
            {"staff": plan.staff_id, "plan": plan.pk, "first": max(plan.starts_on, today), "last": last},
        )
        left_out = cursor.fetchall()
        cursor.execute(_COUNT, [plan.pk])
        count = cursor.fetchone()[0]
    if left_out:
        words = _("%(name)s is due on %(day)s: plan it, or leave it out with a reason.")
        raise Invalid(
            code="due_left_out",
            errors=[
                FieldProblem("", "due_left_out", words % {"name": name, "day": date_format(on, "MONTH_DAY_FORMAT")})
                for name, on in left_out
            ],
        )
    if full := _too_full(plan, today):
        words = _("%(day)s holds %(load)d of %(most)d slots: move somebody to another day, or level the week.")
        raise Invalid(
            code="day_too_full",
            errors=[FieldProblem("", "day_too_full", words % {**day, "day": _day(day["day"])}) for day in full],
        )
    if not count and not _is_away(plan, last):
        raise Invalid(_("An empty plan cannot be accepted: put somebody in."), code="empty")


def _too_full(plan: Plan, today: date) -> list[dict[str, Any]]:
    """PLAN-2: days over the daily load, as long as other days of the week have room for what is too much."""
    most = int(parameters.value("day_slots", today))
    with connection.cursor() as cursor:
        cursor.execute(_LOADS, [plan.pk, max(plan.starts_on, today), most])
        loads = dict(cursor.fetchall())
    if not loads:
        return []
    movable = {move.from_on for move in proposed_moves(plan, today=today)}
    return [{"day": on, "load": load, "most": most} for on, load in sorted(loads.items()) if on in movable]


def _day(on: date) -> str:
    return f"{date_format(on, 'MONTH_DAY_FORMAT')} {date_format(on, 'D')}"


def _is_away(plan: Plan, last: date) -> bool:
    """Whether he is on leave on every working day of the period."""
    away = leaves_from(plan.starts_on).get(plan.staff_id, ())
    days = list(working_days.calendar().days(plan.starts_on, last)) or [
        plan.starts_on + timedelta(days=offset) for offset in range((last - plan.starts_on).days + 1)
    ]
    return all(any(start <= day <= end for start, end in away) for day in days)


def save_focus(*, plan_id: int, focus: str, version: int | None, by: User, now: datetime) -> Plan:
    """What this week, month or year is about, in a few words."""
    focus = clean_text(focus, field="focus", max_length=FOCUS_LENGTH)
    with write(by=by):
        plan = own_plan(plan_id, by=by, now=now)
        if focus != plan.focus:
            if version is not None and version != plan.version:
                raise Conflict(current={"focus": plan.focus, "version": plan.version})
            Plan.unscoped.filter(pk=plan.pk).update(
                focus=focus, touched_at=plan.touched_at or now, version=F("version") + 1
            )
            plan.refresh_from_db()
        return plan

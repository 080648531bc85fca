"""What levelling a week anew would move: the preview and the deed ask the same question."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection

from crm.core import parameters, working_days
from visits.models import Plan
from visits.rules.plans import Standing, relevel

_ITEMS = """
SELECT i.id, i.customer_id, i.planned_on, coalesce(d.due_on, %(last)s), coalesce(k.slots, 1), c.district,
  i.reason IN ('call_back', 'follow_up', 'assigned', 'birthday', 'care'), i.duty_id, c.name
FROM visits_planitem i JOIN accounts_customer c ON c.id = i.customer_id
LEFT JOIN visits_duty d ON d.id = i.duty_id AND d.state = 'open' LEFT JOIN visits_channel k ON k.id = i.channel_id
WHERE i.plan_id = %(plan)s AND i.state = 'planned' AND i.planned_on >= %(today)s
ORDER BY i.planned_on, i.half, i.position, i.id
"""
_LEAVES = (
    "SELECT starts_on, ends_on FROM accounts_leave WHERE staff_id = %s AND starts_on <= %s AND ends_on >= %s"
    " ORDER BY starts_on"
)


@dataclass(frozen=True, slots=True)
class Move:
    """One item, from its day to another."""

    item_id: int
    name: str
    from_on: date
    to_on: date
    duty_id: int | None


def leaves_between(staff_id: int, first: date, last: date) -> list[tuple[date, date]]:
    """When he is away in these days."""
    with connection.cursor() as cursor:
        cursor.execute(_LEAVES, [staff_id, last, first])
        return list(cursor.fetchall())


def proposed_moves(plan: Plan, *, today: date) -> list[Move]:
    """What falls on leave, on a free day, or on a day that is too full, and the day it would get; two statements."""
    if plan.period != "week":
        return []
    last = date.fromordinal(plan.starts_on.toordinal() + 6)
    with connection.cursor() as cursor:
        cursor.execute(_ITEMS, {"plan": plan.pk, "today": today, "last": last})
        rows = cursor.fetchall()
    days = relevel(
        [Standing(*row[:7]) for row in rows],
        monday=plan.starts_on,
        today=today,
        calendar=working_days.calendar(),
        leaves=leaves_between(plan.staff_id, plan.starts_on, last),
        day_slots=int(parameters.value("day_slots", today)),
    )
    planned = {(row[1], row[2]) for row in rows}
    return [
        Move(row[0], row[8], row[2], days[row[0]], row[7])
        for row in rows
        if row[0] in days and (row[1], days[row[0]]) not in planned
    ]

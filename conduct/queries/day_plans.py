"""The accepted plan of a day with visits on site *is* the registration of the way (SEC-7): the rule, once, as SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import connection

REGISTERS = """visits_planitem i
JOIN visits_plan p ON p.id = i.plan_id AND p.period = 'week' AND p.state IN ('accepted', 'system')
JOIN visits_channel g ON g.id = i.channel_id AND g.is_on_site
JOIN accounts_customer j ON j.id = i.customer_id"""
"""FROM: items (i) of an accepted week plan (p) that lead to a customer (j) on site. Add whose and when."""
STILL_TO_COME = "i.state = 'planned'"
"""What is on the way of the day; done, missed and cancelled items are not."""
AGREED = "i.state <> 'cancelled'"
"""What was registered, whatever came of it."""
IN_ORDER = "i.half, i.position, i.id"
"""The order of the day."""


@dataclass(frozen=True, slots=True)
class DayPlan:
    """The on-site visits of an accepted day plan."""

    customer_ids: tuple[int, ...]
    destination: str

    @property
    def count(self) -> int:
        """How many visits."""
        return len(self.customer_ids)


def destination_of(places: Sequence[str], longest: int = 200) -> str:
    """Where the way of the day leads, in one line."""
    text = "、".join(places)
    return text if len(text) <= longest else text[: longest - 1] + "…"


def day_plan(staff_id: int, day: date) -> DayPlan | None:
    """What the accepted plan of the day says; None without on-site visits."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT j.id, j.name FROM {REGISTERS} WHERE p.staff_id = %s AND i.planned_on = %s AND {STILL_TO_COME}"
            f" ORDER BY {IN_ORDER}",
            [staff_id, day],
        )
        found = cursor.fetchall()
    if not found:
        return None
    return DayPlan(tuple(row[0] for row in found), destination_of([row[1] for row in found]))

"""Targets in time and office hours: settings of headquarters."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

from complaints.models import SlaRule
from crm.core.models import OfficeHours
from tests.guards.bodies import day
from tests.guards.route_rows import SETTERS, get, page, post

ROUTES = [
    page("complaints:sla_list", "", get(SETTERS)),
    page("complaints:sla_new", "", get(SETTERS), post(SETTERS)),
    page("complaints:office_hours", "", get(SETTERS), post(SETTERS)),
]  # fmt: skip
BODIES: dict[str, Any] = {
    "complaints:sla_new": lambda w: {
        "kind": "need", "first_reply_minutes": "90", "solution_minutes": "900", "hours": "office",
        "effective_from": day(40), "step": "do"},
    "complaints:office_hours": lambda w: {
        "opens": "08:00", "lunch_from": "12:00", "lunch_to": "13:00", "closes": "17:00", "effective_from": day(40),
        "step": "do"},
}  # fmt: skip
PROBES = {"complaints:sla_new": ("kind=complaint&level=major",)}


def gather(world: Any, rows: dict[str, Any], number: int) -> None:
    """So many more targets and changes of the office hours."""
    if rows["unit"].code != "A":
        return
    first = date(2001, 1, 1)
    SlaRule.objects.bulk_create(
        SlaRule(kind="need", level="serious", solution_minutes=600, effective_from=first + timedelta(days=place))
        for place in range(number)
    )
    OfficeHours.objects.bulk_create(
        OfficeHours(effective_from=first + timedelta(days=place), opens=time(9), closes=time(17))
        for place in range(number)
    )


LISTS = frozenset({"complaints:sla_list", "complaints:office_hours"})
NEVER_EMPTY = frozenset({"complaints:sla_list", "complaints:office_hours"})

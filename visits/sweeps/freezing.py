"""Freeze a month (decisions 3): 05:00 on the working day after the monthly report's due day (PLAN-11)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core import parameters, working_days
from crm.core.sweeps import sweep
from visits.models import MonthFreeze
from visits.rules import freezes_at, last_day, next_month
from visits.sweeps.closing import LONGEST_WINDOW, credit_misses
from visits.sweeps.room import make_room

_FREEZE = """
UPDATE visits_duty SET state = CASE state WHEN 'provisional' THEN 'missed' ELSE state END, frozen_at = %(now)s
WHERE due_on BETWEEN %(first)s AND %(last)s AND frozen_at IS NULL AND state <> 'open'
"""


@sweep("freeze_months", label=_("Freeze the month"))
def freeze_months(*, today: date, now: datetime) -> dict[str, int]:
    """Provisional misses become final, every row of the month is frozen; corrections are new revisions from here."""
    make_room()
    rows = 0
    months = months_to_freeze(today, now)
    for month in months:
        rows += _freeze(month, now)
    return {"rows": rows, "months": len(months)}


def months_to_freeze(today: date, now: datetime) -> list[date]:
    """Months that have ended before the business date, whose moment has come, oldest first."""
    calendar = working_days.calendar()
    report_day = int(parameters.value("report_day", today))
    found = []
    month = _first_unfrozen()
    while month is not None and last_day(month) < today:
        if freezes_at(month, calendar, timezone.get_default_timezone(), report_day=report_day) > now:
            break
        found.append(month)
        month = next_month(month)
    return found


def _first_unfrozen() -> date | None:
    """The month after the last frozen one; before the first freeze, that of the earliest due day."""
    frozen = MonthFreeze.objects.order_by("-month").values_list("month", flat=True).first()
    if frozen is not None:
        return next_month(frozen)
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(due_on) FROM visits_duty WHERE frozen_at IS NULL")
        earliest: date | None = cursor.fetchone()[0]
    return earliest.replace(day=1) if earliest else None


def _freeze(month: date, now: datetime) -> int:
    first, last = month, last_day(month)
    credit_misses(first - LONGEST_WINDOW, first, last)
    MonthFreeze.objects.create(month=month, frozen_at=now)
    with connection.cursor() as cursor:
        cursor.execute(_FREEZE, {"first": first, "last": last, "now": now})
        return int(cursor.rowcount)


def frozen_through() -> date | None:
    """The last day of the last frozen month."""
    month = MonthFreeze.objects.order_by("-month").values_list("month", flat=True).first()
    return next_month(month) - timedelta(days=1) if month else None

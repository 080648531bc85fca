"""Freeze a month (decisions 3): 05:00 on the working day after the monthly report's due day (PLAN-11)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.queries.spans import SPAN, Span, by_manager
from crm.core import parameters, working_days
from crm.core.sweeps import sweep
from visits.models import MonthFreeze
from visits.rules import freezes_at, last_day, next_month
from visits.sweeps.closing import LONGEST_WINDOW, credit_misses
from visits.sweeps.room import make_room

_FREEZE = f"""
UPDATE visits_duty SET state = CASE state WHEN 'provisional' THEN 'missed' ELSE state END, frozen_at = %(now)s
WHERE due_on BETWEEN %(first)s AND %(last)s AND frozen_at IS NULL AND state <> 'open' AND {SPAN}
"""
_TO_FREEZE = """
SELECT manager_id, count(*) FROM visits_duty
WHERE due_on BETWEEN %s AND %s AND frozen_at IS NULL AND state <> 'open' GROUP BY 1
"""


def parts_to_freeze(*, today: date, now: datetime) -> list[dict[str, Any]]:
    """How many rows of each manager become final."""
    counts: Counter[int | None] = Counter()
    with connection.cursor() as cursor:
        for month in months_to_freeze(today, now):
            cursor.execute(_TO_FREEZE, [month, last_day(month)])
            counts.update(dict(cursor.fetchall()))
    return by_manager(counts.items(), today)


@sweep("freeze_months", label=_("Freeze the month"), cut=parts_to_freeze)
def freeze_months(*, today: date, now: datetime, span: Mapping[str, Any] | None = None) -> dict[str, int]:
    """Provisional misses become final, every row of the month is frozen; corrections are new revisions from here.

    The month itself is frozen by the last step, the one about everything: its rows are all final then.
    """
    make_room()
    part = Span.of(span)
    rows = 0
    months = months_to_freeze(today, now)
    for month in months:
        rows += _freeze(month, now, part)
    return {"rows": rows, "months": len(months) if part.is_everything else 0}


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
        cursor.execute("SELECT min(due_on) FROM visits_duty")
        earliest: date | None = cursor.fetchone()[0]
    return earliest.replace(day=1) if earliest else None


def _freeze(month: date, now: datetime, part: Span) -> int:
    first, last = month, last_day(month)
    credit_misses(first - LONGEST_WINDOW, first, last, part=part)
    if part.is_everything:
        MonthFreeze.objects.create(month=month, frozen_at=now)
    statement = _FREEZE.replace(SPAN, part.where(manager="manager_id", customer="customer_id"))
    with connection.cursor() as cursor:
        cursor.execute(statement, {"first": first, "last": last, "now": now} | part.params)
        return int(cursor.rowcount)


def frozen_through() -> date | None:
    """The last day of the last frozen month."""
    month = MonthFreeze.objects.order_by("-month").values_list("month", flat=True).first()
    return next_month(month) - timedelta(days=1) if month else None

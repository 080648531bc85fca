"""The work calendar (PLT-5): a table seeded from a library, editable, read once a minute by each process."""

from __future__ import annotations

import time
from collections import Counter
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection
from django.utils.translation import gettext_lazy as _

from crm.core.db import write
from crm.core.errors import Invalid
from crm.core.models import WorkDay
from crm.core.rules import Calendar

if TYPE_CHECKING:
    from crm.core.models import User

CACHE_SECONDS = 60.0
HOLIDAYS_OF_A_YEAR = 7
_cache: tuple[float, Calendar] | None = None


def forget() -> None:
    """Read the table again at the next question."""
    global _cache
    _cache = None


def calendar() -> Calendar:
    """The whole calendar: every known exception, and the years that are known."""
    global _cache
    if _cache is None or time.monotonic() - _cache[0] > CACHE_SECONDS:
        rows = list(WorkDay.objects.values_list("date", "kind"))
        holidays = frozenset(day for day, kind in rows if kind == WorkDay.Kind.HOLIDAY)
        per_year = Counter(day.year for day in holidays)
        known = Calendar(
            holidays=holidays,
            makeups=frozenset(day for day, kind in rows if kind == WorkDay.Kind.MAKEUP),
            # A year is known when its holidays are in; a single entry for a closing day does not make it so.
            years=frozenset(year for year, days in per_year.items() if days >= HOLIDAYS_OF_A_YEAR),
        )
        _cache = (time.monotonic(), known)
    return _cache[1]


def calendar_for(year_from: int, year_to: int) -> Calendar:
    """The calendar that covers these years; ask `is_complete(year)` whether its holidays are known."""
    if year_from > year_to:
        raise ValueError("the first year comes after the last")
    return calendar()


def seed() -> int:
    """Fill the years the library knows and the table does not; what somebody has edited stays (idempotent)."""
    from chinese_calendar import constants

    names = {holiday.value: holiday.chinese for holiday in constants.Holiday}
    known = calendar().years
    rows = [
        WorkDay(date=day, kind=kind, name=names.get(name, name))
        for days, kind in ((constants.holidays, WorkDay.Kind.HOLIDAY), (constants.workdays, WorkDay.Kind.MAKEUP))
        for day, name in days.items()
        if day.year not in known
    ]
    if rows:
        with write(label="system:seed"):
            WorkDay.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
        forget()
    return len(rows)


def set_day(day: date, kind: str, *, name: str = "", by: User | None, now: datetime) -> None:
    """Make a date a holiday or a make-up day, or (kind "") an ordinary day of its weekday again (PLT-5)."""
    if not date(1990, 1, 1) <= day <= (now + timedelta(days=3660)).date():
        raise Invalid(_("This date is too far away."), code="out_of_range", field="date")
    if kind and kind not in WorkDay.Kind.values:
        raise Invalid(_("This is not one of the choices."), code="invalid_choice", field="kind")
    with write(by=by):
        if kind:
            WorkDay.objects.update_or_create(date=day, defaults={"kind": kind, "name": name})
        else:
            WorkDay.objects.filter(date=day).delete()
    forget()


def is_working_in_database(day: date) -> bool:
    """The same question asked of the SQL function that sweeps use; the parity test compares both."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT core_is_working(%s)", [day])
        return bool(cursor.fetchone()[0])

"""When a month becomes final (decisions 3): 05:00 on the working day after the monthly report's due day (PLAN-11)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo

from crm.core.rules import Calendar

REPORT_DAY = 5
FREEZE_AT = time(5, 0)


def next_month(month: date) -> date:
    """First day of the month after the one of this day."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def last_day(month: date) -> date:
    """Last day of the month of this day."""
    return next_month(month) - timedelta(days=1)


def report_due_on(month: date, calendar: Calendar, *, report_day: int = REPORT_DAY) -> date:
    """PLAN-11: the report on a month is due by the 5th of the next one, moved to the next working day (D5).

    September 2025 → 9 October 2025; March 2026 → 7 April 2026; April 2026 → 6 May 2026.
    """
    return calendar.next_working(next_month(month).replace(day=report_day))


def freezes_at(month: date, calendar: Calendar, zone: tzinfo, *, report_day: int = REPORT_DAY) -> datetime:
    """The moment from which the duties due in this month never change again."""
    day = calendar.add(report_due_on(month, calendar, report_day=report_day), 1)
    return datetime.combine(day, FREEZE_AT, tzinfo=zone)

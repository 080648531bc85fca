"""The churn report: which month, due when (RET-15)."""

from __future__ import annotations

from datetime import date, timedelta

from crm.core.rules import Calendar
from visits.rules.freeze import report_due_on


def month_to_report(today: date) -> date:
    """The first day of the month that ended last."""
    return (today.replace(day=1) - timedelta(days=1)).replace(day=1)


def due_on(month: date, calendar: Calendar, *, report_day: int) -> date:
    """By the day of the next month that the parameter names, moved to the next working day, as monthly reports are."""
    return report_due_on(month, calendar, report_day=report_day)

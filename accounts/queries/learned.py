"""Since when facts learned here wait for their source (CUS-10)."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils import timezone

from crm.core import parameters, working_days


def waiting_too_long(today: date) -> datetime:
    """A fact learned before this moment has waited longer than the source may take: so many full working days."""
    days = int(parameters.value("sync_days", today))
    return timezone.make_aware(datetime.combine(working_days.calendar().add(today, -days), time.min))

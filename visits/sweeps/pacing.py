"""Suggest days (design 4): whatever has no day, or no longer a good one, is levelled over the days left."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from crm.core.sweeps import sweep
from visits.actions.ledger.placing import place
from visits.sweeps.room import make_room


@sweep("suggest_days", label=_("Suggest days"))
def suggest_days(*, today: date, now: datetime) -> int:
    """Every day has its share: for all managers at once, by leave, load and how long the customer was silent."""
    make_room()
    return place(today=today)

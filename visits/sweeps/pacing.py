"""Suggest days (design 4): whatever has no day, or no longer a good one, is levelled over the days left."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.queries.spans import Span, by_manager
from crm.core.sweeps import sweep
from visits.actions.ledger.placing import place, to_place
from visits.sweeps.room import make_room


def parts_to_place(*, today: date, now: datetime) -> list[dict[str, Any]]:
    """How many duties of each manager have no day."""
    return by_manager(to_place(today), today)


@sweep("suggest_days", label=_("Suggest days"), cut=parts_to_place)
def suggest_days(*, today: date, now: datetime, span: Mapping[str, Any] | None = None) -> int:
    """Every day has its share: for all managers at once, by leave, load and how long the customer was silent."""
    make_room()
    return place(today=today, part=Span.of(span))

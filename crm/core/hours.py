"""The office hours from a day on: a table headquarters edits, read once a minute by each process (CMP-2)."""

from __future__ import annotations

import time

from crm.core.models import OfficeHours
from crm.core.rules import DayHours

CACHE_SECONDS = 60.0
_cache: tuple[float, tuple[DayHours, ...]] | None = None


def forget() -> None:
    """Read the table again at the next question."""
    global _cache
    _cache = None


def office_hours() -> tuple[DayHours, ...]:
    """Every row of the table, oldest first."""
    global _cache
    if _cache is None or time.monotonic() - _cache[0] > CACHE_SECONDS:
        rows = OfficeHours.objects.order_by("effective_from").values_list(
            "effective_from", "opens", "lunch_from", "lunch_to", "closes"
        )
        _cache = (time.monotonic(), tuple(DayHours(*row) for row in rows))
    return _cache[1]

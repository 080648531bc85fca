"""The office hours from a day on: a table headquarters edits, read once a minute by each process (CMP-2)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from crm.core.db import write
from crm.core.errors import Invalid
from crm.core.models import OfficeHours
from crm.core.rules import DayHours

if TYPE_CHECKING:
    from crm.core.models import User

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


def check_hours(row: DayHours) -> None:
    """Opening, lunch, closing in this order; lunch may be empty."""
    lunch = (row.lunch_from, row.lunch_to)
    if (lunch[0] is None) != (lunch[1] is None):
        raise Invalid(_("Lunch has a beginning and an end, or neither."), code="half_lunch", field="lunch_to")
    edges = [at for at in (row.opens, *lunch, row.closes) if at is not None]
    if edges != sorted(set(edges)):
        raise Invalid(_("These hours are not in order."), code="out_of_order", field="closes")


def set_office_hours(row: DayHours, *, by: User | None) -> OfficeHours:
    """Other office hours from a day on; earlier days keep theirs."""
    check_hours(row)
    with write(by=by):
        saved, _made = OfficeHours.objects.update_or_create(
            effective_from=row.effective_from,
            defaults={"opens": row.opens, "lunch_from": row.lunch_from, "lunch_to": row.lunch_to, "closes": row.closes},
        )
    forget()
    return saved

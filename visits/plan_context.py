"""What the page of the rows behind the numbers about plans is given."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from crm.core.addresses import given_of, unknown_value, with_values
from crm.core.asked import Asked
from visits.filters import read_day, read_id
from visits.queries.plans.listing import PARTS, Listed, month_span, plan_rows


def plan_item_context(request: Asked, now: datetime) -> dict[str, Any]:
    """The rows of one figure, by default of this month."""
    today = timezone.localdate(now)
    given = dict(given_of(request.GET, ("state", "from", "to", "staff", "cursor")))
    if given.get("state", "planned") not in PARTS:
        raise unknown_value("state")
    first, last = month_span(today)
    asked = Listed(
        given.get("state", "planned"), _day(given, "from", first), _day(given, "to", last),
        read_id(given["staff"], "staff") if "staff" in given else None, given.get("cursor", ""),
    )  # fmt: skip
    page = plan_rows(request.access, asked, today=today)
    more = with_values(request.GET, cursor=page.next_cursor) if page.next_cursor else ""
    return {"page": page, "rows": page.rows, "more_url": more}


def _day(given: Mapping[str, str], name: str, default: date) -> date:
    return read_day(given[name], name) if name in given else default

"""What the page of the duties behind a number is given."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

from accounts.choices import Grade, Line
from crm.core.addresses import with_values
from crm.core.asked import Asked
from visits.page_context import month_of
from workbench.filters import filter_id, one_of
from workbench.queries.duty_list import Wanted, duty_page

SEES = ("view_team", "serve_customers")


def duty_list_context(request: Asked, now: datetime) -> dict[str, Any]:
    """The duties of a state, by default those owed this month."""
    today = timezone.localdate(now)
    asked = Wanted(
        state=request.GET.get("state", "owed"),
        manager_id=filter_id(request, "manager"),
        unit_id=filter_id(request, "unit"),
        tier_id=filter_id(request, "tier"),
        grade=one_of(request, "grade", Grade.values),
        line=one_of(request, "line", Line.values),
        counted=one_of(request, "counted", ("1",)),
        month=month_of(request.GET["month"], today).first if request.GET.get("month") else None,
        cursor=request.GET.get("cursor", ""),
    )
    page = duty_page(request.access, asked, today=today, now=now)
    more = with_values(request.GET, cursor=page.next_cursor) if page.next_cursor else ""
    return {"page": page, "rows": page.items, "more_url": more}

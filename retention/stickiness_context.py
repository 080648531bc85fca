"""What the page of low stickiness is given (RET-17)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.filters import read_query
from crm.core.addresses import unknown_value, with_values, without
from crm.core.asked import Asked
from retention.queries.losses import SEES
from retention.queries.stickiness import FACTORS, count_low, low_on, low_stickiness
from retention.tabs import churn_tabs

OWN = ("most",)


def stickiness_context(request: Asked, *, today: date) -> dict[str, Any]:
    """Who is held by few things, those who bring most first."""
    scope = request.access.scope_for(SEES)
    query = read_query(request.GET, today, also=OWN)
    raw = request.GET.get("most", "")
    if raw and raw not in [str(n) for n in range(len(FACTORS))]:
        raise unknown_value("most")
    most = int(raw) if raw else low_on(today)
    rows, following = low_stickiness(
        scope, today, most=most, filters=query.filters, search=query.search, cursor=query.cursor
    )
    return {
        "tabs": churn_tabs(request.access, "stickiness_list"),
        "rows": rows,
        "factors": FACTORS,
        "query": query,
        "quick": [_chip(request, n, most) for n in range(len(FACTORS))],
        "none": count_low(scope, today, 0),
        "more_url": with_values(request.GET, cursor=following) if following else "",
    }


def _chip(request: Asked, number: int, most: int) -> dict[str, Any]:
    label = ngettext("At most %(n)d thing", "At most %(n)d things", number) % {"n": number}
    url = without(request.GET, "most") if number == most else with_values(request.GET, most=str(number))
    return {"label": label if number else _("Nothing holds them"), "is_on": number == most, "url": url}

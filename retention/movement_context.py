"""What the page of customers won and lost is given (RET-18)."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.queries import names
from accounts.queries.names import units_in
from crm.core.abilities import Access
from crm.core.addresses import given_of, unknown_value, with_values
from crm.core.measures import Time
from crm.core.pages import place_of
from retention.filters import NONE, read_manager, read_unit
from retention.queries import movement as queries
from retention.queries.losses import SEES
from retention.tabs import churn_tabs
from visits.page_context import Month, month_of

WORDS: dict[str, str | Promise] = {
    "opening": gettext_lazy("At the beginning"),
    "won": gettext_lazy("Won"),
    "lost": gettext_lazy("Lost"),
    "taken": gettext_lazy("Taken over"),
    "given": gettext_lazy("Handed on"),
    "closing": gettext_lazy("At the end"),
}
SIGNS = {"won": "+", "lost": "−", "taken": "+", "given": "−", "closing": "="}


def movement_context(request: HttpRequest, *, now: datetime) -> dict[str, Any]:
    """One month, every manager in sight or of one unit."""
    access: Access = request.access  # type: ignore[attr-defined]
    scope, today = access.scope_for(SEES), timezone.localdate(now)
    given = dict(given_of(request.GET, ("month", "unit")))
    month = month_of(given.get("month", ""), today)
    unit_id = read_unit(given["unit"]) if "unit" in given else None
    time = Time(month.first, month.last, today, now)
    rows = queries.movements(scope, time, names.subtree(unit_id) if unit_id is not None else ())
    people = [row for row in rows if row.staff_id is not None]
    return {
        "tabs": churn_tabs(access, "movement"),
        "month": month,
        "unit_id": unit_id,
        "units": units_in(scope),
        "columns": [{"label": str(label), "sign": SIGNS.get(way, "")} for way, label in WORDS.items()],
        "lines": [_line(row, month) for row in people],
        "nobody": next((_line(row, month) for row in rows if row.staff_id is None and (row.won or row.lost)), None),
        "totals": [sum(getattr(row, way) for row in people) for way in WORDS],
        "net": sum(row.net for row in people),
        "running": month.last >= today,
    }


def _line(row: queries.Movement, month: Month) -> dict[str, Any]:
    card = names.staff_card(row.staff_id)
    base = reverse("retention:movement_rows")
    common = {"month": f"{month.first:%Y-%m}", "manager": row.staff_id or NONE}
    return {
        "name": row.name or _("Without a manager"),
        "unit": names.unit_name(card.unit_id) if card else "",
        "net": row.net,
        "cells": [
            {"label": str(label), "way": way, "count": getattr(row, way),
             "url": f"{base}?{urlencode(common | {'way': way})}"}
            for way, label in WORDS.items()
        ],
    }  # fmt: skip


def rows_context(request: HttpRequest, *, now: datetime) -> dict[str, Any]:
    """The customers behind one number of the page."""
    access: Access = request.access  # type: ignore[attr-defined]
    today = timezone.localdate(now)
    given = dict(given_of(request.GET, ("month", "manager", "way", "before")))
    way = given.get("way", "won")
    if way not in WORDS:
        raise unknown_value("way")
    month = month_of(given.get("month", ""), today)
    staff_id = read_manager(given["manager"]) if "manager" in given else access.staff_id
    time = Time(month.first, month.last, today, now)
    scope = access.scope_for(SEES)
    rows = queries.moved(scope, access.scope, time, way, staff_id, after=place_of(request) or 0)
    shown = rows[: queries.LIMIT]
    return {
        "rows": [
            {"row": row, "tier": names.tier(row.tier_id), "manager": names.staff_name(row.manager_id)} for row in shown
        ],
        "more_url": with_values(request.GET, before=str(shown[-1].customer_id)) if len(rows) > queries.LIMIT else "",
        "title": WORDS[way],
        "name": names.staff_name(staff_id) or _("Without a manager"),
        "month": month,
        "back": f"{reverse('retention:movement')}?{urlencode({'month': f'{month.first:%Y-%m}'})}",
    }

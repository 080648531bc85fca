"""What the pages of losses are given."""

from __future__ import annotations

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.choices import CustomerKind
from accounts.queries import names
from accounts.queries.names import units_in
from crm.core.abilities import Access
from crm.core.addresses import given_of, with_values, without
from crm.core.pages import encode_cursor
from retention.choices import LossKind
from retention.filters import NONE, LossQuery, is_english, read_month, read_query, read_unit, read_year
from retention.forms import LossForm
from retention.queries import losses as queries
from retention.tabs import churn_tabs
from retention.unit_lines import unit_lines

PANEL = ("kind", "competitor", "customers", "tier", "month", "unit")


def loss_list_context(request: HttpRequest, *, today: date) -> dict[str, Any]:
    """The list with its filters; each filter stands in the address."""
    access: Access = request.access  # type: ignore[attr-defined]
    query = read_query(request.GET)
    rows = queries.losses(access, query.filters, search=query.search, after=query.after)
    shown, is_more = rows[: queries.LIMIT], len(rows) > queries.LIMIT
    labels = competitor_labels()
    return {
        "tabs": churn_tabs(access, "loss_list"),
        "lines": [{"row": row, "competitor": labels.get(row.competitor_id, "")} for row in shown],
        "more_url": with_values(request.GET, cursor=encode_cursor([shown[-1].lost_on, shown[-1].id]))
        if is_more
        else "",
        "query": query,
        "quick": _quick(request, query, today),
        "panel": PANEL,
        "kinds": LossKind.choices,
        "competitors": [(one.code, one.label(english=is_english())) for one in queries.competitors()],
        "customer_kinds": CustomerKind.choices,
        "tiers": names.tiers(CustomerKind.VIP),
        "none": NONE,
        "units": units_in(access.scope_for(queries.SEES)),
        "edits": access.can(queries.EDITS),
    }


def _quick(request: HttpRequest, query: LossQuery, today: date) -> list[dict[str, Any]]:
    """One tap for what is asked most."""
    offered = (
        ("year", str(today.year), _("This year")),
        ("month", f"{today:%Y-%m}", _("This month")),
        ("base", "vips", _("VIPs of 1 January")),
        ("kind", LossKind.PORTED.value, str(LossKind.PORTED.label)),
        ("cause", NONE, _("Cause not written down")),
        ("back", "void", _("Came back in time")),
    )
    return [
        {
            "label": label,
            "is_on": query.given.get(name) == value,
            "url": without(request.GET, name)
            if query.given.get(name) == value
            else with_values(request.GET, **{name: value}),
        }
        for name, value, label in offered
    ]


def competitor_labels() -> dict[int | None, str]:
    """Competitors by id, in the language of the moment."""
    return {one.id: one.label(english=is_english()) for one in queries.competitors()}


def competitor_choices(chosen: int | None) -> list[tuple[int, str]]:
    """Those that are offered, and the one that is written there."""
    return [
        (one.id, one.label(english=is_english())) for one in queries.competitors() if one.is_active or one.id == chosen
    ]


def loss_form(row: queries.LossRow, data: QueryDict | None = None) -> LossForm:
    """The form of a loss, begun with what is known."""
    initial = {"kind": row.kind, "competitor": row.competitor_id, "cause": row.cause, "version": row.version}
    return LossForm(data, initial=initial, competitors=competitor_choices(row.competitor_id))


def by_competitor_context(request: HttpRequest, *, today: date) -> dict[str, Any]:
    """RET-14: a year or a month, by unit and competitor; every number opens its losses."""
    access: Access = request.access  # type: ignore[attr-defined]
    scope = access.scope_for(queries.SEES)
    given = dict(given_of(request.GET, ("year", "month", "unit")))
    if "month" in given:
        read_month(given["month"])
        period = {"month": given["month"]}
    else:
        period = {"year": str(read_year(given["year"]) if "year" in given else today.year)}
    unit_id = read_unit(given["unit"]) if "unit" in given else None
    asked = read_query(QueryDict(urlencode(period | ({"unit": str(unit_id)} if unit_id else {}))))
    counts = queries.counts(scope, asked.filters)
    return {
        "tabs": churn_tabs(access, "by_competitor"),
        "period": period,
        "label": asked.chips[0].label,
        "years": list(range(today.year, today.year - 3, -1)),
        "month_now": f"{today:%Y-%m}",
        "unit_id": unit_id,
        "units": units_in(scope),
        **_cross(counts, period, unit_id),
    }


def _cross(counts: list[queries.LossCount], period: dict[str, str], unit_id: int | None) -> dict[str, Any]:
    """Units down, competitors across; those that nobody named and those who simply left stand beside them."""
    base = reverse("retention:loss_list")
    known = {one.id: one for one in queries.competitors()}
    columns: list[tuple[str, int | None, str]] = [
        (one.code, one.id, one.label(english=is_english()))
        for one in known.values()
        if one.is_active or any(count.competitor_id == one.id for count in counts)
    ]
    columns.append((NONE, None, _("No competitor involved")))

    def cells(rows: list[queries.LossCount], params: dict[str, Any]) -> dict[str, Any]:
        def url(**more: Any) -> str:
            return f"{base}?{urlencode(period | params | more)}"

        return {
            "total": sum(row.count for row in rows),
            "url": url(),
            "ported": sum(row.count for row in rows if row.kind == LossKind.PORTED),
            "ported_url": url(kind=LossKind.PORTED.value),
            "cells": [
                {"label": label, "count": sum(row.count for row in rows if row.competitor_id == key),
                 "url": url(competitor=code)}
                for code, key, label in columns
            ],
        }  # fmt: skip

    lines = [
        {"label": line.label} | cells([row for row in counts if row.unit_id in line.members], line.params)
        for line in unit_lines({row.unit_id for row in counts})
    ]
    whole = cells(counts, {"unit": unit_id} if unit_id else {})
    most = max((cell["count"] for cell in whole["cells"]), default=0) or 1
    for cell in whole["cells"]:
        cell["share"] = round(100 * cell["count"] / most)
    return {"columns": [label for _code, _key, label in columns], "lines": lines, "whole": whole}

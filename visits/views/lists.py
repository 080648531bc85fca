"""Visit list and reception log (screens 6, PLAN-15)."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from crm.core.abilities import ability
from crm.core.addresses import given_of, with_values
from crm.core.asked import Asked
from crm.core.listed import listed
from visits import queries
from visits.filters import read_day, read_query
from visits.page_context import frame_context, rows_context


@require_GET
@vary_on_headers("HX-Request")
@ability("view_customers")
@listed("visits")
def visit_list(request: Asked) -> HttpResponse:
    """One list with filters in the URL, 50 rows, more by key; htmx asks for parts of it."""
    query = read_query(request.GET, request.access.scope, timezone.localdate())
    page = queries.visit_list(request.access.scope, query.filters, query.cursor)
    context = rows_context(request, page.rows, query)
    context["more_url"] = with_values(request.GET, cursor=page.next_cursor) if page.next_cursor else ""
    if request.htmx and query.cursor:
        return render(request, "visits/visit_list.html#more", context)
    if request.htmx and request.htmx.target == "visit-list":
        return render(request, "visits/visit_list.html#rows", context | {"query": query})
    return render(request, "visits/visit_list.html", context | frame_context(request, query))


@require_GET
@ability("view_customers")
def reception_log(request: Asked) -> HttpResponse:
    """客户接待日志: the inbound contacts of a day, ready to print (PLAN-15)."""
    given = dict(given_of(request.GET, ("on",)))
    today = timezone.localdate()
    day = read_day(given["on"], "on") if "on" in given else today
    rows = queries.reception_log(request.access.scope, day)
    last = None if rows else queries.last_reception_day(request.access.scope, day)
    context = {
        "last": last,
        "last_iso": last.isoformat() if last else "",
        "day": day,
        "rows": rows,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1) if day < today else None,
    }
    return render(request, "visits/reception_log.html", context)

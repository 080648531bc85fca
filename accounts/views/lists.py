"""The customer list (screens: Customers)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from accounts.filters import read_query
from accounts.list_context import frame_context, more_columns, rows_context
from accounts.queries.list_page import list_page
from crm.core.abilities import ability
from crm.core.addresses import with_values
from crm.core.asked import Asked
from crm.core.listed import listed


@require_GET
@vary_on_headers("HX-Request")
@ability("view_customers")
@listed("customers")
def customer_list(request: Asked) -> HttpResponse:
    """Search, filters as chips in the URL, 50 rows by value, more by key; htmx asks for parts of it."""
    today = timezone.localdate()
    query = read_query(request.GET, today)
    more = more_columns(request)
    page = list_page(
        request.access, filters=query.filters, search=query.search, sort=query.sort, cursor=query.cursor, more=more
    )
    context = rows_context(request.access, page, today, more)
    context["more_url"] = with_values(request.GET, cursor=page.next) if page.next else ""
    if request.htmx and query.cursor:
        return render(request, "accounts/customer_list.html#more", context)
    if request.htmx and request.htmx.target == "customer-list":
        return render(request, "accounts/customer_list.html#rows", context | {"query": query})
    return render(request, "accounts/customer_list.html", context | frame_context(request, query))

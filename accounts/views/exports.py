"""Taking the customer list along as a file (SEC-1)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from accounts import actions
from accounts.filters import read_query
from accounts.forms.records import ExportForm
from accounts.queries.customer_list import count_customers
from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.pages import domain_errors
from crm.core.views.jobs import csv_lines


@require_http_methods(["GET", "POST"])
@ability("view_customers")
def customer_export(request: Asked) -> HttpResponseBase:
    """The rows of the list with the filters of the address: asks why, masks, registers, then hands the file over."""
    query = read_query(request.GET, timezone.localdate())
    form = ExportForm(request.POST or None)
    if form.is_bound and form.is_valid():
        asked: dict[str, Any] = {"filters": query.filters, "search": query.search, "sort": query.sort}
        with domain_errors(form):
            done = actions.export_customers(**asked, **form.cleaned_data, by=request.user, now=timezone.now())
            return _file(done)
    count = count_customers(request.access.scope, filters=query.filters, search=query.search)
    context = {"form": form, "query": query, "count": count, "back": request.GET.urlencode()}
    return render(request, "accounts/customer_export.html", context, status=400 if form.errors else 200)


def _file(done: actions.CustomerExport) -> HttpResponse | StreamingHttpResponse:
    response = StreamingHttpResponse(csv_lines(done.header, done.rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="customers-E{done.number}.csv"'
    return response

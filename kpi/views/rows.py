"""The rows behind a figure, and files of rows and of the heat map (KPI-49, SEC-1)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.attachments import stream
from crm.core.exports import take_along
from crm.core.pages import domain_errors
from kpi.actions.exports import Sheet
from kpi.forms.corrections import ExportForm
from kpi.queries.results import ABILITY
from kpi.rows_context import rows_context, rows_sheet
from kpi.sheet_context import matrix_sheet


@require_GET
@ability(ABILITY)
def rows(request: Asked, code: str) -> HttpResponse:
    """Which rows a figure is made of, those that are missing and those that were excused."""
    return render(request, "kpi/rows.html", rows_context(request, code, now=timezone.now()))


@require_http_methods(["GET", "POST"])
@ability(ABILITY)
def rows_export(request: Asked, code: str) -> HttpResponseBase:
    """The rows as a file."""
    return _exported(request, *rows_sheet(request, code, now=timezone.now()))


@require_http_methods(["GET", "POST"])
@ability(ABILITY)
def export(request: Asked) -> HttpResponseBase:
    """The heat map as a file."""
    return _exported(request, *matrix_sheet(request, now=timezone.now()))


def _exported(request: Asked, sheet: Sheet, context: dict[str, Any]) -> HttpResponseBase:
    """Ask why, register, hand the file over."""
    form = ExportForm(request.POST or None)
    if form.is_bound and form.is_valid():
        table: dict[str, Any] = {"key": sheet.key, "name": sheet.name, "header": sheet.header, "rows": sheet.rows}
        with domain_errors(form):
            return stream(take_along(**table, **form.cleaned_data, by=request.user, now=timezone.now()))
    return render(request, "kpi/export.html", {**context, "form": form}, status=400 if form.errors else 200)

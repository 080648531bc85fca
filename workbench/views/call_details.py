"""Printing what the register of call details allows (SEC-6)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST

from conduct import actions
from conduct.queries.call_details import ASKS
from crm.core.abilities import ability
from crm.core.asked import Asked
from workbench.queries.call_details import details_of, sheet_context


@ability(ASKS)
@require_POST
def call_detail_sheet(request: Asked, pk: int) -> HttpResponse:
    """The sheet, once: 404 without a row, 403 before the second person, 410 afterwards and after its hours."""
    now = timezone.now()
    row, details = actions.print_details(print_id=pk, details=details_of, by=request.user, now=now)
    context = sheet_context(request, row, details, now=now)
    return render(request, "workbench/call_detail_sheet.html", context)

"""Figures of the journal for a month: logs kept, reviewed, signed, special visits in time (F26, F28, F29)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from crm.core.abilities import ability
from crm.core.addresses import given_of
from crm.core.asked import Asked
from visits.journal_context import journal_figures_context
from visits.page_context import month_of


@require_GET
@ability("serve_customers", "view_team")
def journal_figures(request: Asked) -> HttpResponse:
    """One row per manager; every number leads to its rows."""
    today = timezone.localdate()
    month = month_of(dict(given_of(request.GET, ("month",))).get("month", ""), today)
    context = journal_figures_context(request.access, month, today)
    return render(request, "visits/journal_figures.html", context)

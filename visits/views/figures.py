"""Visit figures: proactive share, work by class, by category; each number leads to its rows."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from crm.core.abilities import ability
from crm.core.addresses import given_of
from crm.core.asked import Asked
from visits import queries
from visits.filters import read_id
from visits.page_context import figures_context, month_of


@require_GET
@ability("view_customers")
def visit_figures(request: Asked) -> HttpResponse:
    """CON-11, ORG-8, CON-38 for one month and the customers in scope."""
    given = dict(given_of(request.GET, ("month", "staff")))
    month = month_of(given.pop("month", ""), timezone.localdate())
    staff_id = read_id(given["staff"], "staff") if "staff" in given else None
    figures = queries.visit_figures(request.access.scope, first=month.first, last=month.last, staff_id=staff_id)
    return render(request, "visits/visit_figures.html", figures_context(figures, month, given))

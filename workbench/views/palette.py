"""The search palette: customers, people, pages; only what one may see."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from crm.core.abilities import signed_in
from crm.core.asked import Asked
from workbench.queries.palette import palette_groups


@signed_in
@require_GET
def palette(request: Asked) -> HttpResponse:
    """Answers while somebody types; without JavaScript the same as a page."""
    query = request.GET.get("q", "").strip()
    groups = palette_groups(request.access, query)
    if request.htmx:
        return render(request, "components/palette_results.html", {"groups": groups, "query": query})
    return render(request, "workbench/palette.html", {"groups": groups, "query": query})

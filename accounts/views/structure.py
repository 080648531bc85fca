"""The base as a whole: its structure, the eighty-twenty, the load of the team, the quality of the archive."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from accounts.structure_context import SEES, quality_context, structure_context
from crm.core.abilities import ability
from crm.core.asked import Asked


@require_GET
@vary_on_headers("HX-Request")
@ability(SEES)
def structure(request: Asked) -> HttpResponse:
    """Revenue of the top fifth and who they are, the base by dimensions, customers per manager (CUS-22, ORG-28)."""
    context = structure_context(request, timezone.localdate(), is_part=bool(request.htmx))
    part = "" if "curve" in context else "#more"
    return render(request, f"accounts/structure.html{part}", context)


@require_GET
@vary_on_headers("HX-Request")
@ability(SEES)
def archive_quality(request: Asked) -> HttpResponse:
    """True, accurate, complete, standard, secret: each as a share, each with the rows that lack it (CUS-13)."""
    context = quality_context(request, timezone.now(), is_part=bool(request.htmx))
    part = "" if "lines" in context else "#more"
    return render(request, f"accounts/archive_quality.html{part}", context)

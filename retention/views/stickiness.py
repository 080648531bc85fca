"""Low stickiness: whom few things hold (RET-17)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.listed import listed
from retention.queries.losses import SEES
from retention.stickiness_context import stickiness_context


@require_GET
@ability(SEES)
@listed("stickiness")
def stickiness_list(request: Asked) -> HttpResponse:
    """Customers whom few things hold, those who bring most first."""
    context = stickiness_context(request, today=timezone.localdate())
    part = "#rows" if request.htmx and request.htmx.target == "stickiness-list" else ""
    return render(request, f"retention/stickiness_list.html{part}", context)

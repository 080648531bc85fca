"""Customer movements."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from crm.core.abilities import ability
from crm.core.asked import Asked
from workbench.movement_context import movement_context


@require_GET
@ability("serve_customers", "view_team")
def movements(request: Asked) -> HttpResponse:
    """客户动态: what moved among one's customers, newest first (RET-11)."""
    return render(request, "workbench/movements.html", movement_context(request, now=timezone.now()))

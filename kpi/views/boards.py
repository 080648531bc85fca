"""Dashboards of results: the unit, the manager, one indicator, the wall, the month on paper (KPI-49, KPI-52)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.pages import background
from kpi.asking import asking_of
from kpi.board_context import dashboard_context, manager_context
from kpi.indicator_context import indicator_context
from kpi.month_context import month_context
from kpi.queries.results import ABILITY
from kpi.wall_context import wall_context


@require_GET
@ability(ABILITY)
def dashboard(request: Asked) -> HttpResponse:
    """The dashboard of a unit; of a manager for who sees his own figures only (ORG-32, KPI-49)."""
    context = dashboard_context(request, now=timezone.now())
    return render(request, "kpi/manager.html" if "goals" in context else "kpi/dashboard.html", context)


@require_GET
@ability(ABILITY)
def manager(request: Asked, pk: int) -> HttpResponse:
    """KPI-52: the six categories and sales of one manager."""
    asking = asking_of(request, now=timezone.now(), also=("light",))
    return render(request, "kpi/manager.html", manager_context(asking, pk))


@require_GET
@ability(ABILITY)
def indicator(request: Asked, code: str) -> HttpResponse:
    """Trend, days and ranking of one indicator (KPI-12)."""
    return render(request, "kpi/indicator.html", indicator_context(request, code, now=timezone.now()))


@require_GET
@ability(ABILITY)
@background
def wall(request: Asked) -> HttpResponse:
    """Full screen, asked for again every minute; looking at it is no sign of life of the person."""
    context = wall_context(request, now=timezone.now())
    return render(request, "kpi/wall.html#figures" if request.htmx else "kpi/wall.html", context)


@require_GET
@ability(ABILITY)
def month(request: Asked, raw: str) -> HttpResponse:
    """The month of a unit or manager on paper."""
    return render(request, "kpi/month.html", month_context(request, raw, now=timezone.now()))

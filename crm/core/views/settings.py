"""The way into the settings: one card per page that this person may use."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from crm.core import shell
from crm.core.abilities import ability

SETTINGS_ABILITIES = ("configure", "manage_staff", "manage_units", "manage_clients", "view_runs")


@require_GET
@ability(*SETTINGS_ABILITIES)
def settings_index(request: HttpRequest) -> HttpResponse:
    """Every settings page, in groups."""
    return render(request, "core/settings_index.html", {"groups": shell.settings_for(request.access)})  # type: ignore[attr-defined]

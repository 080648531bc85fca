"""The access log as a page: who signed in, looked, dialled, was refused (SEC-4)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.listed import listed
from crm.core.log_pages import access_log_context


@require_GET
@ability("view_runs")
@listed("access_log")
def access_log_list(request: Asked) -> HttpResponse:
    """SEC-4: sign-ins, refusals, looks at private data, dials and downloads, newest first."""
    return render(request, "core/access_log_list.html", access_log_context(request))

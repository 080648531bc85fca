"""The access log as a page: who signed in, looked, dialled, was refused (SEC-4)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from crm.core import access_log
from crm.core.abilities import ability
from crm.core.errors import Invalid
from crm.core.models import AccessKind
from crm.core.pages import place_of
from crm.core.text import clean_text


@require_GET
@ability("view_runs")
def access_log_list(request: HttpRequest) -> HttpResponse:
    """SEC-4: sign-ins, refusals, looks at private data, dials and downloads, newest first."""
    kinds = [kind for kind in request.GET.getlist("kind") if kind]
    if not set(kinds) <= set(AccessKind.values):
        raise Invalid(
            _("The filter %(name)s has no such value.") % {"name": "kind"}, code="unknown_value", field="kind"
        )
    person = clean_text(request.GET.get("person", ""), field="person", max_length=64)
    rows, following = access_log.rows_of(kinds=kinds, person=person, before=place_of(request))
    context = {
        "rows": [(row, access_log.subject_of(row)) for row in rows],
        "next_before": following,
        "kinds": AccessKind.choices,
        "chosen": kinds,
        "person": person,
    }
    return render(request, "core/access_log_list.html", context)

"""Versions of scorecards: read, draft, preview, put into force (KPI-1, KPI-9, KPI-10); targets of indicators."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.errors import DomainError
from crm.core.pages import domain_errors
from kpi import version_pages
from kpi.actions import scorecards as deeds
from kpi.actions import targets
from kpi.queries.versions import SEES, SETS_ALL, SETS_OWN


@require_GET
@ability(SEES)
def scorecard_list(request: Asked) -> HttpResponse:
    """Every version that concerns the reader: headquarters' and his unit's."""
    return render(request, "kpi/scorecard_list.html", version_pages.versions(request.access))


@require_GET
@ability(SEES)
def scorecard_detail(request: Asked, pk: int) -> HttpResponse:
    """One version with its lines; who reads it only sees no deed."""
    context = version_pages.one_version(request.access, pk, timezone.localdate())
    return render(request, "kpi/scorecard_detail.html", context)


@require_http_methods(["GET", "POST"])
@ability(SETS_ALL, SETS_OWN)
def scorecard_new(request: Asked) -> HttpResponse:
    """A draft with the lines of another version."""
    now = timezone.now()
    form = version_pages.version_form(request, timezone.localdate(now))
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            made = deeds.begin_version(**form.cleaned_data, by=request.user, now=now)
            return redirect("kpi:scorecard_edit", made.pk)
    return render(request, "kpi/scorecard_new.html", {"form": form}, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@ability(SETS_ALL, SETS_OWN)
def scorecard_edit(request: Asked, pk: int) -> HttpResponse:
    """Weights, scoring and targets of a draft."""
    row, form = version_pages.lines_form(request, pk, timezone.localdate())
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            words = {name: form.cleaned_data[name] for name in ("title", "note", "version")}
            deeds.save_version(version_id=pk, **words, entries=form.entries(), by=request.user)
            messages.success(request, _("Saved."))
            return redirect("kpi:scorecard_detail", pk)
    context: dict[str, Any] = {"form": form, "row": row, "groups": form.groups(), "whole": form.whole()}
    return render(request, "kpi/scorecard_edit.html", context, status=400 if form.errors else 200)


@require_GET
@ability(SETS_ALL, SETS_OWN)
def scorecard_preview(request: Asked, pk: int) -> HttpResponse:
    """What this month's scores would be by this version."""
    context = version_pages.preview(request.access, pk, timezone.localdate())
    return render(request, "kpi/scorecard_preview.html", context)


@require_POST
@ability(SETS_ALL, SETS_OWN)
def scorecard_publish(request: Asked, pk: int) -> HttpResponse:
    """KPI-9: into force, when the weights sum to 100."""
    try:
        deeds.publish_version(version_id=pk, by=request.user, now=timezone.now())
    except DomainError as refusal:
        if refusal.status in (403, 404, 409):
            raise
        messages.error(request, refusal.text)
    else:
        messages.success(request, _("In force. The scores follow with the next count."))
    return redirect("kpi:scorecard_detail", pk)


@require_POST
@ability(SETS_ALL, SETS_OWN)
def scorecard_discard(request: Asked, pk: int) -> HttpResponse:
    """A draft that is not wanted."""
    deeds.discard_version(version_id=pk, by=request.user)
    messages.success(request, _("The draft was discarded."))
    return redirect("kpi:scorecard_list")


@require_GET
@ability(SEES)
def target_list(request: Asked) -> HttpResponse:
    """Every indicator with what it has to reach today and from when on it will be another."""
    return render(request, "kpi/target_list.html", version_pages.targets_shown(request.access, timezone.localdate()))


@require_http_methods(["GET", "POST"])
@ability(targets.MAY)
def target_new(request: Asked) -> HttpResponse:
    """A target from a day on: first whose light it would change, then set."""
    now = timezone.now()
    form = version_pages.target_form(request, timezone.localdate(now))
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            if request.POST.get("step") == "do":
                targets.set_target(form.entered(), by=request.user, now=now)
                messages.success(request, _("Saved. The figures follow with the next count."))
                return redirect("kpi:target_list")
            context |= version_pages.shown_effect(targets.preview_target(form.entered(), by=request.user, now=now))
    return render(request, "kpi/target_new.html", context, status=400 if form.errors else 200)

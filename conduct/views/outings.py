"""The register of outings, one tap out and back, and the exceptions (SEC-7, SEC-8)."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from conduct import actions, queries
from conduct.forms import OutingForm
from conduct.page_context import exceptions_context, list_context, read_exceptions, read_outings
from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.listed import listed
from crm.core.pages import came_from, domain_errors, place_of
from visits.filters import read_id


@require_GET
@ability("register_outing", "view_team")
@listed("outings")
def outing_list(request: Asked) -> HttpResponse:
    """外出登记: one's own outings, or those of one's team."""
    given, filters = read_outings(request.GET)
    rows, following = queries.outings(request.access, filters, before=place_of(request))
    return render(request, "conduct/outing_list.html", list_context(request, rows, following, given))


@require_http_methods(["GET", "POST"])
@ability("register_outing")
def outing_new(request: Asked) -> HttpResponse:
    """Register an outing before leaving; the supervisor is told."""
    now = timezone.now()
    start = timezone.localtime(now).replace(second=0, microsecond=0)
    sent = request.POST if request.method == "POST" else None
    form = OutingForm(sent, initial={"leaves_at": start, "returns_at": start + timedelta(hours=2), "leaving": True})
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            actions.register_outing(**form.cleaned_data, by=request.user, now=now)
            messages.success(request, _("Registered; your supervisor has been told."))
            return HttpResponseRedirect(reverse("conduct:outing_list"))
    return render(request, "conduct/outing_new.html", {"form": form}, status=400 if form.is_bound else 200)


@require_POST
@ability("register_outing")
def outing_leave(request: Asked) -> HttpResponse:
    """One tap: the registered outing, or the day plan."""
    raw = request.POST.get("outing", "")
    actions.leave(outing_id=read_id(raw, "outing") if raw else None, by=request.user, now=timezone.now())
    messages.success(request, _("Your supervisor has been told."))
    return HttpResponseRedirect(came_from(request))


@require_POST
@ability("register_outing")
def outing_back(request: Asked, pk: int) -> HttpResponse:
    """One tap."""
    actions.come_back(outing_id=pk, by=request.user, now=timezone.now())
    messages.success(request, _("Welcome back."))
    return HttpResponseRedirect(came_from(request))


@require_POST
@ability("register_outing")
def outing_cancel(request: Asked, pk: int) -> HttpResponse:
    """He does not go after all."""
    actions.cancel_outing(outing_id=pk, by=request.user, now=timezone.now())
    messages.success(request, _("Cancelled."))
    return HttpResponseRedirect(came_from(request))


@require_GET
@ability("register_outing", "view_team")
def reconciliation(request: Asked) -> HttpResponse:
    """On site without an outing, out without a contact; the share by person (F47)."""
    month, staff_id = read_exceptions(request.GET, timezone.localdate())
    return render(request, "conduct/reconciliation.html", exceptions_context(request, month, staff_id))

"""Work logs (工作日志, PLAN-3): the list, one day of one manager, closing it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.errors import Invalid
from crm.core.listed import listed
from crm.core.pages import came_from, valid
from visits.actions import journal
from visits.filters import read_day
from visits.forms import DayForm
from visits.journal_context import day_context, log_list_context, people_of
from visits.queries.journal import day_logs as queries


@require_GET
@vary_on_headers("HX-Request")
@ability("serve_customers", "view_team")
@listed("day_logs")
def day_log_list(request: Asked) -> HttpResponse:
    """Work logs of oneself, of those one covers, or of the team; filters in the address."""
    context = log_list_context(request, timezone.localdate())
    part = "#more" if request.htmx and request.GET.get("cursor") else ""
    return render(request, f"visits/day_log_list.html{part}", context)


@require_GET
@ability("serve_customers", "view_team")
def day_log(request: Asked, staff_id: int, day: str) -> HttpResponse:
    """One day: what was done, planned, promised, dialled and not logged; the sentence; what the reviewer said."""
    try:
        on = read_day(day, "day")
    except Invalid as no_day:
        raise Http404 from no_day
    page = queries.day_page(people_of(request.access), request.access.scope, staff_id, on)
    return render(request, "visits/day_log.html", day_context(request, page, timezone.localdate()))


@require_POST
@ability("serve_customers")
def close_day(request: Asked) -> HttpResponse:
    """The end of the day, in one tap; later the same form puts the sentence right."""
    log = journal.close_day(**valid(DayForm(request.POST)), by=request.user, now=timezone.now())
    messages.success(request, _("The day is closed."), extra_tags=f"draft=day:{log.on:%Y-%m-%d}")
    return HttpResponseRedirect(came_from(request, reverse("workbench:today")))

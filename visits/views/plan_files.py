"""A plan on paper and in the phone's calendar (PLT-9, PLAN-22)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from crm.core.abilities import ability, public
from crm.core.addresses import unknown_value
from crm.core.asked import Asked
from visits import print_context
from visits.actions import plans as actions
from visits.print_forms import SCHEDULE
from visits.queries.plans.feed import feed_made_at, feed_owner, plan_feed
from visits.queries.plans.page import plan_url
from visits.queries.plans.paper import plan_paper
from visits.queries.plans.sheets import readable_plan

ICS = "text/calendar; charset=utf-8"


@require_GET
@ability("plan_week", "view_team")
def plan_print(request: Asked, pk: int) -> HttpResponse:
    """客户访问日程表 (PLT-9)."""
    plan = readable_plan(request.access, pk)
    paper = plan_paper(request.access.scope, plan)
    frame = print_context.frame(request, SCHEDULE, plan.staff_id, timezone.now())
    back = plan_url(plan.period, plan.starts_on, plan.staff_id)
    return render(request, "visits/plan_print.html", frame | {"paper": paper, "period": paper.time, "back": back})


@require_http_methods(["GET", "POST"])
@ability("plan_week")
@never_cache
def plan_calendar(request: Asked) -> HttpResponse:
    """The secret link for the phone's calendar: made, shown once, ended."""
    link, deed = "", request.POST.get("deed", "make")
    if deed not in ("make", "end"):
        raise unknown_value("deed")
    if request.method == "POST" and deed == "end":
        actions.end_feed(by=request.user)
        messages.success(request, _("The link is dead from now on."))
        return HttpResponseRedirect(reverse("visits:plan_calendar"))
    if request.method == "POST":
        token = actions.make_feed(by=request.user, now=timezone.now())
        link = request.build_absolute_uri(reverse("visits:plan_ics", args=[token]))
    made_at = feed_made_at(request.access.staff_id)
    return render(request, "visits/plan_calendar.html", {"link": link, "made_at": made_at})


@require_GET
@never_cache
@public
def plan_ics(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar behind a secret link; a dead link says no more than a wrong one."""
    owner = feed_owner(token)
    if owner is None:
        raise Http404
    return HttpResponse(plan_feed(owner, today=timezone.localdate(), now=timezone.now()), content_type=ICS)

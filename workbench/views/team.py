"""Team, the rows behind its numbers, and what a supervisor does from a row."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import actions as accounts
from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.errors import DomainError
from crm.core.listed import listed
from crm.core.pages import valid
from visits import actions as visits
from visits.page_context import month_of
from workbench import actions
from workbench.duty_context import SEES as SEES_DUTIES
from workbench.duty_context import duty_list_context
from workbench.filters import filter_id
from workbench.forms import CoverForm, RemarkForm, UrgeForm, put_errors
from workbench.queries import approvals as approval_queries
from workbench.queries import cover as cover_queries
from workbench.queries.compliance import compliance_page
from workbench.queries.team import team_page
from workbench.views.answers import done


@ability("view_team")
@require_GET
def team(request: Asked) -> HttpResponse:
    """Home of a supervisor and of a director: one row per manager (screens 1b, ORG-28)."""
    page = team_page(request.access, now=timezone.now(), unit_id=filter_id(request, "unit"))
    page.here = request.get_full_path()
    return render(request, "workbench/team.html", {"page": page})


@ability("view_team")
@require_GET
def compliance(request: Asked) -> HttpResponse:
    """Contact compliance of a month by manager, unit, tier, grade or line (CON-3, ORG-4)."""
    month = month_of(request.GET.get("month", ""), timezone.localdate())
    unit_id, by = filter_id(request, "unit"), request.GET.get("by", "manager")
    page = compliance_page(
        request.access, first=month.first, last=month.last, now=timezone.now(), by=by, unit_id=unit_id
    )
    return render(request, "workbench/compliance.html", {"page": page, "month": month, "unit_id": unit_id})


@ability(*SEES_DUTIES)
@require_GET
@listed("duties")
def duty_list(request: Asked) -> HttpResponse:
    """The duties behind a number."""
    return render(request, "workbench/duty_list.html", duty_list_context(request, timezone.now()))


@ability("urge")
@require_POST
def urge(request: Asked, staff_id: int) -> HttpResponse:
    """One digest notice to the manager."""
    text = valid(UrgeForm(request.POST))["text"]
    return done(request, actions.urge(staff_id=staff_id, text=text, by=request.user, now=timezone.now()))


@ability("arrange_cover")
@require_http_methods(["GET", "POST"])
def cover(request: Asked, staff_id: int) -> HttpResponse:
    """Let a colleague stand in from–to: who can, what it concerns; credit stays, it ends by itself."""
    page = cover_queries.cover_page(request.access.scope_for("arrange_cover"), staff_id, today=timezone.localdate())
    form = CoverForm(request.POST or None, initial=page.first, choices=page.choices)
    context: dict[str, Any] = {"page": page, "form": form, "looked": "look" in request.POST}
    deed = accounts.preview_cover if context["looked"] else accounts.arrange_cover
    if form.is_valid():
        try:
            asked = form.arranged(is_preview=context["looked"])
            context["preview"] = deed(absent_id=staff_id, **asked, by=request.user, now=timezone.now())
            if not context["looked"]:
                return done(request, _("%(name)s is covered.") % {"name": page.name}, event="visit-logged")
        except DomainError as refusal:
            put_errors(form, refusal, {"substitute": "substitute_id"})
    template = "workbench/cover_sheet.html" if request.htmx else "workbench/cover.html"
    return render(request, template, context, status=400 if form.errors and not context["looked"] else 200)


@ability(*approval_queries.DECIDES)
@require_GET
def approvals(request: Asked) -> HttpResponse:
    """What waits for this person's decision, with the evidence in view."""
    manager = filter_id(request, "manager")
    page = approval_queries.approvals_page(request.access, now=timezone.now(), manager_id=manager)
    return render(request, "workbench/approvals.html", {"page": page, "here": request.get_full_path()})


@ability("decide_excuses")
@require_POST
def decide_excuse(request: Asked, excuse_id: int) -> HttpResponse:
    """Grant or refuse an excuse, with a remark; one's own is refused with 403 (SEC-24)."""
    decided = valid(RemarkForm(request.POST))
    is_granted = decided["grant"] == "yes"
    visits.decide_excuse(
        excuse_id=excuse_id, grant=is_granted, remark=decided["remark"], by=request.user, now=timezone.now()
    )
    return done(request, _("Granted.") if is_granted else _("Refused."), event="visit-logged")


@ability("decide_tiers")
@require_POST
def decide_tier(request: Asked, proposal_id: int) -> HttpResponse:
    """Accept or refuse a proposed tier; one's own is refused with 403 (CUS-4, SEC-24)."""
    decided = valid(RemarkForm(request.POST))
    is_granted = decided["grant"] == "yes"
    accounts.decide_tier(
        proposal_id=proposal_id, approve=is_granted, remark=decided["remark"], by=request.user, now=timezone.now()
    )
    return done(request, _("Granted.") if is_granted else _("Refused."), event="visit-logged")

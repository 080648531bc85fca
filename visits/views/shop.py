"""Prices under the minimum (SAL-33): list, one report, its decision; the customer's copy of a visit (CON-19)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.listed import listed
from crm.core.pages import domain_errors
from visits import print_context
from visits import queries as visit_queries
from visits.actions import shop as deeds
from visits.forms.shop import NoteForm, ViolationDecisionForm
from visits.print_forms import COPY
from visits.queries import shop as queries
from visits.rules.shop import may_be_promoted
from visits.shop_context import violation_list_context

SEES = "view_customers"


@require_GET
@ability(SEES)
@listed("violations")
def violation_list(request: Asked) -> HttpResponse:
    """What was found under the minimum price, newest first."""
    return render(request, "visits/violation_list.html", violation_list_context(request))


@require_http_methods(["GET", "POST"])
@ability(SEES)
def violation_detail(request: Asked, pk: int) -> HttpResponse:
    """The evidence; who found it reports it here (POST)."""
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with domain_errors(form):
            note = form.cleaned_data["note"]
            deeds.report_violation(violation_id=pk, note=note, by=request.user, now=timezone.now())
            messages.success(request, _("Reported to the regional market manager."))
            return redirect("visits:violation_detail", pk)
    return _page(request, pk, form)


@require_POST
@ability("decide_tiers")
def violation_decide(request: Asked, pk: int) -> HttpResponse:
    """Approve: the tier drops by one; or refuse with a reason."""
    form = ViolationDecisionForm(request.POST)
    if form.is_valid():
        approve = form.cleaned_data["grant"] == "yes"
        with domain_errors(form):
            remark = form.cleaned_data["remark"]
            deeds.decide_violation(violation_id=pk, approve=approve, remark=remark, by=request.user, now=timezone.now())
            messages.success(request, _("Tier lowered.") if approve else _("Refused."))
            return redirect("visits:violation_list")
    return _page(request, pk, decision=form)


def _page(
    request: Asked, pk: int, form: NoteForm | None = None, decision: ViolationDecisionForm | None = None
) -> HttpResponse:
    row = queries.violation_for(request.access.scope, pk)
    if row is None:
        raise Http404
    decides = request.access.scope_for("decide_tiers").allows(unit_id=row.unit_id, manager_id=row.manager_id)
    mine = row.reported_by_id == request.user.pk
    tier = row.to_tier or row.tier
    context = {
        "row": row,
        "found": [line for line in queries.found_in(row.visit_id) if line.price is not None],
        "form": (form or NoteForm()) if mine and row.state == "draft" else None,
        "decision": (decision or ViolationDecisionForm()) if decides and not mine and row.state == "reported" else None,
        "is_promoted": may_be_promoted(tier.rank if tier else None),
    }
    is_wrong = bool((form and form.errors) or (decision and decision.errors))
    return render(request, "visits/violation_detail.html", context, status=400 if is_wrong else 200)


@require_GET
@ability(SEES)
def shop_print(request: Asked, pk: int) -> HttpResponse:
    """The customer's copy of a visit: stock found and the order suggested (CON-19)."""
    detail = visit_queries.visit_detail(request.access.scope, pk)
    found = [line for line in queries.found_in(pk) if line.quantity is not None or line.suggested is not None]
    frame = print_context.frame(request, COPY, detail.row.staff_id, timezone.now())
    context = {"row": detail.row, "found": found, "check": queries.check_of(pk)}
    return render(request, "visits/shop_print.html", frame | context)

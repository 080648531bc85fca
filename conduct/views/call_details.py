"""The register of printed call details: ask, register as the second person, look it up (SEC-6)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from conduct import actions, queries
from conduct.call_detail_context import customer_of, detail_context, form_of, list_context
from conduct.forms import PrintDecisionForm
from conduct.queries.call_details import ASKS, AUDITS, CONFIRMS, TABLE
from crm.core import access_log, attachments
from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.listed import listed
from crm.core.pages import came_from, domain_errors, valid


@require_GET
@ability(ASKS, CONFIRMS, AUDITS)
@listed("call_details")
def call_detail_list(request: Asked) -> HttpResponse:
    """详单打印登记: who printed what of whom, and with whose authorisation."""
    return render(request, "conduct/call_detail_list.html", list_context(request, now=timezone.now()))


@require_http_methods(["GET", "POST"])
@ability(ASKS)
def call_detail_new(request: Asked, pk: int) -> HttpResponse:
    """Ask for a print; it waits for a second person."""
    now = timezone.now()
    customer = customer_of(request.access, pk)
    form = form_of(request, customer, now=now)
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            row = actions.request_print(customer_id=customer.pk, **form.values(), by=request.user, now=now)
            messages.success(request, _("Asked for; the second person has been told."))
            return redirect("conduct:call_detail", row.pk)
    context = {"form": form, "customer": customer}
    return render(request, "conduct/call_detail_new.html", context, status=400 if form.is_bound else 200)


@require_GET
@ability(ASKS, CONFIRMS, AUDITS)
def call_detail(request: Asked, pk: int) -> HttpResponse:
    """One row of the register."""
    return render(request, "conduct/call_detail.html", detail_context(request, pk, now=timezone.now()))


@require_POST
@ability(CONFIRMS)
def call_detail_decide(request: Asked, pk: int) -> HttpResponse:
    """Register it, or refuse it with a reason; one's own is refused with 403 (SEC-24)."""
    decided = valid(PrintDecisionForm(request.POST))
    is_granted = decided["grant"] == "yes"
    actions.decide_print(print_id=pk, grant=is_granted, remark=decided["remark"], by=request.user, now=timezone.now())
    messages.success(request, _("Registered; it can be printed once.") if is_granted else _("Refused."))
    return HttpResponseRedirect(came_from(request, reverse("conduct:call_detail", args=[pk])))


@require_GET
@ability(ASKS, CONFIRMS, AUDITS)
def call_detail_file(request: Asked, pk: int) -> HttpResponseBase:
    """What the customer authorised it by; each look is logged."""
    found = queries.authorisation_of(request.access, pk)
    access_log.record_request(request, "download", at=timezone.now(), subject_table=TABLE, subject_id=pk)
    return attachments.stream(found, inline=True)

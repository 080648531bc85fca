"""Corrections of frozen figures: asked for by one, signed by another (SEC-24)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.listed import listed
from crm.core.pages import domain_errors, valid
from kpi.actions.corrections import ASKS, SIGNS, refuse_correction, request_correction, sign_correction
from kpi.correction_context import first_values, list_context, request_context
from kpi.forms.corrections import CorrectionForm, DecisionForm
from kpi.queries.results import ABILITY


@require_GET
@ability(ABILITY)
@listed("corrections")
def correction_list(request: Asked) -> HttpResponse:
    """What was asked for, who signed, who refused."""
    return render(request, "kpi/correction_list.html", list_context(request))


@require_http_methods(["GET", "POST"])
@ability(ASKS)
def correction_new(request: Asked, code: str, raw: str, unit_id: int) -> HttpResponse:
    """Ask for a frozen figure to be corrected; asking is the first signature."""
    context = request_context(request, code, raw, unit_id)
    form = CorrectionForm(request.POST or None, initial=first_values(context))
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            request_correction(**context["asked"], **form.cleaned_data, by=request.user, now=timezone.now())
            messages.success(request, _("Asked for; it waits for the second signature."))
            return HttpResponseRedirect(reverse("kpi:correction_list"))
    status = 400 if form.errors else 200
    return render(request, "kpi/correction_new.html", {**context, "form": form}, status=status)


@require_POST
@ability(SIGNS)
def correction_decide(request: Asked, pk: int) -> HttpResponse:
    """The second signature, or a refusal with its reason."""
    decided = valid(DecisionForm(request.POST))
    if decided["grant"] == "yes":
        sign_correction(correction_id=pk, by=request.user, now=timezone.now())
    else:
        refuse_correction(correction_id=pk, remark=decided["remark"], by=request.user, now=timezone.now())
    messages.success(request, _("Signed.") if decided["grant"] == "yes" else _("Refused."))
    return HttpResponseRedirect(reverse("kpi:correction_list"))

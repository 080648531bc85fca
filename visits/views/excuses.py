"""Asking for an excuse, and deciding it with the attempts in view (design 4, SEC-24)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.pages import came_from, domain_errors, own_path
from visits import actions, queries
from visits.forms import DecisionForm, ExcuseForm


@require_http_methods(["GET", "POST"])
@ability("serve_customers")
def excuse_new(request: Asked, duty_id: int) -> HttpResponse:
    """Ask for a duty to be left out: the attempts so far stand beside the form."""
    ask = queries.excuse_ask(request.access.scope_for("serve_customers"), duty_id)
    form = ExcuseForm(request.POST or None, initial={"kind": ask.suggested_kind})
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            actions.request_excuse(duty_id=duty_id, **form.cleaned_data, by=request.user, now=timezone.now())
            messages.success(request, _("Your supervisor has been asked."))
            return HttpResponseRedirect(
                own_path(request.POST.get("next"), reverse("workbench:customer", args=[ask.customer_id]))
            )
    context = {"ask": ask, "form": form, "next": came_from(request, "")}
    return render(request, "visits/excuse_new.html", context, status=400 if form.is_bound else 200)


@require_POST
@ability("serve_customers")
def excuse_withdraw(request: Asked, pk: int) -> HttpResponse:
    """The asker takes his request back."""
    actions.withdraw_excuse(excuse_id=pk, by=request.user, now=timezone.now())
    messages.success(request, _("Request withdrawn."))
    return HttpResponseRedirect(came_from(request))


@require_http_methods(["GET", "POST"])
@ability("decide_excuses")
def excuse_decide(request: Asked, pk: int) -> HttpResponse:
    """Grant or refuse; never one's own (403)."""
    form = DecisionForm(request.POST or None)
    if form.is_bound and form.is_valid():
        grant = form.cleaned_data["grant"] == "yes"
        actions.decide_excuse(
            excuse_id=pk, grant=grant, remark=form.cleaned_data["remark"], by=request.user, now=timezone.now()
        )
        messages.success(request, _("Excused.") if grant else _("Refused."))
        return HttpResponseRedirect(own_path(request.POST.get("next"), reverse("workbench:approvals")))
    row = queries.excuse_row(
        request.access.scope_for("decide_excuses"), pk, user_id=request.user.pk, staff_id=request.access.staff_id
    )
    context = {"row": row, "form": form, "next": came_from(request, "")}
    return render(request, "visits/excuse_decide.html", context, status=400 if form.is_bound else 200)

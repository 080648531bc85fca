"""Alerts with their save cases: the inbox, one of them with everything that can be done, offers that wait."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.choices import AlertLevel
from complaints.queries.board_choices import customer_name
from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.errors import NotFound
from crm.core.listed import listed
from crm.core.pages import domain_errors, own_path, valid
from retention import alert_deeds
from retention.actions.alerts import open_alert
from retention.actions.saving import answer_offer, decide_offer
from retention.alert_context import alert_list_context
from retention.alert_page_context import alert_page
from retention.choices import AlertTrigger
from retention.offer_context import offer_page
from retention.queries.alert_list import open_alert_of
from retention.queries.saving import DECIDES, SEES, WORKS, alert_of_case
from retention.saving_forms import AnswerForm, DecideForm, NoticedForm


@require_GET
@ability(SEES)
@listed("alerts")
def alert_list(request: Asked) -> HttpResponse:
    """Who may leave, by level (RET-3…6)."""
    context = alert_list_context(request, now=timezone.now())
    part = "#alerts" if request.htmx and request.htmx.target == "alert-list" else ""
    return render(request, f"retention/alert_list.html{part}", context)


@require_http_methods(["GET", "POST"])
@ability(SEES)
def alert_detail(request: Asked, pk: int) -> HttpResponse:
    """One alert with its save case: why, the data, what was done, and the next step."""
    now, bound = timezone.now(), {}
    if request.method == "POST":
        deed, form = alert_deeds.asked(request.user, pk, request.POST, now=now)
        if form.is_valid():
            with domain_errors(form):
                alert_deeds.do(deed, pk, form.cleaned_data, by=request.user, now=now)
                messages.success(request, str(alert_deeds.DONE[deed]), extra_tags=f"draft=alert-{deed}:{pk}")
                return redirect("retention:alert_detail", pk)
        bound = {deed: form}
    context = alert_page(request, pk, now=now, bound=bound)
    return render(request, "retention/alert_detail.html", context, status=400 if bound else 200)


@require_http_methods(["GET", "POST"])
@ability(WORKS)
def alert_new(request: Asked, customer_id: int) -> HttpResponse:
    """Somebody noticed that a customer may leave (trigger by hand)."""
    name = customer_name(request.access.scope_for(WORKS), customer_id)
    if not name:
        raise NotFound
    form = NoticedForm(request.POST or None)
    if form.is_valid():
        with domain_errors(form):
            row, _is_new = open_alert(
                customer_id=customer_id, trigger=AlertTrigger.BY_HAND, level=AlertLevel.ORANGE, by=request.user,
                now=timezone.now(), note=form.cleaned_data["reason"],
            )  # fmt: skip
            return redirect("retention:alert_detail", row.pk)
    context = {"form": form, "name": name, "customer_id": customer_id}
    return render(request, "retention/alert_new.html", context, status=400 if form.errors else 200)


@require_GET
@ability(SEES)
def customer_alert(request: Asked, customer_id: int) -> HttpResponse:
    """From the customer: the open alert, else those that were."""
    found = open_alert_of(request.access.scope_for(SEES), customer_id)
    if found is not None:
        return redirect("retention:alert_detail", found)
    if not customer_name(request.access.scope_for(SEES), customer_id):
        raise NotFound
    response = redirect("retention:alert_list")
    response["Location"] += f"?customer={customer_id}&state=all"
    return response


@require_GET
@ability(SEES)
def save_case(request: Asked, pk: int) -> HttpResponse:
    """A save case stands on the page of its alert."""
    return redirect("retention:alert_detail", alert_of_case(request.access.scope_for(SEES), pk))


@require_http_methods(["GET", "POST"])
@ability(SEES)
def offer_detail(request: Asked, pk: int) -> HttpResponse:
    """An offer over the limit: decided in one tap, from the notice (RET-7)."""
    form = DecideForm(request.POST or None)
    if form.is_valid():
        grant = form.cleaned_data["grant"] == "yes"
        with domain_errors(form):
            decide_offer(
                offer_id=pk, grant=grant, remark=form.cleaned_data["remark"], by=request.user, now=timezone.now()
            )
            messages.success(request, _("Approved.") if grant else _("Not approved."))
            return redirect(own_path(request.POST.get("next"), request.path))
    context = offer_page(request, pk, form, DECIDES, today=timezone.localdate())
    return render(request, "retention/offer_detail.html", context, status=400 if form.errors else 200)


@require_http_methods(["POST"])
@ability(WORKS)
def offer_answer(request: Asked, pk: int) -> HttpResponse:
    """What the customer said to an offer."""
    accepted = valid(AnswerForm(request.POST))["answer"] == "accepted"
    row = answer_offer(offer_id=pk, accepted=accepted, by=request.user, now=timezone.now())
    messages.success(request, _("Written down."))
    return redirect("retention:alert_detail", row.case.alert_id)

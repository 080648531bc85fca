"""Pages of usage: changes of a portfolio, a customer's products, members, surveys, suggestions (CUS-17…19, SAL-6)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from crm.core import access_log, attachments
from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.listed import listed
from crm.core.pages import domain_errors
from sales import subscription_context as contexts
from sales.actions.subscriptions import keep_subscription
from sales.actions.surveys import note_survey, write_advice
from sales.actions.usage import keep_usage
from sales.subscription_context import advice_context, choice_context, subscription_context, survey_context
from sales.usage_context import EDITS, SEES, changes_context, customer_context, members_context
from sales.usage_forms import AdviceForm, SubscriptionForm, SurveyForm, UsageForm


@require_GET
@vary_on_headers("HX-Request")
@ability(SEES)
@listed("usage")
def usage_list(request: Asked) -> HttpResponse:
    """Changes of usage, product by product and customer by customer (CUS-19)."""
    part = "#more" if request.htmx and request.GET.get("cursor") else ""
    return render(request, f"sales/usage_list.html{part}", changes_context(request, timezone.localdate()))


@require_GET
@vary_on_headers("HX-Request")
@ability(SEES)
def customer_usage(request: Asked, customer_id: int) -> HttpResponse:
    """A customer's products and months: a tab of his page, and a page of its own (CUS-18)."""
    context = customer_context(request.access, customer_id, timezone.localdate())
    _note_look(request, customer_id)
    return render(request, f"sales/customer_usage.html{'#part' if request.htmx else ''}", context)


def _note_look(request: Asked, customer_id: int) -> None:
    """SEC-1: who looks at a customer's usage is in the access log, each time."""
    access_log.record_request(
        request, "look", at=timezone.now(), subject_table="sales_usagemonth", subject_id=customer_id
    )


@require_GET
@ability(SEES)
def member_use_list(request: Asked, customer_id: int) -> HttpResponse:
    """Who of a group used a product often enough (SAL-6)."""
    context = members_context(request, customer_id, timezone.localdate())
    _note_look(request, customer_id)
    return render(request, "sales/member_uses.html", context)


@require_http_methods(["GET", "POST"])
@ability(EDITS)
def subscription_new(request: Asked, customer_id: int) -> HttpResponse:
    """Note what a customer has taken: the product first, then what it asks for (SAL-2)."""
    now = timezone.now()
    context = choice_context(request, customer_id, timezone.localdate(now))
    if context["card"] is None:
        return render(request, "sales/subscription_choice.html", context)
    form = SubscriptionForm(request.POST or None, card=context["card"], initial={"started_on": timezone.localdate(now)})
    return _kept(request, form, context, customer_id, None)


@require_http_methods(["GET", "POST"])
@ability(EDITS)
def subscription_edit(request: Asked, pk: int) -> HttpResponse:
    """Change or end what a manager noted himself; what billing told is billing's."""
    context = subscription_context(request.access, pk)
    form = SubscriptionForm(request.POST or None, card=context["card"], initial=context["initial"])
    return _kept(request, form, context, context["customer"].pk, context["external_id"])


def _kept(
    request: Asked, form: SubscriptionForm, context: dict[str, Any], customer_id: int, external_id: str | None
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        with form.refusals():
            keep_subscription(
                customer_id=customer_id, external_id=external_id, values=form.values(), by=request.user,
                now=timezone.now(),
            )  # fmt: skip
            messages.success(request, _("Saved."), extra_tags=f"draft={request.path}")
            return redirect("sales:customer_usage", customer_id)
    return render(request, "sales/subscription_form.html", context | {"form": form}, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@ability(EDITS)
def survey_new(request: Asked, pk: int) -> HttpResponse:
    """Write down what a tracking survey found (CUS-18)."""
    now = timezone.now()
    context = survey_context(request.access, pk)
    form = SurveyForm(request.POST or None, initial={"on": timezone.localdate(now)})
    if request.method == "POST" and form.is_valid():
        with domain_errors(form):
            note_survey(subscription_id=pk, **form.cleaned_data, by=request.user, now=now)
            messages.success(request, _("Saved."), extra_tags=f"draft={request.path}")
            return redirect("sales:customer_usage", context["customer"].pk)
    return render(request, "sales/subscription_form.html", context | {"form": form}, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@ability(EDITS)
def advice_new(request: Asked, customer_id: int) -> HttpResponse:
    """Write a suggestion report on the usage of a month (CUS-17)."""
    now = timezone.now()
    context = advice_context(request, customer_id, timezone.localdate(now))
    form = AdviceForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with domain_errors(form):
            write_advice(customer_id=customer_id, **context["about"], **form.cleaned_data, by=request.user, now=now)
            messages.success(request, _("Saved."), extra_tags=f"draft={request.path}")
            return redirect("sales:customer_usage", customer_id)
    return render(request, "sales/subscription_form.html", context | {"form": form}, status=400 if form.errors else 200)


@require_GET
@ability(SEES)
def advice_file(request: Asked, customer_id: int, pk: int) -> FileResponse:
    """The file that goes with a suggestion report."""
    return attachments.stream(contexts.advice_file(request.access, customer_id, pk), inline=True)


@require_http_methods(["GET", "POST"])
@ability(EDITS)
def usage_new(request: Asked, customer_id: int) -> HttpResponse:
    """Type the figures of a month that no system tells (SAL-35)."""
    now = timezone.now()
    context = contexts.usage_context(request.access, customer_id, timezone.localdate(now))
    form = UsageForm(request.POST or None, products=context["products"], initial={"month": context["newest"]})
    if request.method == "POST" and form.is_valid():
        with domain_errors(form):
            keep_usage(customer_id=customer_id, values=form.cleaned_data, by=request.user, now=now)
            messages.success(request, _("Saved."), extra_tags=f"draft={request.path}")
            return redirect("sales:customer_usage", customer_id)
    return render(request, "sales/subscription_form.html", context | {"form": form}, status=400 if form.errors else 200)

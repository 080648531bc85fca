"""Pages of arrears, credit and guarantees (SAL-23, SAL-24, SAL-25)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.listed import listed
from crm.core.pages import domain_errors
from sales import money_context as contexts
from sales.actions.collecting import log_dunning
from sales.actions.credit import customer_of, request_credit, set_tier_credits
from sales.actions.guarantees import request_guarantee
from sales.money_context import EDITS, SEES
from sales.money_deeds import GUARANTEE_DEEDS, REQUEST_DEEDS, do_guarantee, do_payment, do_request
from sales.money_forms import CreditForm, DeedForm, DunningForm, GuaranteeForm, PaymentForm, TierCreditForm
from sales.payment_context import bill_context
from sales.queries.arrears import bills_of
from sales.queries.guarantees import given_by


@require_GET
@vary_on_headers("HX-Request")
@ability(SEES)
@listed("arrears")
def arrears_list(request: Asked) -> HttpResponse:
    """Who owes what since when (SAL-23)."""
    part = "#more" if request.htmx and request.GET.get("cursor") else ""
    return render(request, f"sales/arrears_list.html{part}", contexts.arrears_context(request, request.access))


@require_GET
@vary_on_headers("HX-Request")
@ability(SEES)
def money_detail(request: Asked, customer_id: int) -> HttpResponse:
    """Bills and credit of a customer: a tab of his page, and a page of its own."""
    context = contexts.money_context(request.access, customer_id, today=timezone.localdate())
    return render(request, f"sales/money.html{'#part' if request.htmx else ''}", context)


@require_http_methods(["GET", "POST"])
@ability(EDITS)
def dunning_new(request: Asked, customer_id: int) -> HttpResponse:
    """Write down that the customer was asked for what he owes (SAL-23)."""
    customer = customer_of(request.user, customer_id)
    now = timezone.now()
    late = [row for row in bills_of(customer_id) if row.paid_on is None and row.due_on < timezone.localdate(now)]
    form = DunningForm(request.POST or None, may_stop=any(row.stage == 4 for row in late))
    if request.method == "POST" and form.is_valid():
        with domain_errors(form):
            log_dunning(customer_id=customer_id, **form.cleaned_data, by=request.user, now=now)
            messages.success(request, _("Saved."), extra_tags=f"draft=dunning:{customer_id}")
            return redirect("sales:money_detail", customer_id)
    context = {"form": form, "customer": customer, "late": late, "owed": sum(row.left for row in late)}
    return render(request, "sales/dunning_new.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@ability(SEES)
def bill_detail(request: Asked, bill_id: int) -> HttpResponse:
    """A bill with its payments; who brings figures of billing notes one here, or takes his own back (SAL-23)."""
    now = timezone.now()
    context = bill_context(request.access, bill_id, today=timezone.localdate(now))
    form = PaymentForm(
        request.POST or None, initial={"amount": context["bill"].left, "paid_on": timezone.localdate(now)}
    )
    if request.method == "POST" and (request.POST.get("take_back") or form.is_valid()):
        with domain_errors(form):
            messages.success(request, do_payment(bill_id, request.POST, form, by=request.user, now=now))
            return redirect("sales:bill_detail", bill_id)
    return render(request, "sales/bill_detail.html", context | {"form": form}, status=400 if form.errors else 200)


@require_GET
@vary_on_headers("HX-Request")
@ability(SEES)
@listed("credit")
def credit_list(request: Asked) -> HttpResponse:
    """Credit accounts and the requests that wait (SAL-24)."""
    context = contexts.credit_context(request, request.access, today=timezone.localdate())
    part = "#more" if request.htmx and request.GET.get("cursor") else ""
    return render(request, f"sales/credit_list.html{part}", context)


@require_http_methods(["GET", "POST"])
@ability(EDITS)
def credit_new(request: Asked, customer_id: int) -> HttpResponse:
    """Ask for another limit (SAL-24)."""
    customer = customer_of(request.user, customer_id)
    form = CreditForm(request.POST or None, initial={"kind": "limit"})
    if request.method == "POST" and form.is_valid():
        with domain_errors(form):
            change = request_credit(
                customer_id=customer_id, **form.cleaned_data, by=request.user, now=timezone.now()
            )  # fmt: skip
            messages.success(request, _("Your supervisor has been asked."), extra_tags=f"draft=credit:{customer_id}")
            return redirect("sales:change_detail", change.pk)
    account = contexts.money_account(request.access, customer_id, timezone.localdate())
    context = {"form": form, "customer": customer, "account": account}
    return render(request, "sales/credit_new.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@ability(SEES)
def change_detail(request: Asked, change_id: int) -> HttpResponse:
    """One request; who may decides it here, who asked takes it back (SAL-24, SEC-24)."""
    context = contexts.change_context(request.access, change_id, today=timezone.localdate())
    form = DeedForm(request.POST or None, deeds=REQUEST_DEEDS)
    if request.method == "POST" and form.is_valid():
        with domain_errors(form):
            messages.success(request, do_request(change_id, **form.cleaned_data, by=request.user, now=timezone.now()))
            return redirect("sales:change_detail", change_id)
    return render(request, "sales/change_detail.html", context | {"form": form}, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@ability("configure")
def tier_credit(request: Asked) -> HttpResponse:
    """The limit that goes with each tier (SAL-24)."""
    form = TierCreditForm(request.POST or None, tiers=contexts.tier_fields())
    if request.method == "POST" and form.is_valid():
        with domain_errors(form):
            set_tier_credits(form.limits(), by=request.user)
            messages.success(request, _("Saved."))
            return redirect("sales:tier_credit")
    return render(request, "sales/tier_credit.html", {"form": form}, status=400 if form.errors else 200)


@require_GET
@vary_on_headers("HX-Request")
@ability(SEES)
@listed("guarantees")
def guarantee_list(request: Asked) -> HttpResponse:
    """Who vouches for what (SAL-25)."""
    context = contexts.guarantee_context(request, request.access, today=timezone.localdate())
    part = "#more" if request.htmx and request.GET.get("cursor") else ""
    return render(request, f"sales/guarantee_list.html{part}", context)


@require_http_methods(["GET", "POST"])
@ability(EDITS)
def guarantee_new(request: Asked, customer_id: int) -> HttpResponse:
    """Ask to vouch for a customer's business (SAL-25)."""
    customer = customer_of(request.user, customer_id)
    form = GuaranteeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with domain_errors(form):
            row = request_guarantee(customer_id=customer_id, **form.cleaned_data, by=request.user, now=timezone.now())
            messages.success(request, _("Your supervisor has been asked."), extra_tags=f"draft=guarantee:{customer_id}")
            return redirect("sales:guarantee_detail", row.pk)
    own = given_by(request.access.staff_id or 0, timezone.localdate())
    context = {"form": form, "customer": customer, "own": own}
    return render(request, "sales/guarantee_new.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@ability(SEES)
def guarantee_detail(request: Asked, pk: int) -> HttpResponse:
    """One guarantee with its next steps (SAL-25, SEC-24)."""
    context = contexts.guarantee_page(request.access, pk)
    form = DeedForm(request.POST or None, deeds=GUARANTEE_DEEDS)
    if request.method == "POST" and form.is_valid():
        with domain_errors(form):
            messages.success(request, do_guarantee(pk, **form.cleaned_data, by=request.user, now=timezone.now()))
            return redirect("sales:guarantee_detail", pk)
    return render(request, "sales/guarantee_detail.html", context | {"form": form}, status=400 if form.errors else 200)

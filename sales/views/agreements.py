"""Agreements and joining applications: lists, one of each, signing, renewing, ending (SAL-14, SAL-15)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from accounts.queries.customers import customer_for
from crm.core import access_log, attachments
from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.errors import NotFound
from crm.core.listed import listed
from crm.core.pages import domain_errors
from sales import agreement_context as context_of
from sales.actions import agreements as deeds
from sales.actions import applications as checking
from sales.agreement_forms import CheckForm, EndForm, ScanForm
from sales.queries import agreements as queries

SEES, EDITS, CHECKS = queries.SEES, queries.EDITS, queries.CHECKS
DETAIL, APPLICATION = "sales:agreement_detail", "sales:application_detail"


@require_GET
@vary_on_headers("HX-Request")
@ability(SEES)
@listed("agreements")
def agreement_list(request: Asked) -> HttpResponse:
    """Agreements in sight; what ends soonest first."""
    context = context_of.agreement_list_context(request, today=timezone.localdate())
    part = "#more" if request.htmx and request.GET.get("cursor") else ""
    return render(request, f"sales/agreement_list.html{part}", context)


@require_GET
@vary_on_headers("HX-Request")
@ability(SEES)
def customer_agreements(request: Asked, pk: int) -> HttpResponse:
    """The tab of the customer page: agreements, applications and needs."""
    context = context_of.customer_part_context(request.access, pk, today=timezone.localdate())
    return render(request, f"sales/customer_agreements.html{'#part' if request.htmx else ''}", context)


def _page(request: Asked, pk: int, **forms: Any) -> HttpResponse:
    row = queries.agreement_for(request.access.scope_for(SEES), pk)
    context = context_of.agreement_context(request.access, row, today=timezone.localdate()) | forms
    return render(request, "sales/agreement_detail.html", context, status=400 if forms else 200)


@require_GET
@ability(SEES)
def agreement_detail(request: Asked, pk: int) -> HttpResponse:
    """One agreement with its paper, its check and its renewals."""
    return _page(request, pk)


@require_http_methods(["GET", "POST"])
@ability(EDITS)
def agreement_new(request: Asked, pk: int) -> HttpResponse:
    """Put down what was signed with a customer."""
    customer = customer_for(request.access.scope_for(SEES), pk)
    return _sign(request, customer, None)


@require_http_methods(["GET", "POST"])
@ability(EDITS)
def agreement_renew(request: Asked, pk: int) -> HttpResponse:
    """The agreement that follows one."""
    row = queries.agreement_for(request.access.scope_for(SEES), pk)
    return _sign(request, row.customer, row)


def _sign(request: Asked, customer: Any, previous: Any) -> HttpResponse:
    now = timezone.now()
    form = context_of.agreement_form(request, customer, previous, today=timezone.localdate(now))
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            values = form.values() | ({"previous": previous.number} if previous else {})
            scan = form.cleaned_data["scan"]
            made = deeds.sign_agreement(customer_id=customer.pk, values=values, scan=scan, by=request.user, now=now)
            messages.success(request, _("Saved."), extra_tags=f"draft=agreement:{customer.pk}")
            return redirect(DETAIL, made.pk)
    context = {"form": form, "customer": customer, "previous": previous}
    return render(request, "sales/agreement_new.html", context, status=400 if form.errors else 200)


@require_POST
@ability(EDITS)
def agreement_end(request: Asked, pk: int) -> HttpResponse:
    """End an agreement before its day."""
    form = EndForm(request.POST)
    if form.is_valid():
        with domain_errors(form):
            deeds.end_agreement(agreement_id=pk, **form.cleaned_data, by=request.user, now=timezone.now())
            messages.success(request, _("The agreement is ended."))
            return redirect(DETAIL, pk)
    return _page(request, pk, end_form=form)


@require_http_methods(["GET", "POST"])
@ability(SEES)
def agreement_scan(request: Asked, pk: int) -> HttpResponseBase:
    """The signed paper: seen, logged; put there by whoever may edit."""
    if request.method == "POST":
        form = ScanForm(request.POST, request.FILES)
        if form.is_valid():
            with domain_errors(form):
                deeds.file_scan(agreement_id=pk, **form.cleaned_data, by=request.user, now=timezone.now())
                messages.success(request, _("Saved."))
                return redirect(DETAIL, pk)
        return _page(request, pk, scan_form=form)
    row = queries.agreement_for(request.access.scope_for(SEES), pk)
    if row.scan is None:
        raise NotFound
    access_log.record_request(
        request, "download", at=timezone.now(), subject_table="accounts_customer", subject_id=row.customer_id,
        detail={"title": row.number},
    )  # fmt: skip
    return attachments.stream(row.scan, inline=True)


# --- Applications


@require_GET
@vary_on_headers("HX-Request")
@ability(SEES)
@listed("applications")
def application_list(request: Asked) -> HttpResponse:
    """Joining applications; those to be checked first."""
    context = context_of.application_list_context(request)
    part = "#more" if request.htmx and request.GET.get("cursor") else ""
    return render(request, f"sales/application_list.html{part}", context)


@require_http_methods(["GET", "POST"])
@ability(EDITS)
def application_new(request: Asked, pk: int) -> HttpResponse:
    """A group asks to join."""
    customer = customer_for(request.access.scope_for(SEES), pk)
    form = context_of.application_form(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            made = checking.apply_to_join(
                customer_id=pk, text=form.cleaned_data["text"], by=request.user, now=timezone.now()
            )
            messages.success(request, _("The application is filed."), extra_tags=f"draft=application:{pk}")
            return redirect(APPLICATION, made.pk)
    context = {"form": form, "customer": customer}
    return render(request, "sales/application_new.html", context, status=400 if form.errors else 200)


@require_GET
@ability(SEES)
def application_detail(request: Asked, pk: int) -> HttpResponse:
    """One application and its checklist."""
    return _application(request, pk, None)


def _application(request: Asked, pk: int, form: CheckForm | None) -> HttpResponse:
    row = queries.application_for(request.access.scope_for(SEES), pk)
    context = context_of.application_context(request.access, row, form)
    return render(request, "sales/application_detail.html", context, status=400 if form else 200)


@require_POST
@ability(CHECKS)
def application_check(request: Asked, pk: int) -> HttpResponse:
    """Answer the checklist; "finish" decides."""
    row = queries.application_for(request.access.scope_for(SEES), pk)
    form = context_of.check_form(row, request.POST)
    if form.is_valid():
        is_finished = "finish" in request.POST
        with domain_errors(form):
            checking.check_application(
                application_id=pk, answers=form.answers(), result_note=form.cleaned_data["result_note"],
                is_finished=is_finished, version=form.cleaned_data["version"], by=request.user, now=timezone.now(),
            )  # fmt: skip
            messages.success(request, _("The check is finished.") if is_finished else _("Saved."))
            return redirect(APPLICATION, pk)
    return _application(request, pk, form)

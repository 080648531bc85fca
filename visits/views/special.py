"""Special visits (特殊访问记录, PLAN-8): one form from the customer's page, the record, the list."""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from django.views.decorators.vary import vary_on_headers

from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.listed import listed
from crm.core.pages import domain_errors
from visits.actions import journal
from visits.forms import AmendForm, SpecialForm
from visits.journal_context import on_site_parts, special_list_context
from visits.parts import filled_parts, part_errors
from visits.queries.journal import special as queries


@require_http_methods(["GET", "POST"])
@ability("log_visits")
def special_new(request: Asked, pk: int) -> HttpResponse:
    """What was found at a customer's, and the visit it led to; without one the clock runs until the next visit."""
    now = timezone.now()
    customer = queries.special_customer(request.access.scope_for("log_visits"), pk, now=now)
    start = timezone.localtime(now).replace(second=0, microsecond=0)
    initial = {"found_at": start, "how": "later", "client_key": uuid4()}
    form = SpecialForm(request.POST or None, initial=initial, visits=customer.visits)
    parts = on_site_parts(request, customer, timezone.localdate(now))
    told = parts if form.is_on_site else []
    if form.is_bound and all([form.is_valid(), *(item.form.is_valid() for item in told)]):
        with domain_errors(form), part_errors(parts):
            situation = form.situation(filled_parts(told))
            made = journal.open_special(customer_id=pk, situation=situation, by=request.user, now=now)
            messages.success(request, _("Saved."), extra_tags=f"draft=special:{pk}")
            return HttpResponseRedirect(reverse("visits:special_detail", args=[made.pk]))
    context = {"form": form, "customer": customer, "parts": parts}
    return render(request, "visits/special_new.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@ability("view_customers")
def special_detail(request: Asked, pk: int) -> HttpResponse:
    """The record with its delay; its author writes down what was learned and done."""
    now = timezone.now()
    row = queries.special_for(request.access.scope, pk)
    initial = {name: getattr(row, name) for name in AmendForm.base_fields}
    form = AmendForm(request.POST or None, initial=initial)
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            journal.amend_special(special_id=pk, **form.cleaned_data, by=request.user, now=now)
            messages.success(request, _("Saved."), extra_tags=f"draft=amend:{pk}")
            return HttpResponseRedirect(reverse("visits:special_detail", args=[pk]))
    context = {
        "row": row,
        "form": form,
        "is_author": row.staff_id == request.access.staff_id,
        "delay": row.delay_text(now),
        "is_late": row.is_late(now),
        "can_log": request.access.can("log_visits"),
    }
    return render(request, "visits/special_detail.html", context, status=400 if form.is_bound else 200)


@require_GET
@vary_on_headers("HX-Request")
@ability("view_customers")
@listed("special_visits")
def special_list(request: Asked) -> HttpResponse:
    """Every special situation of the customers in scope; filters in the address."""
    context = special_list_context(request, timezone.now())
    part = "#more" if request.htmx and request.GET.get("cursor") else ""
    return render(request, f"visits/special_list.html{part}", context)

"""Needs: the pipeline and its rows, one need with its history, the analysis and its file (CUS-14, SAL-10, PLAN-21)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from accounts.queries.customers import customer_for
from crm.core.abilities import ability
from crm.core.addresses import given_of
from crm.core.asked import Asked
from crm.core.attachments import stream
from crm.core.listed import listed
from crm.core.pages import domain_errors
from sales import need_context as context_of
from sales.actions import needs as deeds
from sales.actions.need_exports import export_needs
from sales.agreement_forms import ExportForm
from sales.queries import needs as queries

SEES, EDITS = queries.SEES, queries.EDITS
DETAIL = "sales:need_detail"


@require_GET
@vary_on_headers("HX-Request")
@ability(SEES)
@listed("needs")
def need_list(request: Asked) -> HttpResponse:
    """The pipeline by stage, and the needs behind it."""
    context = context_of.need_list_context(request, today=timezone.localdate())
    part = "#more" if request.htmx and request.GET.get("cursor") else ""
    return render(request, f"sales/need_list.html{part}", context)


@require_http_methods(["GET", "POST"])
@ability(EDITS)
def need_new(request: Asked, pk: int) -> HttpResponse:
    """Note what a customer needs."""
    now = timezone.now()
    customer = customer_for(request.access.scope_for(SEES), pk)
    posted = request.POST if request.method == "POST" else None
    form = context_of.need_form(request.access, pk, today=timezone.localdate(now), data=posted)
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            made = deeds.note_need(customer_id=pk, values=form.values(), by=request.user, now=now)
            messages.success(request, _("Saved."), extra_tags=f"draft=need:{pk}")
            return redirect(DETAIL, made.pk)
    context = {"form": form, "customer": customer, "row": None}
    return render(request, "sales/need_form.html", context, status=400 if form.errors else 200)


@require_GET
@ability(SEES)
def need_detail(request: Asked, pk: int) -> HttpResponse:
    """One need: what lies behind it, how it went, how it changed."""
    row = queries.need_for(request.access.scope_for(SEES), pk)
    return render(request, "sales/need_detail.html", context_of.need_context(request.access, row))


@require_http_methods(["GET", "POST"])
@ability(EDITS)
def need_edit(request: Asked, pk: int) -> HttpResponse:
    """Say a need better; what it said before stays in its history."""
    now = timezone.now()
    row = queries.need_for(request.access.scope_for(SEES), pk)
    posted = request.POST if request.method == "POST" else None
    today = timezone.localdate(now)
    form = context_of.need_form(request.access, row.customer_id, today=today, row=row, data=posted)
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            version = form.cleaned_data["version"]
            deeds.reword_need(need_id=pk, values=form.values(), version=version, by=request.user, now=now)
            messages.success(request, _("Saved."))
            return redirect(DETAIL, pk)
    context = {"form": form, "customer": row.customer, "row": row}
    return render(request, "sales/need_form.html", context, status=400 if form.errors else 200)


@require_POST
@ability(EDITS)
def need_step(request: Asked, pk: int) -> HttpResponse:
    """Take a need to its next stage."""
    row = queries.need_for(request.access.scope_for(SEES), pk)
    form = context_of.step_form(row, request.POST)
    if form.is_valid():
        values = dict(form.cleaned_data)
        with domain_errors(form):
            deeds.step_need(
                need_id=pk, routed_to_id=values.pop("routed_to"), **values, by=request.user, now=timezone.now()
            )
            messages.success(request, _("Saved."))
            return redirect(DETAIL, pk)
    context = context_of.need_context(request.access, row, step=form)
    return render(request, "sales/need_detail.html", context, status=400)


@require_GET
@ability(SEES)
def need_analysis(request: Asked) -> HttpResponse:
    """Needs grouped by type and industry, each number with its rows behind it (PLAN-21)."""
    context = context_of.analysis_context(request, today=timezone.localdate())
    return render(request, "sales/need_analysis.html", context)


@require_http_methods(["GET", "POST"])
@ability(SEES)
def need_export(request: Asked) -> HttpResponseBase:
    """The same lines as a file, with a reason."""
    given = dict(given_of(request.GET, ("from", "to", "unit", "manager")))
    lines = context_of.analysis_lines(request.access, given, queries.type_labels())
    form = ExportForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            done = export_needs(lines=lines, **form.cleaned_data, by=request.user, now=timezone.now())
            return stream(done)
    context = {"form": form, "count": len(lines), "back": request.GET.urlencode()}
    return render(request, "sales/need_export.html", context, status=400 if form.errors else 200)

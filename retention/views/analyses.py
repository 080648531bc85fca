"""Churn analyses, competitor intelligence, limits of offers (RET-7, RET-8, RET-10)."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core import attachments
from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.listed import listed
from crm.core.pages import domain_errors
from retention.actions.analyses import SHARES, Findings, share_lesson, write_analysis
from retention.actions.intelligence import Seen, record_intelligence
from retention.actions.limits import set_offer_limit
from retention.analysis_context import analysis_context, analysis_form, analysis_list_context
from retention.intel_context import intel_form, intel_list_context
from retention.queries.analyses import analysis_for
from retention.queries.intelligence import WRITES, file_of
from retention.queries.losses import SEES
from retention.queries.saving import limits
from retention.saving_forms import LimitForm, ShareForm, tier_choices


@require_GET
@ability(SEES)
@listed("analyses")
def analysis_list(request: Asked) -> HttpResponse:
    """What is to be written and what is overdue."""
    return render(request, "retention/analysis_list.html", analysis_list_context(request, today=timezone.localdate()))


@require_http_methods(["GET", "POST"])
@ability(SEES)
def analysis_detail(request: Asked, pk: int) -> HttpResponse:
    """One analysis; who had the customer, or leads the unit, writes it."""
    row = analysis_for(request.access, pk)
    form = analysis_form(row, request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        values = dict(form.cleaned_data)
        version, competitor = values.pop("version"), values.pop("competitor")
        with domain_errors(form):
            findings = Findings(competitor_id=competitor, **values)
            write_analysis(analysis_id=pk, findings=findings, version=version, by=request.user, now=timezone.now())
            messages.success(request, _("Saved."), extra_tags=f"draft=analysis:{pk}")
            return redirect("retention:analysis_detail", pk)
    context = analysis_context(request, row, today=timezone.localdate(), form=form)
    return render(request, "retention/analysis_detail.html", context, status=400 if form is not None else 200)


@require_POST
@ability(*SHARES)
def analysis_share(request: Asked, pk: int) -> HttpResponse:
    """Pass the lesson on to the guide."""
    row = analysis_for(request.access, pk)
    form = ShareForm(request.POST)
    if form.is_valid():
        with domain_errors(form):
            article = share_lesson(analysis_id=pk, **form.cleaned_data, by=request.user, now=timezone.now())
            messages.success(request, _("The lesson stands in the guide."))
            return redirect("core:guide_detail", article.code)
    context = analysis_context(request, row, today=timezone.localdate(), share=form)
    return render(request, "retention/analysis_detail.html", context, status=400)


@require_GET
@ability(WRITES)
@listed("intelligence")
def intel_list(request: Asked) -> HttpResponse:
    """What competitors do, by area."""
    return render(request, "retention/intel_list.html", intel_list_context(request, now=timezone.now()))


@require_http_methods(["GET", "POST"])
@ability(WRITES)
def intel_new(request: Asked) -> HttpResponse:
    """Write down what was seen or heard."""
    is_sent = request.method == "POST"
    form, context = intel_form(
        request, request.POST if is_sent else None, request.FILES if is_sent else None, now=timezone.now()
    )
    if form.is_valid():
        values = dict(form.cleaned_data)
        file = values.pop("file")
        ids = {f"{name}_id": values.pop(name) for name in ("competitor", "customer", "voice")}
        with domain_errors(form):
            record_intelligence(seen=Seen(**ids, **values), file=file, by=request.user, now=timezone.now())
            messages.success(request, _("Written down."), extra_tags="draft=intelligence")
            return redirect("retention:intel_list")
    return render(request, "retention/intel_new.html", context, status=400 if form.errors else 200)


@require_GET
@ability(WRITES)
def intel_file(request: Asked, pk: int) -> FileResponse:
    """The file that goes with a piece of intelligence."""
    return attachments.stream(file_of(request.access, pk), inline=True)


@require_http_methods(["GET", "POST"])
@ability("configure")
def offer_limits(request: Asked) -> HttpResponse:
    """What may be offered without asking, by tier (RET-7)."""
    today = timezone.localdate()
    form = LimitForm(request.POST or None, tiers=tier_choices(), initial={"effective_from": today})
    if form.is_valid():
        values = dict(form.cleaned_data)
        with domain_errors(form):
            set_offer_limit(tier_id=values.pop("tier"), **values, by=request.user, now=timezone.now())
            messages.success(request, _("Saved."))
            return redirect("retention:offer_limits")
    context = {"rows": limits(today), "form": form}
    return render(request, "retention/offer_limits.html", context, status=400 if form.errors else 200)

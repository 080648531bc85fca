"""Churn reports: the list, one of them, submit, accept or return, print (RET-15)."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.listed import listed
from crm.core.pages import domain_errors
from retention import report_context as context_of
from retention.actions import check_report, submit_report
from retention.forms import CheckForm, SubmitForm
from retention.queries.reports import CHECKS, SEES, SUBMITS, ReportRow, report_for
from retention.tabs import REPORT_PAGES


@require_GET
@ability(*REPORT_PAGES)
@listed("churn_reports")
def report_list(request: Asked) -> HttpResponse:
    """Every report in sight, the latest month first."""
    context = context_of.report_list_context(request, now=timezone.now())
    return render(request, "retention/report_list.html", context)


def _report(request: Asked, pk: int) -> ReportRow:
    row = report_for(request.access.scope_for(SEES), pk)
    if row is None:
        raise Http404
    return row


def _page(
    request: Asked, row: ReportRow, *, submit: SubmitForm | None = None, check: CheckForm | None = None
) -> HttpResponse:
    context = context_of.forms_context(context_of.report_context(request, row, now=timezone.now()), submit, check)
    wrong = bool((submit and submit.errors) or (check and check.errors))
    return render(request, "retention/report_detail.html", context, status=400 if wrong else 200)


@require_GET
@ability(*REPORT_PAGES)
def report_detail(request: Asked, pk: int) -> HttpResponse:
    """One report with its losses, and what may be done with it now."""
    return _page(request, _report(request, pk))


@require_POST
@ability(SUBMITS)
def report_submit(request: Asked, pk: int) -> HttpResponse:
    """The unit confirms the figures."""
    row = _report(request, pk)
    form = SubmitForm(request.POST)
    if form.is_valid():
        with domain_errors(form):
            submit_report(report_id=pk, **form.cleaned_data, by=request.user, now=timezone.now())
            messages.success(request, _("Report submitted."), extra_tags=f"draft=churn-report:{pk}")
            return redirect("retention:report_detail", pk)
    return _page(request, row, submit=form)


@require_POST
@ability(CHECKS)
def report_check(request: Asked, pk: int) -> HttpResponse:
    """Headquarters accepts it or returns it with a reason."""
    row = _report(request, pk)
    form = CheckForm(request.POST)
    if form.is_valid():
        values = dict(form.cleaned_data)
        returned = values.pop("decision") == "returned"
        with domain_errors(form):
            check_report(report_id=pk, returned=returned, **values, by=request.user, now=timezone.now())
            messages.success(request, _("Returned.") if returned else _("Report accepted."))
            return redirect("retention:report_list")
    return _page(request, row, check=form)


@require_GET
@ability(*REPORT_PAGES)
def report_print(request: Asked, pk: int) -> HttpResponse:
    """The report as a form on paper (PLT-9)."""
    context = context_of.print_context(request, _report(request, pk), now=timezone.now())
    return render(request, "retention/report_print.html", context)

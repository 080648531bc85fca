"""Reports: the list, writing one, reading one, its print (PLAN-9…14, PLAN-23)."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core.abilities import ability
from crm.core.addresses import given_of, unknown_value
from crm.core.asked import Asked
from crm.core.listed import listed
from crm.core.pages import domain_errors
from visits import print_context
from visits.actions import reports as deeds
from visits.choices import ReportKind
from visits.filters import read_day
from visits.forms.reports import ReportDecisionForm, ReportForm
from visits.queries import reports as queries
from visits.report_context import SEES, figure_lines, report_list_context, timeliness_lines
from visits.rules.freeze import last_day, next_month


@require_GET
@ability(*SEES)
@listed("reports")
def report_list(request: Asked) -> HttpResponse:
    """One's own reports; for who reads them those of his units, what waits first."""
    return render(request, "visits/report_list.html", report_list_context(request, timezone.localdate()))


@require_http_methods(["GET", "POST"])
@ability(*SEES)
def report_detail(request: Asked, pk: int) -> HttpResponse:
    """Its author writes and submits it here; everybody else reads it."""
    row = queries.report_for(queries.reader_scope(request.access), pk)
    if row is None:
        raise Http404
    form = ReportForm(request.POST or None, report=row)
    if request.method == "POST" and form.is_valid():
        submit = "submit" in request.POST
        with domain_errors(form):
            deeds.save_report(
                report_id=pk, sections=form.sections(), version=form.cleaned_data["version"], submit=submit,
                by=request.user, now=timezone.now(),
            )  # fmt: skip
            text = _("Report submitted.") if submit else _("Saved.")
            messages.success(request, text, extra_tags=f"draft=report:{pk}")
            return redirect("visits:report_detail", pk)
    return _page(request, row, form)


def _page(
    request: Asked, row: queries.ReportRow, form: ReportForm | None = None, decision: ReportDecisionForm | None = None
) -> HttpResponse:
    mine = row.staff_id == request.access.staff_id
    reads = request.access.scope_for(queries.READS).allows(unit_id=row.unit_id)
    context = {
        "row": row,
        "form": (form or ReportForm(report=row)) if mine and row.is_editable else None,
        "decision": (decision or ReportDecisionForm()) if reads and not mine and row.state == "submitted" else None,
        "figures": figure_lines(row),
        "special": queries.special_visits_of(row),
        "is_late": row.is_late(timezone.localdate()),
    }
    is_wrong = bool((form and form.errors) or (decision and decision.errors))
    return render(request, "visits/report_detail.html", context, status=400 if is_wrong else 200)


@require_POST
@ability(queries.READS)
def report_decide(request: Asked, pk: int) -> HttpResponse:
    """Read or returned; never one's own (403)."""
    row = queries.report_for(queries.reader_scope(request.access), pk)
    if row is None:
        raise Http404
    form = ReportDecisionForm(request.POST)
    if form.is_valid():
        returned = form.cleaned_data["decision"] == "returned"
        with domain_errors(form):
            comment = form.cleaned_data["comment"]
            deeds.decide_report(report_id=pk, returned=returned, comment=comment, by=request.user, now=timezone.now())
            messages.success(request, _("Returned.") if returned else _("Marked as read."))
            return redirect("visits:report_list")
    return _page(request, row, decision=form)


@require_GET
@ability(*SEES)
def report_print(request: Asked, pk: int) -> HttpResponse:
    """The report as a form, under its official name (PLT-9)."""
    row = queries.report_for(queries.reader_scope(request.access), pk)
    if row is None:
        raise Http404
    context = {"row": row, "figures": figure_lines(row), "special": queries.special_visits_of(row)}
    return render(
        request, "visits/report_print.html", print_context.report_frame(request, row, now=timezone.now()) | context
    )


@require_GET
@ability(queries.READS)
def report_timeliness(request: Asked) -> HttpResponse:
    """F30, PLAN-23: who was in time and accurate the first time, by manager, with the reports behind it."""
    today = timezone.localdate()
    given = dict(given_of(request.GET, ("month", "kind")))
    first = read_day(given["month"], "month").replace(day=1) if given.get("month") else today.replace(day=1)
    kind = given.get("kind") or ReportKind.MONTHLY_SALES.value
    if kind not in ReportKind.values:
        raise unknown_value("kind")
    last = last_day(first)
    rows = queries.timeliness(request.access.scope_for(queries.READS), kind, first, last, today=today)
    context = {
        **timeliness_lines(rows, kind, first),
        "first": first,
        "before": (first - timedelta(days=1)).replace(day=1),
        "after": next_month(first) if last < today else None,
        "kind": kind,
        "kinds": ReportKind.choices,
    }
    return render(request, "visits/report_timeliness.html", context)

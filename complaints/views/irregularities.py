"""Irregularity reports (CMP-34, CMP-35): list, report one, one with its hops."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.choices import UnitType
from complaints.actions import irregularities as deeds
from complaints.choices import IrregularityKind, IrregularityState
from complaints.forms.irregularities import CloseForm, ReportForm, ResultForm, UnitForm
from complaints.queries import irregularities as queries
from complaints.rules.irregularities import next_hop
from crm.core import attachments
from crm.core.abilities import ability
from crm.core.addresses import given_of, unknown_value
from crm.core.asked import Asked
from crm.core.listed import listed
from crm.core.pages import domain_errors, place_of
from visits.filters import read_id

SEES = ("report_irregularities", "forward_irregularities", "view_cases", "answer_dispatches")
ENFORCEMENT, OPERATIONS = UnitType.ENFORCEMENT, UnitType.OPERATIONS


@require_GET
@ability(*SEES)
@listed("irregularities")
def irregularity_list(request: Asked) -> HttpResponse:
    """Every report in sight, newest first."""
    given = dict(given_of(request.GET, ("state", "kind")))
    state, kind = given.get("state", ""), given.get("kind", "")
    for name, value, known in (("state", state, IrregularityState), ("kind", kind, IrregularityKind)):
        if value and value not in known.values:
            raise unknown_value(name)
    rows = queries.irregularity_list(request.access, state=state, kind=kind, before=place_of(request))
    context = {
        "rows": rows[: queries.LIMIT],
        "more": rows[queries.LIMIT - 1].id if len(rows) > queries.LIMIT else None,
        "state": state,
        "kind": kind,
        "states": IrregularityState.choices,
        "kinds": IrregularityKind.choices,
        "can_report": request.access.can(deeds.REPORTS),
    }
    return render(request, "complaints/irregularity_list.html", context)


@require_http_methods(["GET", "POST"])
@ability(deeds.REPORTS)
def irregularity_new(request: Asked) -> HttpResponse:
    """Report what was found; from a visit's checklist or a customer's page it is begun already."""
    known = _prefill(request)
    initial = {
        "kind": "unlicensed",
        "customer": known.customer_id,
        "facts": known.facts,
        "place": known.place,
        "found_at": timezone.localtime(known.found_at or timezone.now()),
    }
    form = ReportForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with domain_errors(form):
            row = deeds.report_irregularity(**form.reported(), by=request.user, now=timezone.now())
            messages.success(request, _("Reported; your supervisor knows."), extra_tags="draft=irregularity")
            return redirect("complaints:irregularity_detail", row.pk)
    context = {"form": form, "customer_name": known.customer_name}
    return render(request, "complaints/irregularity_new.html", context, status=400 if form.errors else 200)


def _prefill(request: Asked) -> queries.Prefill:
    given = dict(given_of(request.GET, ("visit", "customer")))
    if "visit" in given:
        return queries.from_visit(request.access, read_id(given["visit"], "visit"))
    if "customer" in given:
        return queries.from_customer(request.access, read_id(given["customer"], "customer"))
    return queries.Prefill()


@require_GET
@ability(*SEES)
def irregularity_detail(request: Asked, pk: int) -> HttpResponse:
    """One report with its hops and the one that is next."""
    return _page(request, pk)


def _page(request: Asked, pk: int, form: forms.Form | None = None) -> HttpResponse:
    row = queries.irregularity_for(request.access, pk)
    hop = next_hop(row.state) if queries.may_forward(request.access, row) else ""
    context = {
        "row": row,
        "photos": queries.irregularity_photos(row),
        "hop": hop,
        "form": form if form is not None else _form(hop, {"version": row.version}) if hop else None,
    }
    return render(request, "complaints/irregularity_detail.html", context, status=400 if form is not None else 200)


def _form(hop: str, initial: dict[str, Any], data: Any = None) -> forms.Form:
    """The form of a hop."""
    if hop in ("forward", "copy"):
        units = queries.units_of_type(ENFORCEMENT if hop == "forward" else OPERATIONS)
        return UnitForm(data, units=units, initial=initial)
    return (ResultForm if hop == "result" else CloseForm)(data, initial=initial)


def _do(request: Asked, pk: int, hop: str, deed: Callable[..., object], said: str, **renamed: str) -> HttpResponse:
    queries.irregularity_for(request.access, pk)
    form = _form(hop, {}, request.POST)
    if form.is_valid():
        values = {renamed.get(name, name): value for name, value in form.cleaned_data.items()}
        with domain_errors(form):
            deed(irregularity_id=pk, **values, by=request.user, now=timezone.now())
            messages.success(request, said)
            return redirect("complaints:irregularity_detail", pk)
    return _page(request, pk, form)


@require_POST
@ability(queries.FORWARDS)
def irregularity_forward(request: Asked, pk: int) -> HttpResponse:
    """To the enforcement department."""
    return _do(request, pk, "forward", deeds.forward_irregularity, _("Passed on."), unit="to_unit_id")


@require_POST
@ability(queries.FORWARDS)
def irregularity_result(request: Asked, pk: int) -> HttpResponse:
    """What came of it."""
    return _do(request, pk, "result", deeds.write_result, _("Result kept."))


@require_POST
@ability(queries.FORWARDS)
def irregularity_copy(request: Asked, pk: int) -> HttpResponse:
    """The result to the business operations department."""
    return _do(request, pk, "copy", deeds.copy_result, _("Passed on."), unit="copy_unit_id")


@require_POST
@ability(queries.FORWARDS)
def irregularity_close(request: Asked, pk: int) -> HttpResponse:
    """Closed, with result and copy."""
    return _do(request, pk, "close", deeds.close_irregularity, _("Settled and closed."))


@require_GET
@ability(*SEES)
def irregularity_photo(request: Asked, pk: int, file_id: int) -> FileResponse:
    """A photo of the report."""
    return attachments.stream(queries.irregularity_photo(request.access, pk, file_id).attachment, inline=True)

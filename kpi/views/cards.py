"""Cards: one's own, a manager's, a unit's, and the places of a month (KPI-1, KPI-2, KPI-12); the payroll file."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from crm.core.abilities import ability
from crm.core.addresses import given_of
from crm.core.asked import Asked
from crm.core.attachments import stream
from crm.core.pages import domain_errors
from kpi import card_pages
from kpi.actions import payroll
from kpi.forms.cards import PayrollForm
from kpi.queries import cards
from visits.filters import read_id
from visits.page_context import Month, month_of

SEES = cards.SEES


def _month(request: Asked, *also: str) -> tuple[Month, dict[str, str]]:
    given = dict(given_of(request.GET, ("month", *also)))
    return month_of(given.get("month", ""), timezone.localdate()), given


@require_GET
@ability(SEES)
def card_list(request: Asked) -> HttpResponse:
    """The places of the units and managers of a month; who leads nobody has his own card instead (KPI-12)."""
    month, given = _month(request, "unit")
    if not cards.may_lead(request.access):
        return redirect("kpi:card_mine")
    unit_id = read_id(given["unit"], "unit") if "unit" in given else None
    return render(request, "kpi/card_list.html", card_pages.places(request.access, month, unit_id))


@require_GET
@ability(SEES)
def card_mine(request: Asked) -> HttpResponse:
    """One's own card and place, and no peer's details (KPI-12)."""
    month, _given = _month(request)
    return render(request, "kpi/card.html", card_pages.own_card(request.access, month))


@require_GET
@ability(SEES)
def card_manager(request: Asked, pk: int) -> HttpResponse:
    """A manager's card, for himself and who leads him (KPI-2)."""
    month, _given = _month(request)
    return render(request, "kpi/card.html", card_pages.manager_card(request.access, pk, month))


@require_GET
@ability(SEES)
def card_unit(request: Asked, pk: int) -> HttpResponse:
    """A unit's card; the unit reads it only (KPI-1)."""
    month, _given = _month(request)
    return render(request, "kpi/card.html", card_pages.unit_card(request.access, pk, month))


@require_http_methods(["GET", "POST"])
@ability(payroll.MAY)
def payroll_export(request: Asked) -> HttpResponseBase:
    """ORG-22: the scores of a month for payroll: asks why, registers, then hands the file over."""
    months = cards.scored_months()
    form = PayrollForm(
        request.POST or None, months=[(first.isoformat(), _named(first, final)) for first, final in months]
    )
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            return stream(payroll.export_payroll(**form.cleaned_data, by=request.user, now=timezone.now()))
    context: dict[str, Any] = {"form": form, "months": months}
    return render(request, "kpi/payroll.html", context, status=400 if form.errors else 200)


def _named(first: Any, final: bool) -> str:
    words = _("month frozen") if final else _("preliminary")
    return f"{date_format(first, 'YEAR_MONTH_FORMAT')} · {words}"

"""The yearly competency review (ORG-26)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from crm.core.abilities import ability
from crm.core.addresses import given_of, unknown_value
from crm.core.asked import Asked
from crm.core.pages import domain_errors
from kpi.actions import competence
from kpi.forms.cards import CompetenceForm
from kpi.queries.competence import ITEMS, one_manager, reviewed_managers

MAY = competence.MAY


def _year(request: Asked) -> int:
    """This year, or the last one in the address."""
    this = timezone.localdate().year
    raw = dict(given_of(request.GET, ("year",))).get("year", str(this))
    if raw not in (str(this), str(this - 1)):
        raise unknown_value("year")
    return int(raw)


@require_GET
@ability(MAY)
def competence_list(request: Asked) -> HttpResponse:
    """The managers one leads with their review of the year."""
    year, this = _year(request), timezone.localdate().year
    rows = reviewed_managers(request.access.scope_for(MAY), year)
    done = sum(1 for row in rows if row.review)
    context = {"rows": rows, "year": year, "years": (this, this - 1), "done": done}
    return render(request, "kpi/competence_list.html", context)


@require_http_methods(["GET", "POST"])
@ability(MAY)
def competence_edit(request: Asked, pk: int) -> HttpResponse:
    """The seven items of one manager, from 1 to 5."""
    year = _year(request)
    found = one_manager(request.access.scope_for(MAY), pk, year)
    form = CompetenceForm(request.POST or None, initial=_initial(found.review))
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            words = {name: form.cleaned_data[name] for name in ("remark", "version")}
            competence.review_competence(
                staff_id=pk, year=year, levels=form.levels(), **words, by=request.user, now=timezone.now()
            )
            messages.success(request, _("Saved."))
            return redirect(f"{reverse('kpi:competence_list')}?year={year}")
    context = {"form": form, "found": found, "year": year, "items": [form[name] for name in ITEMS]}
    return render(request, "kpi/competence_edit.html", context, status=400 if form.errors else 200)


def _initial(review: Any) -> dict[str, Any]:
    if review is None:
        return {"version": 0}
    return {name: getattr(review, name) for name in (*ITEMS, "remark", "version")}

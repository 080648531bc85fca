"""Which line has which part of the work (settings of headquarters)."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.core.abilities import ability
from crm.core.addresses import given_of
from crm.core.asked import Asked
from crm.core.pages import domain_errors
from visits.actions import journal
from visits.filters import read_id
from visits.forms import SwitchForm, ticked_switches
from visits.journal_context import switches_context


@require_http_methods(["GET", "POST"])
@ability("configure")
def line_switches(request: Asked) -> HttpResponse:
    """Features × lines, for the whole house or one unit, from a coming day on."""
    today = timezone.localdate()
    given = dict(given_of(request.GET, ("unit",)))
    unit_id = read_id(given["unit"], "unit") if "unit" in given else None
    form = SwitchForm(request.POST or None, initial={"effective_from": today + timedelta(days=1)})
    if form.is_bound and form.is_valid() and _save(request, form, unit_id):
        return HttpResponseRedirect(f"{reverse('visits:line_switches')}?{urlencode(given)}".rstrip("?"))
    context = switches_context(request.access, unit_id, today) | {"form": form}
    return render(request, "visits/line_switches.html", context, status=400 if form.errors else 200)


def _save(request: Asked, form: SwitchForm, unit_id: int | None) -> bool:
    """Whether the switches were written."""
    with domain_errors(form):
        changed = journal.set_switches(
            cells=ticked_switches(request.POST),
            unit_id=unit_id,
            effective_from=form.cleaned_data["effective_from"],
            by=request.user,
            now=timezone.now(),
        )
        messages.success(request, _("Saved.") if changed else _("Nothing has changed."))
    return not form.errors

"""The cascade of quotas: a unit month by month, and setting what is one level below (SAL-5)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from crm.core.abilities import ability
from crm.core.addresses import given_of
from crm.core.asked import Asked
from crm.core.pages import domain_errors
from sales.actions import give_on
from sales.addresses import SEES, SETS, own_page
from sales.forms import QuotaForm
from sales.quota_context import quota_context, setting_of

KNOWN = ("unit", "month", "what")


@require_GET
@ability(SEES)
def quota_list(request: Asked) -> HttpResponse:
    """A unit, the units and managers below it, month by month; who sees only himself goes to his own page."""
    scope, today = request.access.scope_for(SEES), timezone.localdate()
    given = dict(given_of(request.GET, KNOWN))
    if not scope.everything and not scope.unit_ids:
        return redirect(own_page(given, today))
    return render(request, "sales/quota_list.html", quota_context(request, given, today))


@require_http_methods(["GET", "POST"])
@ability(SETS)
def quota_set(request: Asked) -> HttpResponse:
    """Give on what a unit was given: a number for each unit and manager one level below."""
    now = timezone.now()
    setting = setting_of(request.access, dict(given_of(request.GET, KNOWN)), timezone.localdate(now))
    form = QuotaForm(request.POST or None, lines=setting.fields)
    if request.method == "POST" and form.is_valid():
        with domain_errors(form):
            count = give_on(**setting.about, targets=form.targets(), by=request.user, now=now)
            messages.success(request, ngettext("%(n)d quota set.", "%(n)d quotas set.", count) % {"n": count})
            return redirect(setting.url)
    context = {"form": form, "setting": setting, "rows": setting.rows(form)}
    return render(request, "sales/quota_set.html", context, status=400 if form.errors else 200)

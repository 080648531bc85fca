"""The register of test calls (CON-12, KPI-26)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.errors import NotAllowed
from crm.core.pages import domain_errors
from visits import actions
from visits.forms import CallTestForm
from visits.truth_context import call_test_context


@require_http_methods(["GET", "POST"])
@ability("call_back_customers", "view_team")
def call_test_list(request: Asked) -> HttpResponse:
    """Tests of a month with F12 by person; whoever tests writes them down here."""
    form = CallTestForm(request.POST if request.method == "POST" else None)
    if form.is_bound and not request.access.can("call_back_customers"):
        raise NotAllowed
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            actions.record_call_test(**form.cleaned_data, by=request.user, now=timezone.now())
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("visits:call_test_list"))
    context = call_test_context(request, form, timezone.localdate())
    return render(request, "visits/call_test_list.html", context, status=400 if form.is_bound else 200)

"""What counts: channel × direction × who, from a day on (settings of headquarters, decisions 7)."""

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
from crm.core.pages import domain_errors
from visits import actions, queries
from visits.forms import CountingForm, ticked_cells
from visits.page_context import counting_context, first_of_next_month


@require_http_methods(["GET", "POST"])
@ability("configure")
def what_counts(request: Asked) -> HttpResponse:
    """The matrix; "preview" shows what the ticks would have changed, "save" lets them hold from a day on."""
    today = timezone.localdate()
    form = CountingForm(request.POST or None, initial={"effective_from": first_of_next_month(today)})
    if form.is_bound and form.is_valid() and "save" in request.POST and _save(request, form):
        return HttpResponseRedirect(reverse("visits:what_counts"))
    wanted = ticked_cells(request.POST) if form.is_bound else None
    on = form.cleaned_data.get("effective_from", today) if form.is_bound else today
    page = queries.counting_page(today, on=on, wanted=wanted)
    context = counting_context(page) | {"form": form}
    return render(request, "visits/what_counts.html", context, status=400 if form.errors else 200)


def _save(request: Asked, form: CountingForm) -> bool:
    """Whether the ticks were written."""
    with domain_errors(form):
        changed = actions.set_counting(
            cells=ticked_cells(request.POST),
            effective_from=form.cleaned_data["effective_from"],
            by=request.user,
            now=timezone.now(),
        )
        messages.success(request, _("Saved.") if changed else _("Nothing has changed."))
    return not form.errors

"""The supervisor's review (PLAN-4): the queue, one piece of work with next and previous, the rest together."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core.abilities import ability
from crm.core.addresses import given_of
from crm.core.asked import Asked
from crm.core.pages import domain_errors, own_path
from visits.actions import journal
from visits.filters import read_id
from visits.forms import ReviewForm, chosen_work
from visits.journal_context import review_context, review_list_context


@require_GET
@ability("review_work")
def review_list(request: Asked) -> HttpResponse:
    """What waits: exceptions, the drawn sample, the rest."""
    given = dict(given_of(request.GET, ("staff",)))
    staff_id = read_id(given["staff"], "staff") if "staff" in given else None
    return render(request, "visits/review_list.html", review_list_context(request, staff_id))


@require_http_methods(["GET", "POST"])
@ability("review_work")
def review_item(request: Asked, kind: str, pk: int) -> HttpResponse:
    """Read it, approve or return it; then the next one."""
    form = ReviewForm(request.POST or None)
    context = review_context(request, kind, pk)
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            journal.review_work(kind=kind, number=pk, **form.cleaned_data, by=request.user, now=timezone.now())
            messages.success(request, _("Reviewed."), extra_tags=f"draft=review:{kind}-{pk}")
            return HttpResponseRedirect(own_path(request.POST.get("next"), context["next_url"]))
    return render(request, "visits/review_item.html", context | {"form": form}, status=400 if form.is_bound else 200)


@require_POST
@ability("review_work")
def review_rest(request: Asked) -> HttpResponse:
    """The rest in one go."""
    count = journal.review_rest(chosen=chosen_work(request.POST), by=request.user, now=timezone.now())
    text = ngettext("%(n)d piece of work reviewed.", "%(n)d pieces of work reviewed.", count) % {"n": count}
    messages.success(request, text)
    return HttpResponseRedirect(reverse("visits:review_list"))

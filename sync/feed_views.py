"""Pages of what comes in: the sync log of a client, and the feeds that are expected (CUS-10, sync-api)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.queries.feeds import expectations
from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.pages import domain_errors
from sync.actions.feeds import drop_expectation, expect_feed
from sync.entries import entries_of, kinds_of
from sync.feed_forms import FeedForm
from sync.kinds import label_of
from sync.models import Client

MAY = "manage_clients"


@require_GET
@ability(MAY)
def client_entries(request: Asked, pk: int) -> HttpResponse:
    """What a client brought: by kind with the days of silence, and call by call."""
    client = get_object_or_404(Client.visible_to(request.access.scope_for(MAY)), pk=pk)
    page = entries_of(client, request.GET.get("cursor", ""))
    context = {"client": client, "kinds": kinds_of(client, timezone.localdate()), "page": page}
    return render(request, "sync/client_entries.html", context)


@require_http_methods(["GET", "POST"])
@ability(MAY)
def feed_list(request: Asked) -> HttpResponse:
    """Every feed that is expected, and the form for another."""
    form = FeedForm(request.POST or None)
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            expect_feed(**form.cleaned_data, by=request.user, now=timezone.now())
            messages.success(request, _("Saved."))
            return redirect("sync:feed_list")
    rows = [(row, label_of(row.kind)) for row in expectations()]
    return render(request, "sync/feed_list.html", {"form": form, "rows": rows}, status=400 if form.errors else 200)


@require_POST
@ability(MAY)
def feed_drop(request: Asked, pk: int) -> HttpResponse:
    """Expect it no longer."""
    drop_expectation(pk=pk, by=request.user)
    messages.success(request, _("It is no longer expected."))
    return redirect("sync:feed_list")

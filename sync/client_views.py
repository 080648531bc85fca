"""Pages of API clients and their tokens (sync-api "Sign-in"); settings of headquarters."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.listed import listed
from crm.core.pages import domain_errors
from sync import actions, queries
from sync.client_forms import MAY, ClientForm, LimitsForm, TokenForm
from sync.models import Client, Token


@require_http_methods(["GET", "POST"])
@ability(MAY)
@listed("clients")
def client_list(request: Asked) -> HttpResponse:
    """All clients, and the form for a new one."""
    scope = request.access.scope_for(MAY)
    form = ClientForm(request.POST or None, scope=scope)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        with domain_errors(form):
            client = actions.create_client(
                name=data["name"], unit_id=data["unit"], source=data["source"], by=request.user, now=timezone.now()
            )
            messages.success(request, _("Saved."))
            return redirect("sync:client_detail", client.pk)
    context = {"form": form, "clients": queries.clients(scope), "now": timezone.now()}
    return render(request, "sync/client_list.html", context, status=400 if form.errors else 200)


def _detail(client: Client, now: datetime, form: TokenForm | None = None) -> dict[str, Any]:
    limits = {"requests_per_minute": client.requests_per_minute, "rows_per_call": client.rows_per_call}
    return {
        "client": client, "form": form or TokenForm(), "limits": LimitsForm(initial=limits), "now": now,
        "soon": now + timedelta(days=14),
    }  # fmt: skip


@require_http_methods(["GET", "POST"])
@ability(MAY)
def client_detail(request: Asked, pk: int) -> HttpResponse:
    """One client with its tokens; a new token is shown once, on the page that answers the POST."""
    client = get_object_or_404(queries.clients(request.access.scope_for(MAY)), pk=pk)
    form = TokenForm(request.POST or None)
    issued = None
    if request.method == "POST" and form.is_valid():
        with domain_errors(form):
            issued = actions.issue_token(client=client, **form.cleaned_data, by=request.user, now=timezone.now())
    context = _detail(client, timezone.now(), None if issued else form) | {"issued": issued}
    if issued:
        context["client"] = queries.clients(request.access.scope_for(MAY)).get(pk=pk)
    return render(request, "sync/client_detail.html", context, status=400 if form.errors else 200)


@require_POST
@ability(MAY)
def token_revoke(request: Asked, pk: int) -> HttpResponse:
    """End one token."""
    token = get_object_or_404(Token.visible_to(request.access.scope_for(MAY)), pk=pk)
    actions.revoke_token(token=token, by=request.user, now=timezone.now())
    messages.success(request, _("The token is revoked."))
    return redirect("sync:client_detail", token.client_id)


@require_POST
@ability(MAY)
def token_rotate(request: Asked, pk: int) -> HttpResponse:
    """A new token in the place of one, shown once; the old one ends in a week."""
    token = get_object_or_404(Token.visible_to(request.access.scope_for(MAY)), pk=pk)
    now = timezone.now()
    issued = actions.rotate_token(token=token, by=request.user, now=now)
    client = queries.clients(request.access.scope_for(MAY)).get(pk=token.client_id)
    return render(request, "sync/client_detail.html", _detail(client, now) | {"issued": issued, "is_rotated": True})


@require_POST
@ability(MAY)
def client_limits(request: Asked, pk: int) -> HttpResponse:
    """How much a client may ask for."""
    client = get_object_or_404(queries.clients(request.access.scope_for(MAY)), pk=pk)
    form = LimitsForm(request.POST)
    if form.is_valid():
        with domain_errors(form):
            actions.set_limits(client=client, **form.cleaned_data, by=request.user)
            messages.success(request, _("Saved."))
            return redirect("sync:client_detail", pk)
    context = _detail(client, timezone.now()) | {"limits": form}
    return render(request, "sync/client_detail.html", context, status=400)


@require_POST
@ability(MAY)
def client_deactivate(request: Asked, pk: int) -> HttpResponse:
    """Close a client with all its tokens."""
    client = get_object_or_404(Client.visible_to(request.access.scope_for(MAY)), pk=pk)
    actions.deactivate_client(client=client, by=request.user, now=timezone.now())
    messages.success(request, _("The client is closed."))
    return redirect("sync:client_list")

"""Pages of webhooks: where clients are told, each delivery with its answer, and the deeds (sync-api)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.pages import domain_errors, place_of, valid
from sync import webhook_pages as pages
from sync.actions import webhooks as actions
from sync.webhook_forms import DeedForm, WebhookEditForm, WebhookForm
from sync.webhooks import queries

MAY = "manage_webhooks"


@require_http_methods(["GET", "POST"])
@ability(MAY)
def webhook_list(request: Asked) -> HttpResponse:
    """All webhooks, and the form for a new one; its secret is shown once, on the page that answers the POST."""
    scope = request.access.scope_for(MAY)
    form = WebhookForm(request.POST or None, scope=scope)
    made = None
    if request.method == "POST" and form.is_valid():
        with domain_errors(form):
            client = queries.client_to_call(scope, form.cleaned_data["client"])
            given = {key: form.cleaned_data[key] for key in ("url", "types", "note")}
            made = actions.create_webhook(client=client, **given, by=request.user, now=timezone.now())
    if made is not None:
        context = pages.detail(scope, made.webhook.pk) | {"secret": made.secret}
        return render(request, "sync/webhook_detail.html", context)
    context = {"form": form, "webhooks": list(queries.webhook_list(scope)), "is_open": form.is_bound}
    return render(request, "sync/webhook_list.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@ability(MAY)
def webhook_detail(request: Asked, pk: int) -> HttpResponse:
    """One webhook: how it is, what was sent and what came back."""
    scope = request.access.scope_for(MAY)
    found = queries.webhook(scope, pk)
    form = WebhookEditForm(request.POST or None, initial={"url": found.url, "types": found.types, "note": found.note})
    if request.method == "POST" and form.is_valid():
        with domain_errors(form):
            actions.edit_webhook(webhook=found, **form.cleaned_data, by=request.user, now=timezone.now())
            messages.success(request, _("Saved."))
            return redirect("sync:webhook_detail", pk)
    context = pages.detail(scope, pk, request.GET, place_of(request)) | {"form": form}
    return render(request, "sync/webhook_detail.html", context, status=400 if form.errors else 200)


@require_POST
@ability(MAY)
def webhook_deed(request: Asked, pk: int) -> HttpResponse:
    """Try out, pause, go on, change the secret, send again since a moment, take away."""
    scope = request.access.scope_for(MAY)
    data = valid(DeedForm(request.POST))
    done = pages.do(data["deed"], queries.webhook(scope, pk), since=data["since"], by=request.user, now=timezone.now())
    if done.secret:
        context = pages.detail(scope, pk) | {"secret": done.secret}
        return render(request, "sync/webhook_detail.html", context)
    messages.success(request, done.text)
    return redirect("sync:webhook_list") if done.is_gone else redirect("sync:webhook_detail", pk)


@require_POST
@ability(MAY)
def webhook_again(request: Asked, pk: int) -> HttpResponse:
    """Send one message again."""
    message = queries.message(request.access.scope_for(MAY), pk)
    actions.replay(message=message, by=request.user, now=timezone.now())
    messages.success(request, _("It is sent within seconds."))
    return redirect("sync:webhook_detail", message.webhook_id)

"""One's own choice of channels; the outbox of the house (PLT-6)."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core import delivery, delivery_pages
from crm.core.abilities import ability, signed_in
from crm.core.asked import Asked
from crm.core.forms import NoticeChoiceForm
from crm.core.pages import domain_errors, place_of


@require_http_methods(["GET", "POST"])
@signed_in
def notice_choices(request: Asked) -> HttpResponse:
    """How I want to be told."""
    initial = delivery_pages.choice_initial(request.user.pk)
    form = NoticeChoiceForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            delivery.choose_channels(**form.cleaned_data, by=request.user)
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("core:notice_choices"))
    context = {"form": form, "addresses": delivery_pages.shown_addresses(request.user.pk)}
    return render(request, "core/notice_choices.html", context, status=400 if form.is_bound else 200)


@require_GET
@ability("view_runs")
def outbox_list(request: Asked) -> HttpResponse:
    """What was sent, what was not, and in the demo what would have been (decisions 30)."""
    state = delivery_pages.read_state(request.GET)
    rows, following = delivery_pages.outbox(state=state, before=place_of(request))
    context = delivery_pages.outbox_context(request.GET, rows, following, state)
    return render(request, "core/outbox_list.html", context | {"is_demo": settings.DEMO})


@require_POST
@ability("configure")
def outbox_again(request: Asked, pk: int) -> HttpResponse:
    """A person decides that a message goes out again."""
    delivery.send_again(delivery_id=pk, by=request.user, now=timezone.now())
    messages.success(request, _("It is sent within a minute."))
    return HttpResponseRedirect(reverse("core:outbox_list"))

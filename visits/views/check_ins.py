"""Signing an on-site visit: the manager's tap, the customer's finger, a one-time link (CON-23, CON-24)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from crm.core import attachments
from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.errors import FieldProblem, Invalid
from crm.core.pages import came_from
from crm.core.qr import qr_svg
from visits.actions import journal
from visits.forms import DrawnForm
from visits.queries.journal import check_ins as queries


@require_POST
@ability("sign_visits")
def check_in_sign(request: Asked, pk: int) -> HttpResponse:
    """The manager signs the line he wrote, in one tap."""
    journal.sign_visit(visit_id=pk, seen=request.POST.get("seen", ""), by=request.user, now=timezone.now())
    messages.success(request, _("Signed."))
    return HttpResponseRedirect(came_from(request, reverse("visits:visit_detail", args=[pk])))


@require_POST
@ability("sign_visits")
def check_in_customer(request: Asked, pk: int) -> HttpResponse:
    """The customer has signed on this screen."""
    form = DrawnForm(request.POST)
    if not form.is_valid():
        raise Invalid(errors=[FieldProblem(name, "invalid", str(text)) for name, text in _problems(form)])
    journal.take_signature(visit_id=pk, **form.cleaned_data, by=request.user, now=timezone.now())
    messages.success(request, _("Signed by the customer."))
    return HttpResponseRedirect(came_from(request, reverse("visits:visit_detail", args=[pk])))


def _problems(form: DrawnForm) -> list[tuple[str, Any]]:
    return [(name, text) for name, texts in form.errors.items() for text in texts]


@require_POST
@ability("sign_visits")
def check_in_link(request: Asked, pk: int) -> HttpResponse:
    """A link for the customer's own phone, with its QR code; shown once, for only its digest is kept."""
    link = journal.ask_by_link(visit_id=pk, by=request.user, now=timezone.now())
    url = f"{settings.BASE_URL}{reverse('core:sign_link', args=[link.token])}"
    context = {"url": url, "qr": qr_svg(url), "link": link, "back": reverse("visits:visit_detail", args=[pk])}
    return render(request, "visits/check_in_link.html", context)


@require_GET
@ability("view_customers")
def signature_image(request: Asked, pk: int) -> FileResponse:
    """The customer's drawn signature, for whoever may see the visit."""
    return attachments.stream(queries.customer_drawing(request.access.scope, pk), inline=True)

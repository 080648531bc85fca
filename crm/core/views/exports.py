"""Exports: order a list as a file, the register, approve, fetch (SEC-1)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core import attachments, exports
from crm.core.abilities import ability, signed_in
from crm.core.asked import Asked
from crm.core.exports.page import detail_context, list_context, new_context, read_order
from crm.core.exports.register import APPROVES
from crm.core.forms import GrantForm
from crm.core.listed import listed
from crm.core.pages import came_from, domain_errors, valid


@require_http_methods(["GET", "POST"])
@signed_in
def export_new(request: Asked) -> HttpResponse:
    """The list of the address as a file: which columns, as what, why; unmasked it waits for approval."""
    now = timezone.now()
    kind, query, form = read_order(request)
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            order = exports.order_export(list_key=kind.key, query=query, **form.cleaned_data, by=request.user, now=now)
            return redirect("core:export_detail", order.pk)
    context: dict[str, Any] = new_context(request, kind, query, form, now=now)
    return render(request, "core/export_new.html", context, status=400 if form.is_bound else 200)


@require_GET
@signed_in
@listed("exports")
def export_list(request: Asked) -> HttpResponse:
    """The register: one's own exports, and for auditors and approvers those of their people."""
    return render(request, "core/export_list.html", list_context(request, now=timezone.now()))


@require_GET
@signed_in
def export_detail(request: Asked, pk: int) -> HttpResponse:
    """One export: on its way, ready to be fetched, or why not."""
    context = detail_context(request, exports.order_for(request.access, pk), now=timezone.now())
    return render(request, "core/export_detail.html#state" if request.htmx else "core/export_detail.html", context)


@require_POST
@ability(APPROVES)
def export_decide(request: Asked, pk: int) -> HttpResponse:
    """Approve or refuse unmasked data; one's own is refused with 403 (SEC-24)."""
    decided = valid(GrantForm(request.POST))
    is_granted = decided["grant"] == "yes"
    exports.decide_export(order_id=pk, grant=is_granted, remark=decided["remark"], by=request.user, now=timezone.now())
    messages.success(request, _("Approved.") if is_granted else _("Refused."))
    return HttpResponseRedirect(came_from(request, reverse("core:export_detail", args=[pk])))


@require_GET
@signed_in
def export_file(request: Asked, pk: int) -> HttpResponseBase:
    """The file, for who ordered it; 410 after a day; each download is logged."""
    return attachments.stream(exports.fetch_export(order_id=pk, by=request.user, now=timezone.now()))

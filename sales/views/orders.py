"""Orders: the list behind every number of sales, and a manager's own page (SAL-3, SAL-7)."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from crm.core.abilities import ability
from crm.core.addresses import given_of
from crm.core.asked import Asked
from crm.core.listed import listed
from sales.addresses import SEES, quotas_url
from sales.order_context import order_context
from sales.own_context import own_context, whose


@require_GET
@ability(SEES, "view_sales")
def home(request: Asked) -> HttpResponse:
    """A manager's quotas and sales of a month; who has none sees those of his units, or what customers owe."""
    given = dict(given_of(request.GET, ("staff", "month", "what")))
    if not request.access.can(SEES):
        return redirect("sales:arrears_list")
    staff_id = whose(request.access, given.get("staff", ""))
    if staff_id is None:
        return redirect(quotas_url())
    return render(request, "sales/home.html", own_context(request.access, staff_id, given, timezone.localdate()))


@require_GET
@vary_on_headers("HX-Request")
@ability(SEES)
@listed("orders")
def order_list(request: Asked) -> HttpResponse:
    """Orders in sight, newest first, with their sum."""
    context = order_context(request, timezone.localdate())
    part = "#more" if request.htmx and request.GET.get("cursor") else ""
    return render(request, f"sales/order_list.html{part}", context)

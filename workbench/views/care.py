"""What a customer enjoys, what he is worth and what holds him: a tab of his page, and facts of its head."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from crm.core.abilities import ability
from crm.core.asked import Asked
from workbench.queries.customer_care import care_of


@ability("view_customers")
@require_GET
def customer_care(request: Asked, pk: int) -> HttpResponse:
    """The tab; `?part=head` the facts for the head, asked for when the page stands; by its address a page."""
    care = care_of(request.access, pk, today=timezone.localdate())
    part = "#head" if request.GET.get("part") == "head" else "#part" if request.htmx else ""
    return render(request, f"workbench/customer_care.html{part}", {"care": care, "customer": care.customer})

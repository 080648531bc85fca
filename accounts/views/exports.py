"""The old address of the customer export: it leads to the one door of exports (SEC-1)."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_GET

from crm.core.abilities import ability
from crm.core.asked import Asked


@require_GET
@ability("view_customers")
def customer_export(request: Asked) -> HttpResponse:
    """The list of customers with the filters of the address, as a file."""
    asked = QueryDict("list=customers", mutable=True)
    for name in request.GET:
        if name != "list":
            asked[name] = request.GET.get(name, "")
    return HttpResponseRedirect(f"{reverse('core:export_new')}?{asked.urlencode()}")

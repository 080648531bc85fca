"""A file of the archive for its customer (SEC-2)."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accounts.queries.customers import customer_for, file_for
from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.views.sharing import share_page


@require_http_methods(["GET", "POST"])
@ability("edit_customers")
def file_share(request: Asked, pk: int) -> HttpResponse:
    """Mark it as one that may be shared, or make a link; an internal one is refused with the reason."""
    found = file_for(request.access.scope_for("edit_customers"), pk)
    customer = customer_for(request.access.scope, found.customer_id)
    back = reverse("workbench:customer", args=[customer.pk]) + "?tab=files"
    return share_page(request, found.attachment, back=back, may_classify=True, customer_id=customer.pk)

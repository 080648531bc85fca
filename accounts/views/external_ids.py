"""A customer's ids in other systems, on the page that edits his profile (sync-api)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts import actions, queries
from accounts.forms.customer import initial_of
from accounts.forms.external_ids import ExternalIdForm
from accounts.forms.records import CustomerForm
from accounts.queries.external_ids import external_ids, holder_of, known_sources
from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.errors import Conflict
from crm.core.pages import domain_errors


@require_POST
@ability("edit_customers")
def external_id_save(request: Asked, pk: int) -> HttpResponse:
    """Set, change or take away the id of one source; the id of another customer is refused with his name (409)."""
    customer = queries.customer_for(request.access.scope, pk)
    form, status = ExternalIdForm(request.POST), 400
    if form.is_valid():
        try:
            if _save(request, pk, form):
                return redirect(reverse("accounts:customer_edit", args=[pk]) + "#external-ids")
        except Conflict as conflict:
            form.add_error("external_id", conflict.text)
            status = 409
    context: dict[str, Any] = {"form": CustomerForm(customer.kind, initial=initial_of(customer)), "customer": customer}
    ids = id_context(pk)
    is_new = form["source"].value() not in {row.source for row in ids["external_ids"]}
    holder = _holder(request, form) if status == 409 else None
    context |= ids | {"id_form": form, "holder": holder, "is_new_id": is_new}
    return render(request, "accounts/customer_edit.html", context, status=status)


def id_context(pk: int) -> dict[str, Any]:
    """What the part of the ids shows."""
    return {"external_ids": external_ids(pk), "sources": known_sources()}


def _save(request: Asked, pk: int, form: ExternalIdForm) -> bool:
    """Whether it was written; what was refused stands beside its field."""
    given: dict[str, Any] = form.cleaned_data
    who: dict[str, Any] = {"by": request.user, "now": timezone.now()}
    with domain_errors(form):
        if "remove" in request.POST:
            actions.remove_external_id(customer_id=pk, source=given["source"], **who)
            messages.success(request, _("The external id is taken away."))
        else:
            actions.set_external_id(customer_id=pk, **who, **given)
            messages.success(request, _("Saved."))
    return not form.errors


def _holder(request: Asked, form: ExternalIdForm) -> Any:
    """Who has the id that was typed, if the reader may see him."""
    return holder_of(request.access.scope, form.data["source"].strip(), form.data["external_id"].strip())

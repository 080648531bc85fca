"""Settings of headquarters: which source owns which field of customers (sync-api "who owns a field")."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.actions.owners import MAY, own_field
from accounts.forms.owners import OwnerForm
from accounts.queries.learned import field_owners, sources_to_own
from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.pages import domain_errors


@require_http_methods(["GET", "POST"])
@ability(MAY)
def field_owner_list(request: Asked) -> HttpResponse:
    """Every field with its owner; each is changed by itself."""
    form = OwnerForm(request.POST or None)
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            own_field(**form.cleaned_data, by=request.user, now=timezone.now())
            messages.success(request, _("Saved."))
            return redirect("accounts:field_owner_list")
    context = {"form": form, "fields": field_owners(), "sources": sources_to_own()}
    return render(request, "accounts/field_owner_list.html", context, status=400 if form.errors else 200)

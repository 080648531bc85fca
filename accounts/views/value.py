"""What customers are worth: the list of whose value is to be judged, and one customer (CUS-16)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import queries
from accounts.actions.value import assess_value
from accounts.forms.value import ValueForm
from accounts.value_context import value_context, value_list_context
from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.errors import NotAllowed
from crm.core.listed import listed
from crm.core.pages import domain_errors


@require_GET
@ability("view_customers")
@listed("values")
def customer_value_list(request: Asked) -> HttpResponse:
    """Whose value is to be judged now, those who bring most first."""
    context = value_list_context(request, today=timezone.localdate())
    part = "#rows" if request.htmx and request.htmx.target == "value-list" else ""
    return render(request, f"accounts/customer_value_list.html{part}", context)


@require_http_methods(["GET", "POST"])
@ability("view_customers")
def customer_value(request: Asked, pk: int) -> HttpResponse:
    """The assessments of one customer; who may judges him anew."""
    customer = queries.customer_for(request.access.scope, pk)
    context = value_context(request, customer, today=timezone.localdate())
    form = ValueForm(request.POST or None, initial=context["initial"])
    if request.method == "POST":
        if not context["can_assess"]:
            raise NotAllowed
        with domain_errors(form):
            if form.is_valid():
                assess_value(customer_id=pk, **form.cleaned_data, by=request.user, now=timezone.now())
                messages.success(request, _("Saved."), extra_tags=f"draft=value:{pk}")
                return redirect("accounts:customer_value", pk)
    status = 400 if form.errors else 200
    return render(request, "accounts/customer_value.html", context | {"form": form}, status=status)

"""A customer's lines and what happened to them; somebody notes that he wants to leave (RET-3, RET-9)."""

from __future__ import annotations

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts import queries
from accounts.actions.leaving import NOTES, record_signal
from accounts.forms.lines import SignalForm
from accounts.line_context import lines_context
from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.pages import domain_errors


@require_GET
@ability("view_customers")
def customer_lines(request: Asked, pk: int) -> HttpResponse:
    """The tab of the customer page; asked for by its address it is a page of its own."""
    context = lines_context(request, pk, today=timezone.localdate())
    template = "accounts/customer_lines.html#part" if request.htmx else "accounts/customer_lines.html"
    return render(request, template, context)


@require_http_methods(["GET", "POST"])
@ability(NOTES)
def signal_new(request: Asked, pk: int) -> HttpResponse:
    """The customer asked to leave: noted in one step, an alert opens within a minute."""
    customer = queries.customer_for(request.access.scope_for(NOTES), pk)
    form = SignalForm(request.POST or None, initial={"key": uuid4()})
    if form.is_bound and form.is_valid():
        given, now = form.cleaned_data, timezone.now()
        with domain_errors(form):
            record_signal(
                customer_id=pk, kind=given["kind"], text=given["text"], external_id=str(given["key"]), happened_at=now,
                by=request.user, now=now,
            )  # fmt: skip
            messages.success(request, _("Noted. An alert opens within a minute."), extra_tags=f"draft=signal:{pk}")
            return redirect("workbench:customer", pk)
    context = {"form": form, "customer": customer}
    return render(request, "accounts/signal_new.html", context, status=400 if form.errors else 200)

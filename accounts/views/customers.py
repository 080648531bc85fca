"""Pages that change a customer's profile (CUS-6…9, CUS-31)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import actions, queries
from accounts.choices import CustomerKind
from accounts.forms.customer import DecideForm, initial_of
from accounts.forms.records import CustomerForm, NewCustomerForm
from accounts.queries.merges import twins_of
from accounts.views.external_ids import id_context
from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.errors import Conflict
from crm.core.pages import came_from, domain_errors


@require_http_methods(["GET", "POST"])
@ability("edit_customers")
def customer_new(request: Asked) -> HttpResponse:
    """A new customer with the least one must say; the rest is learned by and by (CUS-9)."""
    form, twins = NewCustomerForm(request.POST or None), []
    if form.is_bound and form.is_valid() and not request.POST.get("is_another"):
        twins = list(twins_of(request.access.scope, form.cleaned_data))
    if form.is_bound and form.is_valid() and not twins:
        with domain_errors(form):
            values = {name: value for name, value in form.cleaned_data.items() if value}
            done = actions.create_customer(values=values, by=request.user, now=timezone.now())
            messages.success(request, _("Saved."))
            return redirect("workbench:customer", done.customer.pk)
    status = 400 if form.errors else 409 if twins else 200
    return render(request, "accounts/customer_new.html", {"form": form, "twins": twins}, status=status)


@require_http_methods(["GET", "POST"])
@ability("edit_customers")
def customer_edit(request: Asked, pk: int) -> HttpResponse:
    """Basic data and preferences; two who save the same form see both values (409), nothing is lost."""
    customer = queries.customer_for(request.access.scope, pk)
    form = CustomerForm(customer.kind, request.POST or None, initial=initial_of(customer))
    context: dict[str, Any] = {"form": form, "customer": customer} | id_context(pk)
    status = 200
    if form.is_bound and form.is_valid():
        try:
            if _save(request, pk, form):
                return redirect("workbench:customer", pk)
        except Conflict as conflict:
            context |= _conflict(form, conflict)
            status = 409
    if form.errors:
        status = 400
    return render(request, "accounts/customer_edit.html", context, status=status)


def _save(request: Asked, pk: int, form: CustomerForm) -> bool:
    with domain_errors(form):
        done = actions.update_customer(
            customer_id=pk,
            changes=form.values(),
            version=form.cleaned_data["version"],
            by=request.user,
            now=timezone.now(),
        )
        text = _("Nothing was changed.") if done.status == "unchanged" else _("Saved.")
        messages.success(request, text, extra_tags=f"draft=customer:{pk}")
    return not form.errors


def _conflict(form: CustomerForm, conflict: Conflict) -> dict[str, Any]:
    """Both values side by side; the next save is meant for what is shown now."""
    return {
        "conflict_rows": form.accept(conflict.current),
        "changed_by": conflict.current.get("changed_by", ""),
        "changed_at": conflict.current.get("changed_at"),
    }


@require_http_methods(["GET", "POST"])
@ability("decide_tiers", "edit_customers", "flag_important")
def customer_decide(request: Asked, pk: int) -> HttpResponse:
    """Tier, state and the mark "important": each its own deed with a reason (CUS-2, 4, 5, 31)."""
    customer = queries.customer_for(request.access.scope, pk)
    form = DecideForm(customer, request.access, request.POST or None)
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            _carry_out(request, pk, **form.values())
            messages.success(request, _("Saved."))
            return redirect("workbench:customer", pk)
    context = {"form": form, "customer": customer}
    return render(request, "accounts/customer_decide.html", context, status=400 if form.errors else 200)


def _carry_out(request: Asked, pk: int, *, deed: str, tier: int | None, state: str, reason: str) -> None:
    """The one action behind the chosen deed."""
    common: dict[str, Any] = {"customer_id": pk, "reason": reason, "by": request.user, "now": timezone.now()}
    if deed == "tier":
        actions.change_tier(to_tier_id=tier, **common)
    elif deed == "upgrade":
        actions.change_kind(kind=CustomerKind.VIP, tier_id=tier, **common)
    elif deed == "propose":
        actions.propose_tier(to_tier_id=tier, **common)
    elif deed == "state":
        actions.change_state(state=state, **common)
    else:
        actions.mark_important(important=deed == "mark", **common)


@require_POST
@ability("edit_customers")
def judge_strength(request: Asked, pk: int) -> HttpResponse:
    """The relation in the manager's own judgement, 1 to 5 (CON-33)."""
    raw = request.POST.get("strength", "")
    strength = int(raw) if raw.isascii() and raw.isdigit() and len(raw) < 3 else 0
    actions.judge_strength(customer_id=pk, strength=strength, by=request.user, now=timezone.now())
    messages.success(request, _("Saved."))
    return redirect(came_from(request, reverse("workbench:customer", args=[pk])))

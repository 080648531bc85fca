"""The catalogue of policies (ENG-6)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.pages import domain_errors
from engagement.actions import keep_policy
from engagement.forms import PolicyForm
from engagement.page_context import SEES, catalogue_context
from engagement.queries.catalogue import policy_for

FIELDS = ("kind", "label_zh", "label_en", "benefits", "benefits_en", "cost", "starts_on", "ends_on", "is_active")


@require_GET
@ability(SEES)
def policy_list(request: Asked) -> HttpResponse:
    """What there is, for whom, and how many enjoy it."""
    context = catalogue_context(request.access, today=timezone.localdate())
    return render(request, "engagement/policy_list.html", context)


@require_http_methods(["GET", "POST"])
@ability("manage_policies")
def policy_new(request: Asked) -> HttpResponse:
    """Add a policy."""
    return _edit(request, None, {}, _("New policy"))


@require_http_methods(["GET", "POST"])
@ability("manage_policies")
def policy_edit(request: Asked, pk: int) -> HttpResponse:
    """Change a policy, or switch it off."""
    row = policy_for(pk)
    initial = {name: getattr(row, name) for name in FIELDS} | {"tiers": [tier.pk for tier in row.tiers.all()]}
    return _edit(request, pk, initial, row.label_zh)


def _edit(request: Asked, policy_id: int | None, initial: dict[str, Any], title: str) -> HttpResponse:
    form = PolicyForm(request.POST or None, initial=initial, is_new=policy_id is None)
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            keep_policy(policy_id=policy_id, **form.written(), by=request.user, now=timezone.now())
            messages.success(request, _("Saved."))
            return redirect("engagement:policy_list")
    return render(
        request, "engagement/policy_form.html", {"form": form, "title": title}, status=400 if form.errors else 200
    )

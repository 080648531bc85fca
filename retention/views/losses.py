"""Losses: the list, one of them with why, by competitor; the budget; customers won and lost."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.errors import NotAllowed
from crm.core.listed import listed
from crm.core.pages import domain_errors
from retention.actions import explain_loss
from retention.budget_context import base_context, budget_context
from retention.loss_context import by_competitor_context, competitor_labels, loss_form, loss_list_context
from retention.movement_context import movement_context, rows_context
from retention.queries.losses import SEES, loss_for, may_edit


@require_GET
@ability(SEES)
@listed("losses")
def loss_list(request: Asked) -> HttpResponse:
    """Who was lost, the latest first (RET-1, RET-14)."""
    context = loss_list_context(request, today=timezone.localdate())
    if request.htmx and request.htmx.target == "loss-list":
        return render(request, "retention/loss_list.html#losses", context)
    return render(request, "retention/loss_list.html", context)


@require_http_methods(["GET", "POST"])
@ability(SEES)
def loss_detail(request: Asked, pk: int) -> HttpResponse:
    """One loss; who had the customer, or leads the unit, says how, to whom and why."""
    row = loss_for(request.access, pk)
    can_edit = may_edit(request.access, row)
    form = loss_form(row, request.POST or None)
    if request.method == "POST":
        if not can_edit:
            raise NotAllowed
        with domain_errors(form):
            if form.is_valid():
                explain_loss(record_id=pk, **form.explained(), by=request.user, now=timezone.now())
                messages.success(request, _("Saved."), extra_tags=f"draft=loss:{pk}")
                return redirect("retention:loss_detail", pk)
    context = {
        "row": row,
        "form": form if can_edit else None,
        "competitor": competitor_labels().get(row.competitor_id, ""),
    }
    return render(request, "retention/loss_detail.html", context, status=400 if form.errors else 200)


@require_GET
@ability(SEES)
def by_competitor(request: Asked) -> HttpResponse:
    """RET-14: churn by unit and competitor."""
    return render(request, "retention/by_competitor.html", by_competitor_context(request, today=timezone.localdate()))


@require_GET
@ability(SEES)
def budget(request: Asked) -> HttpResponse:
    """离网余量: how many may still be lost (RET-1, RET-2)."""
    return render(request, "retention/budget.html", budget_context(request, now=timezone.now()))


@require_GET
@ability(SEES)
def base_list(request: Asked) -> HttpResponse:
    """The customers of 1 January behind a number of the budget (D9)."""
    return render(request, "retention/base_list.html", base_context(request, now=timezone.now()))


@require_GET
@ability(SEES)
def movement(request: Asked) -> HttpResponse:
    """RET-18: opening + won - lost = closing, by manager."""
    return render(request, "retention/movement.html", movement_context(request, now=timezone.now()))


@require_GET
@ability(SEES)
def movement_rows(request: Asked) -> HttpResponse:
    """The customers behind one number of it."""
    return render(request, "retention/movement_rows.html", rows_context(request, now=timezone.now()))

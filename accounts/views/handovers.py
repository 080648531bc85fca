"""Handover wizard: choose, look at what moves, do it, undo it for seven days (ORG-29)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts import actions
from accounts.forms import HandoverForm
from accounts.queries import portfolio
from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.pages import domain_errors

MAY = "assign_customers"


@require_http_methods(["GET", "POST"])
@ability(MAY)
def handover_new(request: Asked) -> HttpResponse:
    """The form; `step=preview` shows what would move; `step=do` moves it, if nothing has changed since."""
    today = timezone.localdate()
    scope = request.access.scope_for(MAY)
    given = request.POST or None
    initial = {"ids": ",".join(request.GET.getlist("ids")), "from_staff": request.GET.get("from", "")}
    form = HandoverForm(given, initial=initial, scope=scope, today=today)
    context: dict[str, Any] = {"form": form, "recent": portfolio.handovers(scope, 20)}
    if request.method == "POST" and form.is_valid() and request.POST.get("step") != "change":
        with domain_errors(form):
            return _step(request, form, context)
    return render(request, "accounts/handover_new.html", context, status=400 if form.errors else 200)


def _step(request: Asked, form: HandoverForm, context: dict[str, Any]) -> HttpResponse:
    """Preview or deed; a portfolio that changed in between is shown again instead of moved."""
    ids, data, now = form.customer_ids(), form.cleaned_data, timezone.now()
    previewed = request.POST.get("count", "")
    preview = actions.preview_handover(customer_ids=ids, to_staff_id=data["to_staff"], by=request.user, now=now)
    if request.POST.get("step") != "do" or previewed != str(preview.customers):
        context |= {"preview": preview, "has_changed": bool(previewed) and previewed != str(preview.customers)}
        return render(request, "accounts/handover_new.html", context, status=409 if context["has_changed"] else 200)
    done = actions.hand_over(
        customer_ids=ids,
        to_staff_id=data["to_staff"],
        reason=data["reason"],
        note=data["note"],
        by=request.user,
        now=now,
    )
    count = len(done.customer_ids)
    text = ngettext("%(n)d customer handed over.", "%(n)d customers handed over.", count) % {"n": count}
    messages.success(request, text)
    return redirect("accounts:handover_detail", done.handover.pk)


@require_GET
@ability(MAY)
def handover_detail(request: Asked, pk: int) -> HttpResponse:
    """What a handover moved, and the way back while it is open."""
    scope = request.access.scope_for(MAY)
    found = [row for row in portfolio.handovers(scope, 1000) if row.pk == pk]
    if not found:
        raise Http404
    context = {
        "handover": found[0],
        "items": portfolio.handover_items(request.access.scope, pk),
        "can_undo": portfolio.can_undo(found[0], timezone.localdate()),
    }
    return render(request, "accounts/handover_detail.html", context)


@require_POST
@ability(MAY)
def handover_undo(request: Asked, pk: int) -> HttpResponse:
    """Take it back; customers who changed hands since stay, and are named."""
    done = actions.undo_handover(handover_id=pk, by=request.user, now=timezone.now())
    count = len(done.customer_ids)
    messages.success(request, ngettext("%(n)d customer is back.", "%(n)d customers are back.", count) % {"n": count})
    for kept in done.kept:
        text = _("%(customer)s stays with %(manager)s.") % {"customer": kept.name, "manager": kept.manager}
        messages.warning(request, text)
    return redirect("accounts:handover_detail", pk)

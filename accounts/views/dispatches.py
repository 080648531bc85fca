"""Dispatches (派单) and what was reported up (上报): inbox, one matter, its deeds."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from accounts.actions import dispatches as deeds
from accounts.actions import escalations
from accounts.forms.dispatches import AnswerForm, ReplyForm
from accounts.queries import dispatches as queries
from crm.core.abilities import ability
from crm.core.addresses import with_values
from crm.core.asked import Asked
from crm.core.listed import listed
from crm.core.pages import domain_errors, own_path

SEES = ("view_customers", queries.ANSWERS)
TABS = ("received", "sent", "up")


@require_GET
@vary_on_headers("HX-Request")
@ability(*SEES)
@listed("dispatches")
def dispatch_list(request: Asked) -> HttpResponse:
    """Three lists: what waits for my unit, what I sent, what was reported up; open or answered."""
    access, now = request.access, timezone.now()
    tab = request.GET.get("tab", "") or ("received" if access.can(queries.ANSWERS) else "sent")
    tab = tab if tab in TABS else "received"
    is_open, cursor = request.GET.get("state") != "closed", request.GET.get("cursor", "")
    context = {"tab": tab, "is_open": is_open, "now": now, "answers": access.can(queries.ANSWERS)}
    if tab == "up":
        context["mine"] = queries.waiting_steps(access, timezone.localdate(now))
        context["steps"] = queries.open_escalations(access)
    else:
        ask = queries.received_dispatches if tab == "received" else queries.sent_dispatches
        page = ask(access, is_open=is_open, cursor=cursor or None)
        context["rows"] = page.rows
        context["more_url"] = with_values(request.GET, cursor=page.next_cursor) if page.next_cursor else ""
    template = "accounts/dispatch_list.html#more" if request.htmx and cursor else "accounts/dispatch_list.html"
    return render(request, template, context)


@require_http_methods(["GET", "POST"])
@ability(*SEES)
def dispatch_detail(request: Asked, pk: int) -> HttpResponse:
    """One dispatch; who answers for the unit replies on it."""
    row = queries.dispatch_for(request.access, pk)
    if row is None:
        raise Http404
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = {"text": form.cleaned_data["text"], "solved": form.cleaned_data["solved"] == "yes"}
        with domain_errors(form):
            deeds.reply_dispatch(dispatch_id=pk, **values, by=request.user, now=timezone.now())
            messages.success(request, _("Reply sent."))
            return redirect("accounts:dispatch_detail", pk)
    may_reply = row.to_unit_id in queries.own_units(request.access)
    is_mine = row.sent_by_id == request.user.pk
    context = {"row": row, "form": form, "now": timezone.now(), "may_reply": may_reply, "is_mine": is_mine}
    context["sees_case"] = row.is_customer_visible and request.access.can("view_cases")
    return render(request, "accounts/dispatch_detail.html", context, status=400 if form.errors else 200)


@require_POST
@ability(*SEES)
def dispatch_urge(request: Asked, pk: int) -> HttpResponse:
    """Remind the other unit."""
    row = deeds.urge_dispatch(dispatch_id=pk, by=request.user, now=timezone.now())
    messages.success(request, _("%(unit)s has been urged.") % {"unit": row.to_unit.name})
    return redirect(own_path(request.POST.get("next"), reverse("accounts:dispatch_detail", args=[pk])))


@require_POST
@ability(*SEES)
def dispatch_withdraw(request: Asked, pk: int) -> HttpResponse:
    """Take a dispatch back."""
    deeds.withdraw_dispatch(dispatch_id=pk, by=request.user, now=timezone.now())
    messages.success(request, _("Dispatch withdrawn."))
    return redirect("accounts:dispatch_list")


@require_http_methods(["GET", "POST"])
@ability(*SEES)
def escalation_detail(request: Asked, pk: int) -> HttpResponse:
    """Every level of a matter; the one whose turn it is answers on it."""
    now = timezone.now()
    steps = queries.escalation_steps(request.access, pk, timezone.localdate(now))
    if not steps:
        raise Http404
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        with domain_errors(form):
            escalations.answer_escalation(
                escalation_id=pk, comment=values["comment"], settles=values["settles"] == "yes", by=request.user,
                now=now,
            )  # fmt: skip
            messages.success(request, _("Answer sent.") if values["settles"] == "yes" else _("Passed up."))
            return redirect("accounts:escalation_detail", pk)
    mine = queries.stand_ins(request.access.staff_id, timezone.localdate(now))
    current = next((step for step in steps if step.is_waiting and step.staff_id in mine), None)
    context = {"steps": steps, "matter": steps[0], "current": current, "form": form, "now": now}
    context["sees_case"] = request.access.can("view_cases")
    return render(request, "accounts/escalation_detail.html", context, status=400 if form.errors else 200)


@require_POST
@ability(*SEES)
def escalation_accept(request: Asked, pk: int) -> HttpResponse:
    """Take a matter over at one's level."""
    escalations.accept_escalation(escalation_id=pk, by=request.user, now=timezone.now())
    messages.success(request, _("Accepted."))
    return redirect("accounts:escalation_detail", pk)

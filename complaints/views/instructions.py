"""Instructions and opinions (CMP-25, 32, 33, 37): what waits to be told to a customer, and telling it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from complaints.actions import instructions as deeds
from complaints.actions.opinions import feed_back_voice
from complaints.forms.instructions import FedBackForm, InstructCaseForm, InstructForm, OpinionForm
from complaints.opinion_context import opinion_list_context
from complaints.queries import instructions as queries
from complaints.queries.quality import case_head
from crm.core.abilities import ability
from crm.core.addresses import given_of, unknown_value
from crm.core.asked import Asked
from crm.core.list_rows import cut
from crm.core.listed import listed
from crm.core.pages import domain_errors, place_of

SEES = "view_customers"
TELLS = ("handle_cases", "log_visits")


@require_GET
@ability(SEES)
@listed("instructions")
def instruction_list(request: Asked) -> HttpResponse:
    """What was instructed, and how fast customers were told (CMP-32)."""
    state = dict(given_of(request.GET, ("state", "before"))).get("state", "")
    if state and state not in queries.STATES:
        raise unknown_value("state")
    scope, today = request.access.scope, timezone.localdate()
    rows = queries.instruction_list(scope, state=state, before=place_of(request))
    context = cut(request, rows, queries.LIMIT) | {
        "sees_cases": request.access.can("view_cases"),
        "state": state,
        "states": [("open", _("To be told")), ("told", _("Told"))],
        "speed": queries.speed_of(scope, today),
        "late": {row.id for row in rows if row.is_late(today)},
    }
    return render(request, "complaints/instruction_list.html", context)


@require_http_methods(["GET", "POST"])
@ability(SEES)
def instruction_detail(request: Asked, pk: int) -> HttpResponse:
    """One instruction; whoever looks after the customer says here what he was told (POST)."""
    row = queries.instruction_for(request.access.scope, pk)
    form = FedBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with domain_errors(form):
            deeds.feed_back_instruction(
                instruction_id=pk, **form.cleaned_data, by=request.user, now=timezone.now()
            )  # fmt: skip
            messages.success(request, _("Kept: the customer has been told."), extra_tags=f"draft=told:{pk}")
            return redirect("complaints:instruction_detail", pk)
    tells = queries.may_feed_back(request.access, unit_id=row.unit_id, manager_id=row.manager_id)
    context = {
        "row": row,
        "form": form if tells and row.fed_back_at is None else None,
        "is_late": row.is_late(timezone.localdate()),
    }
    return render(request, "complaints/instruction_detail.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@ability(deeds.GIVES)
def instruct_case(request: Asked, case_id: int) -> HttpResponse:
    """批示 on a case."""
    head = case_head(request.access.scope_for("view_cases"), case_id)
    form = InstructCaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with domain_errors(form):
            row = deeds.instruct_case(case_id=case_id, **form.cleaned_data, by=request.user, now=timezone.now())
            messages.success(request, _("Instructed: the account manager has a task."))
            return redirect("complaints:instruction_detail", row.pk)
    before = queries.instructions_on(case_id=case_id)
    return _instruct_page(request, form, about=head.facts, customer=head.customer_name, before=before)


@require_http_methods(["GET", "POST"])
@ability(deeds.GIVES)
def instruct_voice(request: Asked, voice_id: int) -> HttpResponse:
    """批示 on an opinion."""
    opinion = queries.opinion_for(request.access.scope, voice_id)
    form = InstructForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with domain_errors(form):
            row = deeds.instruct_voice(voice_id=voice_id, **form.cleaned_data, by=request.user, now=timezone.now())
            messages.success(request, _("Instructed: the account manager has a task."))
            return redirect("complaints:instruction_detail", row.pk)
    before = queries.instructions_on(voice_id=voice_id)
    return _instruct_page(request, form, about=opinion.text, customer=opinion.customer_name, before=before)


def _instruct_page(request: Asked, form: InstructForm, **context: Any) -> HttpResponse:
    context |= {"form": form, "back": reverse("complaints:instruction_list")}
    return render(request, "complaints/instruct.html", context, status=400 if form.errors else 200)


@require_GET
@ability(SEES)
@listed("opinions")
def opinion_list(request: Asked) -> HttpResponse:
    """CMP-33: opinions, criticism and problems without a result told to the customer; or those with one."""
    return render(request, "complaints/opinion_list.html", opinion_list_context(request, timezone.localdate()))


@require_http_methods(["GET", "POST"])
@ability(SEES)
def opinion_detail(request: Asked, voice_id: int) -> HttpResponse:
    """What the customer said, what was instructed, and what he was told (POST)."""
    row = queries.opinion_for(request.access.scope, voice_id)
    form = OpinionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with domain_errors(form):
            feed_back_voice(voice_id=voice_id, **form.cleaned_data, by=request.user, now=timezone.now())
            messages.success(request, _("Kept: the customer has been told."), extra_tags=f"draft=opinion:{voice_id}")
            return redirect("complaints:opinion_detail", voice_id)
    tells = queries.may_feed_back(request.access, unit_id=row.unit_id, manager_id=row.manager_id)
    gives = request.access.scope_for(deeds.GIVES)
    context = {
        "row": row,
        "form": form if row.fed_back_at is None and tells else None,
        "takes": request.access.can("take_requests"),
        "instructs": gives.allows(unit_id=row.unit_id, manager_id=row.manager_id),
        "instructions": queries.instructions_on(voice_id=voice_id),
    }
    return render(request, "complaints/opinion_detail.html", context, status=400 if form.errors else 200)

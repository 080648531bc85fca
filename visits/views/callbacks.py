"""Callbacks: the queue and the form of who calls, results, objection and ruling (CON-34, KPI-7)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.listed import listed
from crm.core.pages import domain_errors, place_of
from visits import actions
from visits.forms import CallbackForm, DecisionForm, ObjectionForm
from visits.queries.callbacks import callback_row, callbacks, record_truth
from visits.truth_context import callback_context, callback_list_context, read_callbacks

READERS = ("call_back_customers", "view_team", "log_visits")


@require_GET
@ability(*READERS)
@listed("callbacks")
def callback_list(request: Asked) -> HttpResponse:
    """The queue of who calls; for others what customers said."""
    today = timezone.localdate()
    given, filters = read_callbacks(request.GET, request.access, today)
    rows, following = callbacks(request.access, filters, before=place_of(request))
    truth = record_truth(request.access, filters.month) if filters.month else []
    context = callback_list_context(request, rows, following, given, truth, filters, today)
    return render(request, "visits/callback_list.html", context)


@require_http_methods(["GET", "POST"])
@ability(*READERS)
def callback_detail(request: Asked, pk: int) -> HttpResponse:
    """The questions for the customer, or his answers."""
    row = callback_row(request.access, pk)
    form = CallbackForm(request.POST if request.method == "POST" else None, is_on_site=row.is_on_site)
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            actions.answer_callback(callback_id=pk, **form.cleaned_data, by=request.user, now=timezone.now())
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("visits:callback_list"))
    context = callback_context(request, row, timezone.now(), form=form)
    return render(request, "visits/callback_detail.html", context, status=400 if form.is_bound else 200)


@require_POST
@ability("call_back_customers")
def callback_missed(request: Asked, pk: int) -> HttpResponse:
    """Nobody answered."""
    actions.miss_callback(callback_id=pk, by=request.user, now=timezone.now())
    messages.success(request, _("Noted: not reached."))
    return HttpResponseRedirect(reverse("visits:callback_list"))


@require_POST
@ability("call_back_customers")
def callback_dial(request: Asked, pk: int) -> HttpResponse:
    """The customer's number; the look is logged."""
    tel = actions.dial_callback(callback_id=pk, by=request.user, now=timezone.now())
    number, back = tel.removeprefix("tel:"), reverse("visits:callback_detail", args=[pk])
    context = {"dialled": None, "address": tel, "number": number, "log_url": back}
    return render(request, "workbench/dial.html", context)


@require_POST
@ability("log_visits")
def callback_object(request: Asked, pk: int) -> HttpResponse:
    """The manager objects to "never happened"."""
    form = ObjectionForm(request.POST)
    row = callback_row(request.access, pk)
    if form.is_valid():
        with domain_errors(form):
            actions.object_to_callback(callback_id=pk, **form.cleaned_data, by=request.user, now=timezone.now())
    if form.errors:
        context = callback_context(request, row, timezone.now(), objection_form=form)
        return render(request, "visits/callback_detail.html", context, status=400)
    messages.success(request, _("Your objection has been passed on."))
    return HttpResponseRedirect(reverse("visits:callback_detail", args=[pk]))


@require_POST
@ability("view_team", "decide_excuses")
def callback_rule(request: Asked, pk: int) -> HttpResponse:
    """The supervisor's supervisor decides on the objection."""
    form = DecisionForm(request.POST)
    row = callback_row(request.access, pk)
    if form.is_valid():
        with domain_errors(form):
            uphold, remark = form.cleaned_data["grant"] == "yes", form.cleaned_data["remark"]
            actions.rule_on_objection(callback_id=pk, uphold=uphold, remark=remark, by=request.user, now=timezone.now())
    if form.errors:
        context = callback_context(request, row, timezone.now(), ruling_form=form)
        return render(request, "visits/callback_detail.html", context, status=400)
    messages.success(request, _("Decided."))
    return HttpResponseRedirect(reverse("visits:callback_detail", args=[pk]))

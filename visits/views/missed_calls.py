"""Missed calls: the list, writing one down, calling back (CON-13)."""

from __future__ import annotations

from uuid import uuid4

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
from visits import actions, queries
from visits.forms import CallBackForm, DropForm, MissedCallForm
from visits.queries.missed_calls import answering_scope
from visits.truth_context import missed_call_context, missed_list_context, read_missed_calls


@require_GET
@ability("view_customers", "take_missed_calls")
@listed("missed_calls")
def missed_call_list(request: Asked) -> HttpResponse:
    """Every missed call in sight, newest first: who calls back, how long it took."""
    given, filters = read_missed_calls(request.GET)
    rows, following = queries.missed_calls(request.access, filters, before=place_of(request))
    context = missed_list_context(request, rows, following, given, timezone.now())
    return render(request, "visits/missed_call_list.html", context)


@require_http_methods(["GET", "POST"])
@ability("take_missed_calls")
def missed_call_new(request: Asked) -> HttpResponse:
    """The backup or the service centre writes a call down by its number; a task is there at once."""
    form = MissedCallForm(
        request.POST if request.method == "POST" else None, initial={"called_at": timezone.localtime()}
    )
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            call, is_new = actions.record_missed_call(
                **form.cleaned_data, by=request.user, now=timezone.now(), scope=answering_scope(request.access)
            )
            words = _("Written down: %(name)s calls back.") if is_new else _("Counted: %(name)s calls back already.")
            messages.success(request, words % {"name": actions.holder_name(call) or _("the unit")})
            return HttpResponseRedirect(reverse("visits:missed_call_detail", args=[call.pk]))
    return render(request, "visits/missed_call_new.html", {"form": form}, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@ability("view_customers", "take_missed_calls")
def missed_call_detail(request: Asked, pk: int) -> HttpResponse:
    """One missed call, and the form of whoever calls back."""
    form = CallBackForm(request.POST if request.method == "POST" else None, initial={"key": uuid4()})
    row = queries.missed_call(request.access, pk)
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            actions.call_back(call_id=pk, **form.cleaned_data, by=request.user, now=timezone.now())
            messages.success(request, _("The call-back is logged."))
            return HttpResponseRedirect(reverse("visits:missed_call_detail", args=[pk]))
    context = missed_call_context(request, row, form, timezone.now())
    return render(request, "visits/missed_call_detail.html", context, status=400 if form.is_bound else 200)


@require_POST
@ability("log_visits")
def missed_call_dial(request: Asked, pk: int) -> HttpResponse:
    """The address the phone opens; the dial is logged."""
    dialled = actions.dial_missed(call_id=pk, by=request.user, now=timezone.now())
    number = dialled.tel.removeprefix("tel:")
    back = reverse("visits:missed_call_detail", args=[pk])
    context = {"dialled": dialled, "address": dialled.tel, "number": number, "log_url": back}
    return render(request, "workbench/dial.html", context)


@require_POST
@ability("log_visits")
def missed_call_drop(request: Asked, pk: int) -> HttpResponse:
    """Nothing is to be done, and why."""
    form = DropForm(request.POST)
    if form.is_valid():
        with domain_errors(form):
            reason = form.cleaned_data["reason"]
            actions.drop_missed_call(call_id=pk, reason=reason, by=request.user, now=timezone.now())
    if form.errors:
        row = queries.missed_call(request.access, pk)
        context = missed_call_context(request, row, CallBackForm(), timezone.now()) | {"drop_form": form}
        return render(request, "visits/missed_call_detail.html", context, status=400)
    messages.success(request, _("Closed."))
    return HttpResponseRedirect(reverse("visits:missed_call_detail", args=[pk]))

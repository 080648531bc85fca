"""Settings of headquarters: targets in time and office hours, each with a look at what it does first (CMP-2)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods

from complaints.actions import targets
from complaints.actions.recount import Recount
from complaints.forms.clock import OfficeHoursForm, TargetForm
from complaints.queries import sla
from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.pages import domain_errors

CELL = ("kind", "category_id", "tier_id", "level")


@require_GET
@ability(targets.MAY)
def sla_list(request: Asked) -> HttpResponse:
    """The table of targets: what holds today, cell by cell, and what will."""
    today = timezone.localdate()
    return render(request, "complaints/sla_list.html", {"tables": sla.sla_table(today), "today": today})


@require_http_methods(["GET", "POST"])
@ability(targets.MAY)
def sla_new(request: Asked) -> HttpResponse:
    """A target from a day on: first what it would do to the clocks that run, then done."""
    now = timezone.now()
    form = TargetForm(request.POST or None, initial=_asked_for(request, timezone.localdate(now)))
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            if request.POST.get("step") == "do":
                _rule, done = targets.set_target(form.cell(), by=request.user, now=now)
                messages.success(request, _said(done))
                return redirect("complaints:sla_list")
            context["preview"] = targets.preview_target(form.cell(), by=request.user, now=now)
    return render(request, "complaints/sla_new.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@ability(targets.MAY)
def office_hours(request: Asked) -> HttpResponse:
    """Office hours from a day on: first what they would do to the clocks that run, then done."""
    now, rows = timezone.now(), sla.office_hours_rows()
    today = timezone.localdate(now)
    form = OfficeHoursForm(request.POST or None, initial=sla.hours_now(rows, today) | {"effective_from": today})
    context: dict[str, Any] = {"form": form, "rows": rows, "today": today}
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            if request.POST.get("step") == "do":
                done = targets.change_office_hours(form.row(), by=request.user, now=now)
                messages.success(request, _said(done))
                return redirect("complaints:office_hours")
            context["preview"] = targets.preview_office_hours(form.row(), by=request.user, now=now)
    return render(request, "complaints/office_hours.html", context, status=400 if form.errors else 200)


def _asked_for(request: Asked, today: date) -> dict[str, Any]:
    """The cell in the address with what it says today."""
    asked = {name: request.GET.get(name, "") for name in CELL}
    category, tier = (_id(asked[name]) for name in ("category_id", "tier_id"))
    return asked | sla.minutes_now(asked["kind"], category, tier, asked["level"], today) | {"effective_from": today}


def _id(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None


def _said(done: Recount) -> str:
    return ngettext("Saved; %(n)d clock was set anew.", "Saved; %(n)d clocks were set anew.", done.clocks) % {
        "n": done.clocks
    }

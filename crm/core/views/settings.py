"""Settings of the ground: the way in, parameters, working days, runs of the night."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core import parameters, settings_pages, shell, working_days
from crm.core.abilities import ability, person_of
from crm.core.asked import Asked
from crm.core.forms import ParameterForm, WorkDayForm
from crm.core.listed import listed
from crm.core.log_pages import day_of, run_list_context, year_of
from crm.core.pages import domain_errors

SETTINGS_ABILITIES = ("configure", "manage_staff", "manage_units", "manage_clients", "view_runs", "view_team")


@require_GET
@ability(*SETTINGS_ABILITIES)
def settings_index(request: HttpRequest) -> HttpResponse:
    """Every settings page, in groups."""
    return render(request, "core/settings_index.html", {"groups": shell.settings_for(request.access)})  # type: ignore[attr-defined]


@require_GET
@ability("configure")
def parameter_list(request: HttpRequest) -> HttpResponse:
    """PLT-10: every number in one place, with its origin."""
    groups = settings_pages.parameter_groups(timezone.localdate())
    return render(request, "core/parameter_list.html", {"groups": groups})


@require_http_methods(["GET", "POST"])
@ability("configure")
def parameter_edit(request: HttpRequest, key: str) -> HttpResponse:
    """A new value from a day on, and the history of the old ones."""
    definition = parameters.REGISTRY.get(key)
    if definition is None:
        raise Http404
    today = timezone.localdate()
    start = {"value": parameters.value(key, on=today), "effective_from": today}
    form = ParameterForm(definition, request.POST or None, initial=start)
    if form.is_valid() and _set_parameter(request, form, key):
        return redirect("core:parameter_list")
    context = {
        "form": form,
        "parameter": settings_pages.shown(definition, today),
        "history": settings_pages.parameter_history(definition),
    }
    return render(request, "core/parameter_edit.html", context, status=400 if form.errors else 200)


def _set_parameter(request: HttpRequest, form: ParameterForm, key: str) -> bool:
    """Whether the value was set."""
    chosen = form.cleaned_data
    with domain_errors(form):
        parameters.set_value(
            key,
            chosen["value"],
            effective_from=chosen["effective_from"],
            by=person_of(request),
            now=timezone.now(),
        )
        messages.success(request, _("Saved. It holds from %(day)s.") % {"day": chosen["effective_from"]})
    return not form.errors


@require_http_methods(["GET", "POST"])
@ability("configure")
def working_day_list(request: HttpRequest) -> HttpResponse:
    """PLT-5: holidays and make-up days of a year; a year whose holidays are not known is marked."""
    year = year_of(request.GET.get("year", ""), timezone.localdate())
    form = WorkDayForm(request.POST or None)
    if form.is_valid() and _set_day(request, form):
        return HttpResponseRedirect(f"{request.path}?year={form.cleaned_data['date'].year}")
    days, is_complete = settings_pages.work_days_of(year)
    context = {"form": form, "days": days, "is_complete": is_complete, "year": year}
    return render(request, "core/working_day_list.html", context, status=400 if form.errors else 200)


def _set_day(request: HttpRequest, form: WorkDayForm) -> bool:
    """Whether the day was set."""
    chosen = form.cleaned_data
    with domain_errors(form):
        working_days.set_day(
            chosen["date"],
            chosen["kind"],
            name=chosen["name"],
            by=person_of(request),
            now=timezone.now(),
        )
        messages.success(request, _("Saved."))
    return not form.errors


@require_POST
@ability("configure")
def working_day_remove(request: HttpRequest, day: str) -> HttpResponse:
    """An ordinary day of its weekday again."""
    when = day_of(day)
    if when is None:
        raise Http404
    working_days.set_day(when, "", by=person_of(request), now=timezone.now())
    messages.success(request, _("Removed."))
    return HttpResponseRedirect(f"{reverse('core:working_day_list')}?year={when.year}")


@require_GET
@ability("view_runs")
@listed("nights")
def sweep_run_list(request: Asked) -> HttpResponse:
    """PLT-3: every step of every night, with counts and errors."""
    return render(request, "core/sweep_run_list.html", run_list_context(request, now=timezone.now()))

"""The weather of a district, and trip notes (ENG-1)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.pages import domain_errors
from visits import actions
from visits.forms import TripNoteForm, WeatherForm
from visits.queries.care import customer_name, weather_warnings


@require_http_methods(["GET", "POST"])
@ability("tell_weather")
def weather_list(request: Asked) -> HttpResponse:
    """Headquarters tells of a change of weather; the managers of the district get their tasks at once."""
    today = timezone.localdate()
    sent = request.POST if request.method == "POST" else None
    form = WeatherForm(sent, initial={"starts_on": today, "ends_on": today})
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            _warning, made = actions.tell_weather(**form.cleaned_data, by=request.user, now=timezone.now())
            messages.success(request, _("%(n)d managers' tasks were made.") % {"n": made})
            return HttpResponseRedirect(reverse("visits:weather_list"))
    context = {"form": form, "rows": weather_warnings()}
    return render(request, "visits/weather_list.html", context, status=400 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@ability("log_visits")
def trip_new(request: Asked, customer_id: int) -> HttpResponse:
    """A customer's trip note: wishes for the journey are due when he leaves."""
    name = customer_name(request.access.scope_for("log_visits"), customer_id)
    form = TripNoteForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            actions.note_trip(customer_id=customer_id, **form.cleaned_data, by=request.user, now=timezone.now())
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(reverse("workbench:customer", args=[customer_id]))
    context = {"form": form, "customer_id": customer_id, "customer_name": name}
    return render(request, "visits/trip_new.html", context, status=400 if form.is_bound else 200)

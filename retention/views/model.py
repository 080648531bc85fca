"""The page of the model: what was foretold and what came of it; versions, points, training."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.jobs import start_job
from crm.core.pages import domain_errors
from retention.actions.models import edit_points
from retention.actions.review import promote, roll_back
from retention.forms import PointsForm, VersionForm
from retention.model_context import MANAGES, SEES, model_context
from retention.models import RiskModel
from retention.points_context import edited_table, points_context
from retention.training_job import KIND


@require_GET
@ability(SEES)
def model(request: Asked) -> HttpResponse:
    """T13: back-test, what-if, calibration, lift, drift, saved rate, survival, versions."""
    return render(request, "retention/model.html", model_context(request, today=timezone.localdate()))


@require_http_methods(["GET", "POST"])
@ability(SEES)
def version(request: Asked, pk: int) -> HttpResponse:
    """One version with its points; headquarters edits those in force as a new version."""
    row = get_object_or_404(RiskModel, pk=pk)
    form = PointsForm(request.POST or None)
    if request.method == "POST":
        with domain_errors(form):
            if form.is_valid():
                table = edited_table(row, request.POST)
                note = form.cleaned_data["note"]
                edit_points(table=table, note=note, by=request.user, now=timezone.now(), version=pk)
                messages.success(request, _("Saved as a new version; the next night scores with it."))
                return redirect("retention:model")
    context = points_context(row, request.access) | {"form": form}
    return render(request, "retention/model_version.html", context, status=400 if form.errors else 200)


@require_POST
@ability(MANAGES)
def model_train(request: Asked) -> HttpResponse:
    """Train a challenger and look back anew, by the worker, in a process of its own."""
    job = start_job(KIND, {}, by=request.user, now=timezone.now())
    return redirect("core:job_detail", job.pk)


@require_POST
@ability(MANAGES)
def model_take(request: Asked, pk: int) -> HttpResponse:
    """Put a challenger in force that was better, or go back to an earlier version."""
    form = VersionForm(request.POST)
    with domain_errors(form):
        if form.is_valid():
            deed = promote if form.cleaned_data["deed"] == "promote" else roll_back
            deed(model_id=pk, seen=form.cleaned_data["seen"], by=request.user, now=timezone.now())
            messages.success(request, _("In force; the next night scores with it."))
            return redirect("retention:model")
    context = model_context(request, today=timezone.localdate()) | {"form": form}
    return render(request, "retention/model.html", context, status=400)

"""Columns an operator imports beside our own data: what there is, bring a file in, switch one on or off (RET-3)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.pages import domain_errors
from retention.actions.column_files import take_file
from retention.actions.columns import change_column
from retention.column_context import column_context, columns_context
from retention.forms import ColumnFileForm, ColumnForm
from retention.model_context import SEES
from retention.models import RiskColumn


@require_http_methods(["GET", "POST"])
@ability(SEES)
def column_list(request: Asked) -> HttpResponse:
    """Every imported column with how many customers it is known of; headquarters hands a file in."""
    now = timezone.now()
    form = ColumnFileForm(request.POST or None, request.FILES or None, initial={"as_of": timezone.localdate(now)})
    if request.method == "POST" and form.is_valid():
        with domain_errors(form):
            job = take_file(**form.cleaned_data, by=request.user, now=now)
            return redirect("core:job_detail", job.pk)
    context = columns_context(request.access) | {"form": form}
    return render(request, "retention/column_list.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@ability(SEES)
def column_edit(request: Asked, pk: int) -> HttpResponse:
    """Its names, what it tells of, and whether scores look at it."""
    row = get_object_or_404(RiskColumn, pk=pk)
    form = ColumnForm(request.POST or None, initial={name: getattr(row, name) for name in ColumnForm.base_fields})
    if request.method == "POST" and form.is_valid():
        with domain_errors(form):
            change_column(column_id=pk, **form.cleaned_data, by=request.user, now=timezone.now())
            messages.success(request, _("Saved."))
            return redirect("retention:column_list")
    context = column_context(row) | {"form": form}
    return render(request, "retention/column_form.html", context, status=400 if form.errors else 200)

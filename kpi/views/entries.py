"""Entered results: list, one by hand, many by file, the second person's signature (KPI-3, issue 5)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core import access_log, attachments
from crm.core.abilities import ability
from crm.core.asked import Asked
from crm.core.errors import NotFound
from crm.core.listed import listed
from crm.core.pages import domain_errors, valid
from kpi import entry_pages
from kpi.actions import entries as deeds
from kpi.actions.entry_file import enter_file
from kpi.entry_pages import READS
from kpi.forms.entries import EntryFileForm, RefuseForm
from kpi.queries import entries as queries
from kpi.queries.entries import ENTERS, SIGNS


@require_GET
@ability(*READS)
@listed("entries")
def entry_list(request: Asked) -> HttpResponse:
    """Every entered result in sight, newest first; by state."""
    return render(request, "kpi/entry_list.html", entry_pages.entry_list_context(request))


@require_http_methods(["GET", "POST"])
@ability(ENTERS)
def entry_new(request: Asked) -> HttpResponse:
    """One result with its evidence; another person signs it."""
    form = entry_pages.entry_form(request, timezone.localdate())
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            file = form.cleaned_data["file"]
            deeds.enter_result(form.given(), file=file, by=request.user, now=timezone.now())
            messages.success(request, _("Entered. It counts once another person has signed it."))
            return redirect("kpi:entry_list")
    return render(request, "kpi/entry_new.html", {"form": form}, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@ability(ENTERS)
def entry_import(request: Asked) -> HttpResponse:
    """Many results by file: good rows are kept, bad ones named."""
    form = EntryFileForm(request.POST or None, request.FILES or None)
    context: dict[str, Any] = {"form": form} | entry_pages.example()
    if form.is_bound and form.is_valid():
        with domain_errors(form):
            context["read"] = enter_file(file=form.cleaned_data["file"], by=request.user, now=timezone.now())
    return render(request, "kpi/entry_import.html", context, status=400 if form.errors else 200)


@require_POST
@ability(SIGNS)
def entry_sign(request: Asked, pk: int) -> HttpResponse:
    """The second person: from now on it counts."""
    deeds.sign_entry(entry_id=pk, by=request.user, now=timezone.now())
    messages.success(request, _("Signed: the result counts now."))
    return redirect("kpi:entry_list")


@require_POST
@ability(SIGNS)
def entry_refuse(request: Asked, pk: int) -> HttpResponse:
    """Back to who entered it, with a reason."""
    values = valid(RefuseForm(request.POST))
    deeds.refuse_entry(entry_id=pk, **values, by=request.user, now=timezone.now())
    messages.success(request, _("Refused; it can be entered anew."))
    return redirect("kpi:entry_list")


@require_GET
@ability(*READS)
def entry_file(request: Asked, pk: int) -> FileResponse:
    """The evidence as it was handed in; the download is logged (SEC-4)."""
    row = queries.entry_for(request.access.scope_for(queries.SEES), pk)
    if row.attachment is None:
        raise NotFound
    access_log.record_request(
        request, "download", at=timezone.now(), subject_table="kpi_enteredresult", subject_id=row.pk
    )
    return attachments.stream(row.attachment)

"""Import pages: upload → map columns → dry run → commit with a live progress bar → result (screens 4)."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core.abilities import ability, person_of
from crm.core.pages import background, domain_errors
from crm.core.text import clean_text
from crm.core.views.jobs import job_context
from sync import actions, queries
from sync.forms import MappingForm, UploadForm

MAY = "import_customers"


@require_http_methods(["GET", "POST"])
@ability(MAY)
def import_new(request: HttpRequest) -> HttpResponse:
    """Hand in a file; below, one's imports so far."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with domain_errors(form):
            file = actions.receive_file(form.cleaned_data["file"], by=person_of(request), now=timezone.now())
            response = redirect("sync:import_map", file.key)
            response["Location"] += f"?source={form.cleaned_data['source']}"
            return response
    context = {"form": form, "imports": queries.imports_of(person_of(request)), "sources": queries.import_sources()}
    return render(request, "sync/import_new.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@ability(MAY)
def import_map(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say what each column means; the dry run comes next."""
    source = clean_text(request.GET.get("source", ""), field="source", max_length=40)
    preview = queries.import_preview(key, source, person_of(request))
    form = MappingForm(
        request.POST or None, source=preview.source, guesses=preview.guesses, remembered=preview.remembered,
        scope=person_of(request).access.scope_for(MAY), today=timezone.localdate(),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        with domain_errors(form):
            job = actions.start_import(
                file=preview.file, raw=form.raw, is_dry=True, atomic=form.cleaned_data["atomic"],
                by=person_of(request), now=timezone.now(),
            )  # fmt: skip
            return redirect("sync:import_detail", job.pk)
    context = {"form": form, "preview": preview}
    return render(request, "sync/import_map.html", context, status=400 if form.errors else 200)


@require_GET
@ability(MAY)
def import_detail(request: HttpRequest, job_id: int) -> HttpResponse:
    """An import on its way, and what came of it."""
    get_object_or_404(queries.imports_of(person_of(request)), pk=job_id)
    return render(request, "sync/import_detail.html", job_context(request, job_id))


@require_GET
@background
@ability(MAY)
def import_progress(request: HttpRequest, job_id: int) -> HttpResponse:
    """The fragment that the page asks for every second until the import has ended."""
    get_object_or_404(queries.imports_of(person_of(request)), pk=job_id)
    return render(request, "sync/import_detail.html#progress", job_context(request, job_id))


@require_POST
@ability(MAY)
def import_commit(request: HttpRequest, job_id: int) -> HttpResponse:
    """Do what the dry run said; pressed twice, it is one import."""
    dry_run = get_object_or_404(queries.imports_of(person_of(request)), pk=job_id)
    job = actions.carry_out_dry_run(dry_run=dry_run, by=person_of(request), now=timezone.now())
    return redirect("sync:import_detail", job.pk)

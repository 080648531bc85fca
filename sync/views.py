"""Import pages: upload → map columns → dry run → commit with a live progress bar → result → undo (screens 4)."""

from __future__ import annotations

from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core.abilities import ability, person_of
from crm.core.pages import background, domain_errors
from crm.core.text import clean_text
from crm.core.views.jobs import csv_lines
from sync import actions, queries
from sync.forms import MappingForm, UploadForm
from sync.import_context import detail_context, start_context, undo_context
from sync.imports.kinds import MAY_ANY, kinds_for, sample_of


@require_http_methods(["GET", "POST"])
@ability(*MAY_ANY)
def import_new(request: HttpRequest) -> HttpResponse:
    """Hand in a file; below, one's imports so far."""
    by = person_of(request)
    first = {"kind": request.GET.get("kind", "")}
    form = UploadForm(request.POST or None, request.FILES or None, kinds=kinds_for(by.access), initial=first)
    if request.method == "POST" and form.is_valid():
        with domain_errors(form):
            file = actions.receive_file(form.cleaned_data["file"], by=by, now=timezone.now())
            kind = form.cleaned_data["kind"] or actions.kind_of_file(file, by)
            response = redirect("sync:import_map", file.key)
            response["Location"] += "?" + urlencode({"source": form.cleaned_data["source"], "kind": kind})
            return response
    return render(request, "sync/import_new.html", start_context(by, form), status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@ability(*MAY_ANY)
def import_map(request: HttpRequest, key: UUID) -> HttpResponse:
    """Say what each column means; the dry run comes next."""
    by = person_of(request)
    asked = {name: clean_text(request.GET.get(name, ""), field=name, max_length=40) for name in ("source", "kind")}
    preview = queries.import_preview(key, asked["source"], asked["kind"] or "customers", by)
    scope = by.access.scope_for(preview.kind.ability)
    form = MappingForm(request.POST or None, preview=preview, scope=scope, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        with domain_errors(form):
            job = actions.start_import(
                file=preview.file, raw=form.raw, is_dry=True, atomic=form.cleaned_data["atomic"], by=by,
                now=timezone.now(),
            )  # fmt: skip
            return redirect("sync:import_detail", job.pk)
    context = {"form": form, "preview": preview}
    return render(request, "sync/import_map.html", context, status=400 if form.errors else 200)


@require_GET
@ability(*MAY_ANY)
def import_detail(request: HttpRequest, job_id: int) -> HttpResponse:
    """An import on its way, and what came of it."""
    return render(request, "sync/import_detail.html", detail_context(request, job_id, timezone.now()))


@require_GET
@background
@ability(*MAY_ANY)
def import_progress(request: HttpRequest, job_id: int) -> HttpResponse:
    """The fragment that the page asks for every second until the import has ended."""
    return render(request, "sync/import_detail.html#progress", detail_context(request, job_id, timezone.now()))


@require_POST
@ability(*MAY_ANY)
def import_commit(request: HttpRequest, job_id: int) -> HttpResponse:
    """Do what the dry run said; pressed twice, it is one import."""
    dry_run = get_object_or_404(queries.imports_of(person_of(request)), pk=job_id)
    job = actions.carry_out_dry_run(dry_run=dry_run, by=person_of(request), now=timezone.now())
    return redirect("sync:import_detail", job.pk)


@require_http_methods(["GET", "POST"])
@ability(*MAY_ANY)
def import_undo(request: HttpRequest, job_id: int) -> HttpResponse:
    """What taking an import back would do; then it is done, pressed twice as one job."""
    done = get_object_or_404(queries.imports_of(person_of(request)), pk=job_id)
    if request.method == "GET":
        return render(request, "sync/import_undo.html", undo_context(done, timezone.now()))
    job = actions.undo_import(job=done, by=person_of(request), now=timezone.now())
    return redirect("sync:import_detail", job.pk)


@require_GET
@ability(*MAY_ANY)
def import_sample(request: HttpRequest, kind: str) -> HttpResponseBase:
    """A file as we like it, to fill in."""
    header, rows = sample_of(kind)
    response = StreamingHttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{kind}.csv"'
    return response

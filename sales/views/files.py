"""Quotas and orders from a file: hand it in → dry run naming row, column, reason → carry out → failed rows back."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.core.abilities import ability, person_of
from crm.core.pages import background, domain_errors
from crm.core.views.jobs import csv_lines, job_context
from sales.actions.files import carry_out, try_file
from sales.addresses import BRINGS
from sales.forms import FileForm
from sales.imports.headings import LABELS, sample_of
from sales.queries.files import imports_of


@require_http_methods(["GET", "POST"])
@ability(BRINGS)
def import_new(request: HttpRequest) -> HttpResponse:
    """Hand in a file; its dry run comes next. Beside it, one's imports so far."""
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        with domain_errors(form):
            source = form.cleaned_data["source"]
            job = try_file(form.cleaned_data["file"], source=source, by=person_of(request), now=timezone.now())
            return redirect("sales:import_detail", job.pk)
    context = {"form": form, "imports": imports_of(person_of(request)), "kinds": LABELS.items()}
    return render(request, "sales/import_new.html", context, status=400 if form.errors else 200)


@require_GET
@ability(BRINGS)
def import_detail(request: HttpRequest, job_id: int) -> HttpResponse:
    """A file on its way, and what came of it."""
    return render(request, "sales/import_detail.html", _context(request, job_id))


@require_GET
@background
@ability(BRINGS)
def import_progress(request: HttpRequest, job_id: int) -> HttpResponse:
    """The fragment that the page asks for every second until the work has ended."""
    return render(request, "sales/import_detail.html#progress", _context(request, job_id))


def _context(request: HttpRequest, job_id: int) -> dict[str, object]:
    job = get_object_or_404(imports_of(person_of(request)), pk=job_id)
    return job_context(request, job_id) | {"what": LABELS.get(job.params.get("what", ""), "")}


@require_POST
@ability(BRINGS)
def import_commit(request: HttpRequest, job_id: int) -> HttpResponse:
    """Do what the dry run said; pressed twice, it is one import."""
    dry_run = get_object_or_404(imports_of(person_of(request)), pk=job_id)
    job = carry_out(dry_run=dry_run, by=person_of(request), now=timezone.now())
    return redirect("sales:import_detail", job.pk)


@require_GET
@ability(BRINGS)
def import_sample(request: HttpRequest, kind: str) -> HttpResponseBase:
    """A file as we like it, to fill in."""
    header, rows = sample_of(kind)
    response = StreamingHttpResponse(csv_lines(header, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{kind}.csv"'
    return response

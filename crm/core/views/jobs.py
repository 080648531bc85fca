"""Long work as a page: live progress, the result, the rows that could not be taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from crm.core import access_log, attachments, jobs
from crm.core.abilities import person_of, signed_in
from crm.core.asked import Asked
from crm.core.count_words import count_word
from crm.core.exports.cells import csv_lines as csv_lines
from crm.core.exports.cells import safe_cell as safe_cell
from crm.core.listed import listed
from crm.core.log_pages import job_list_context
from crm.core.models import Job, JobRowError
from crm.core.pages import background

SHOWN_ERRORS = 20


def job_context(request: HttpRequest, job_id: int) -> dict[str, object]:
    """A job somebody may see, as the templates need it; others don't find it (404)."""
    found: Job = get_object_or_404(jobs.visible_jobs(person_of(request)), pk=job_id)
    total = found.progress_total or 0
    errors = JobRowError.objects.filter(job_id=found.pk).order_by("row", "id")
    return {
        "job": found,
        "label": jobs.label_of(found),
        "is_finished": found.state in jobs.FINISHED,
        "percent": min(100, found.progress_done * 100 // total) if total else None,
        "result": [(count_word(name), count) for name, count in found.result.items() if isinstance(count, int | str)],
        "errors": errors[:SHOWN_ERRORS] if found.state in jobs.FINISHED else [],
    }


@require_GET
@signed_in
@listed("jobs")
def job_list(request: Asked) -> HttpResponse:
    """One's jobs, newest first."""
    return render(request, "core/job_list.html", job_list_context(request))


@require_GET
@signed_in
def job_detail(request: HttpRequest, job_id: int) -> HttpResponse:
    """The job's page; it may be left and found again."""
    return render(request, "core/job_detail.html", job_context(request, job_id))


@require_GET
@background
@signed_in
def job_progress(request: HttpRequest, job_id: int) -> HttpResponse:
    """The fragment that the page asks for every second until the job has ended."""
    return render(request, "core/job_detail.html#progress", job_context(request, job_id))


@require_GET
@signed_in
def job_file(request: HttpRequest, job_id: int) -> HttpResponseBase:
    """The file that the job made; each download is logged."""
    found: Job = get_object_or_404(
        jobs.visible_jobs(person_of(request)),
        pk=job_id,
        result_file__isnull=False,
    )
    access_log.record_request(request, "download", at=timezone.now(), subject_table="core_job", subject_id=found.pk)
    return attachments.stream(found.result_file)  # type: ignore[arg-type]


@require_GET
@signed_in
def job_errors(request: HttpRequest, job_id: int) -> HttpResponseBase:
    """The rows that could not be taken, as CSV that a spreadsheet opens safely."""
    found: Job = get_object_or_404(jobs.visible_jobs(person_of(request)), pk=job_id)
    access_log.record_request(request, "download", at=timezone.now(), subject_table="core_job", subject_id=found.pk)
    response = StreamingHttpResponse(csv_lines(*error_rows(found)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="job-{found.pk}-errors.csv"'
    return response


def error_rows(found: Job) -> tuple[list[str], Iterator[Sequence[object]]]:
    """Headings and rows of what could not be taken."""
    rows = JobRowError.objects.filter(job_id=found.pk).order_by("row", "id").iterator()
    cells = ((row.row, row.column, row.code, row.words, row.value) for row in rows)
    return [_("row"), _("column"), _("code"), _("reason"), _("value")], cells

"""What the import pages show."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from crm.core.abilities import person_of
from crm.core.models import Attachment, Job, User
from crm.core.views.jobs import job_context
from sync import queries
from sync.actions.imports import UNDO_DAYS, refuse_undo
from sync.forms import UploadForm
from sync.imports.kinds import KINDS, ImportKind, kinds_for
from sync.imports.undo import KIND as UNDO_KIND
from sync.imports.undo.look import preview


def start_context(by: User, form: UploadForm) -> dict[str, Any]:
    """The first page: the form, the kinds with their samples, one's imports."""
    jobs = [
        {"job": job, "label": _label(job.params.get("mapping", {})), "is_undo": job.kind == UNDO_KIND}
        for job in queries.imports_of(by)[:15]
    ]
    return {"form": form, "imports": jobs, "sources": queries.import_sources(), "kinds": kinds_for(by.access)}


def _label(mapping: dict[str, Any]) -> Any:
    kind = KINDS.get(mapping.get("kind", "customers"))
    return kind.label if kind is not None and mapping else ""


def _say_columns(errors: Any, kind: ImportKind | None) -> None:
    """A row that lacks a whole field is named by the field's label, as the file has no column of it."""
    for error in errors:
        if kind is not None and error.column in kind.fields:
            error.column = str(kind.fields[error.column].label)


def _map_url(job: Job) -> str:
    """Where the columns of a dry run's file are given their meaning."""
    file = Attachment.objects.filter(pk=job.params.get("file")).first()
    mapping = job.params["mapping"]
    asked = urlencode({"source": mapping["source"], "kind": mapping.get("kind", "customers")})
    return f"{reverse('sync:import_map', args=[file.key])}?{asked}" if file is not None else ""


def undo_context(job: Job, now: datetime) -> dict[str, Any]:
    """What taking an import back would do; one that cannot be taken back any more says so (409)."""
    refuse_undo(job, now)
    kind = KINDS[job.params["mapping"].get("kind", "customers")]
    until = job.finished_at + UNDO_DAYS if job.finished_at else None
    return {"job": job, "kind": kind, "look": preview(job), "undo": queries.undo_of(job), "undo_until": until}


def detail_context(request: HttpRequest, job_id: int, now: datetime) -> dict[str, Any]:
    """One import: its counts, its bad rows, whether it can be taken back; others don't find it (404)."""
    job = get_object_or_404(queries.imports_of(person_of(request)), pk=job_id)
    kind = KINDS.get(job.params.get("mapping", {}).get("kind", "customers"))
    is_import = job.kind != UNDO_KIND and not job.params.get("is_dry") and job.finished_at is not None
    is_dry = job.kind != UNDO_KIND and bool(job.params.get("is_dry"))
    undo = queries.undo_of(job) if is_import else None
    can_undo = is_import and undo is None and "trace" in job.params
    until = job.finished_at + UNDO_DAYS if job.finished_at else None
    shown = job_context(request, job_id)
    _say_columns(shown["errors"], kind)
    return shown | {
        "is_undo": job.kind == UNDO_KIND,
        "kind": kind,
        "map_url": _map_url(job) if is_dry else "",
        "undo": undo,
        "can_undo": bool(can_undo and until is not None and now <= until),
        "undo_until": until,
    }

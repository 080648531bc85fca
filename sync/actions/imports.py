"""What a person or a client does to bring a file in: hand it in, map its columns, try it, do it, take it back."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.core import attachments, parameters
from crm.core.db import write
from crm.core.delimited.openers import opener_of_attachment, opener_of_upload
from crm.core.delimited.reader import Layout, blocks, inspect
from crm.core.delimited.unpack import TIMES_PACKED, plain_table
from crm.core.errors import Conflict, Invalid, NotAllowed
from crm.core.jobs import start_job
from crm.core.models import Attachment, Job, JobState
from sync.imports.jobs import KIND
from sync.imports.kinds import kinds_for, recognised
from sync.imports.mapping import Mapping, parse_mapping
from sync.imports.undo import KIND as UNDO_KIND
from sync.models import ImportMapping

if TYPE_CHECKING:
    from crm.core.models import User

UNDO_DAYS = timedelta(days=7)
LOOKED_AT = 50
"""Rows of a file that are read while it is handed in."""
LARGEST = 1 << 40


def most_bytes(now: datetime) -> int:
    """How large a file may be handed in."""
    return int(parameters.value("import_megabytes", timezone.localdate(now))) * 1024 * 1024


def receive_file(upload: UploadedFile[Any], *, by: User, now: datetime) -> Attachment:
    """Keep an uploaded file as the table it is: unpacked, its first sheet read; refused when it is none (38, 41)."""
    most = most_bytes(now)
    with plain_table(upload, max_bytes=most) as table:
        layout = inspect(opener_of_upload(table), max_bytes=most if table is upload else most * TIMES_PACKED)
        next(blocks(opener_of_upload(table), layout, LOOKED_AT))
        table.seek(0)
        return attachments.store_table(table, by=by, now=now)


def kind_of_file(file: Attachment, by: User) -> str:
    """Which kind a file is by its headings, of those somebody may bring in; "" when they say nothing."""
    found = recognised(layout_of(file).header, kinds_for(by.access))
    return found.key if found else ""


def start_import(
    *,
    file: Attachment,
    raw: AnyMapping[str, Any],
    is_dry: bool,
    atomic: bool,
    by: User,
    now: datetime,
    caller: AnyMapping[str, Any] | None = None,
) -> Job:
    """Start an import (or a dry run) in the background; the mapping is remembered for source and kind."""
    mapping = parse_mapping(raw)
    if not by.access.can(mapping.of.ability):
        raise NotAllowed
    mapping.against(layout_of(file, mapping).header)
    with write(by=by):
        ImportMapping.objects.update_or_create(
            source=mapping.source,
            kind=mapping.kind,
            defaults={"mapping": mapping.as_json(), "updated_by": by, "updated_at": now},
        )
        params = {
            "file": file.pk,
            "name": file.name,
            "mapping": mapping.as_json(),
            "is_dry": is_dry,
            "atomic": atomic,
            "language": get_language(),
        } | ({"caller": dict(caller)} if caller else {})
        return start_job(KIND, params, by=by, now=now)


def carry_out_dry_run(*, dry_run: Job, by: User, now: datetime) -> Job:
    """After a dry run: do the same for real; pressed twice, it is one import."""
    if dry_run.state != JobState.DONE or not dry_run.params.get("is_dry"):
        raise Conflict(_("There is no finished dry run to carry out."), code="no_dry_run")
    if not any(dry_run.result.get(name) for name in ("created", "updated", "proposed", "linked")):
        raise Invalid(_("There is nothing to import."), code="nothing_to_do")
    with write(by=by):
        locked = Job.objects.select_for_update().get(pk=dry_run.pk)
        done = Job.objects.filter(kind=KIND, by=by, params__dry_run=locked.pk).first()
        if done is not None:
            return done
        params = {name: value for name, value in locked.params.items() if name not in ("trace", "since")}
        return start_job(KIND, {**params, "is_dry": False, "dry_run": locked.pk}, by=by, now=now)


def undo_import(*, job: Job, by: User, now: datetime) -> Job:
    """Take an import back within seven days; pressed twice, it is one job."""
    refuse_undo(job, now)
    with write(by=by):
        locked = Job.objects.select_for_update().get(pk=job.pk)
        earlier = Job.objects.filter(kind=UNDO_KIND, by=by, params__import=locked.pk)
        running = earlier.exclude(state__in=[JobState.FAILED, JobState.DEAD]).first()
        if running is not None:
            return running
        params = {"import": locked.pk, "name": locked.params.get("name", ""), "language": get_language()}
        if "caller" in locked.params:
            params["caller"] = locked.params["caller"]
        return start_job(UNDO_KIND, params, by=by, now=now)


def refuse_undo(job: Job, now: datetime) -> None:
    """Only what was imported can be taken back, and for seven days."""
    is_over = job.finished_at is not None and job.state in (JobState.DONE, JobState.FAILED, JobState.DEAD)
    if job.params.get("is_dry") or not is_over or "trace" not in job.params:
        raise Conflict(_("There is no finished import to undo."), code="not_finished")
    if job.finished_at is not None and now - job.finished_at > UNDO_DAYS:
        raise Conflict(_("An import can be undone for seven days."), code="too_late")


def layout_of(file: Attachment, mapping: Mapping | None = None) -> Layout:
    """How a stored file is read."""
    delimiter, encoding = (mapping.delimiter, mapping.encoding) if mapping is not None else ("", "")
    return inspect(opener_of_attachment(file), delimiter=delimiter, encoding=encoding, max_bytes=LARGEST)

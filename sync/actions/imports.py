"""What a person does to import a file: hand it in, map its columns, try it, do it."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.core import attachments, parameters
from crm.core.db import write
from crm.core.delimited.openers import opener_of_attachment, opener_of_upload
from crm.core.delimited.reader import Layout, blocks, inspect
from crm.core.errors import Conflict, Invalid
from crm.core.jobs import start_job
from crm.core.models import Attachment, Job, JobState
from sync.imports.jobs import KIND
from sync.imports.mapping import Mapping, parse_mapping
from sync.models import ImportMapping

if TYPE_CHECKING:
    from crm.core.models import User


def receive_file(upload: UploadedFile[Any], *, by: User, now: datetime) -> Attachment:
    """Keep an uploaded file for an import, if it is the table it claims to be (bad inputs 38)."""
    most = int(parameters.value("import_megabytes", timezone.localdate(now))) * 1024 * 1024
    layout = inspect(opener_of_upload(upload), max_bytes=most)
    next(blocks(opener_of_upload(upload), layout, 1))
    upload.seek(0)
    return attachments.store(
        upload, by=by, now=now, kinds=frozenset({attachments.CSV, attachments.TEXT}), max_bytes=most
    )


def start_import(
    *, file: Attachment, raw: AnyMapping[str, Any], is_dry: bool, atomic: bool, by: User, now: datetime
) -> Job:
    """Start an import (or a dry run) in the background; the mapping is remembered for the source."""
    mapping = parse_mapping(raw)
    mapping.against(layout_of(file, mapping).header)
    with write(by=by):
        ImportMapping.objects.update_or_create(
            source=mapping.source,
            defaults={"mapping": mapping.as_json(), "updated_by": by, "updated_at": now},
        )
        params = {
            "file": file.pk,
            "mapping": mapping.as_json(),
            "is_dry": is_dry,
            "atomic": atomic,
            "language": get_language(),
        }
        return start_job(KIND, params, by=by, now=now)


def carry_out_dry_run(*, dry_run: Job, by: User, now: datetime) -> Job:
    """After a dry run: do the same for real; pressed twice, it is one import."""
    if dry_run.state != JobState.DONE or not dry_run.params.get("is_dry"):
        raise Conflict(_("There is no finished dry run to carry out."), code="no_dry_run")
    if not dry_run.result.get("created") and not dry_run.result.get("updated") and not dry_run.result.get("proposed"):
        raise Invalid(_("There is nothing to import."), code="nothing_to_do")
    with write(by=by):
        locked = Job.objects.select_for_update().get(pk=dry_run.pk)
        done = Job.objects.filter(kind=KIND, by=by, params__dry_run=locked.pk).first()
        if done is not None:
            return done
        return start_job(KIND, {**locked.params, "is_dry": False, "dry_run": locked.pk}, by=by, now=now)


def layout_of(file: Attachment, mapping: Mapping | None = None) -> Layout:
    """How a stored file is read."""
    delimiter, encoding = (mapping.delimiter, mapping.encoding) if mapping is not None else ("", "")
    return inspect(opener_of_attachment(file), delimiter=delimiter, encoding=encoding)

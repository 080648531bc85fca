"""What a person does to bring a sales file in: hand it in and try it, then carry it out."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from crm.core import attachments
from crm.core.db import write
from crm.core.delimited.openers import opener_of_upload
from crm.core.delimited.reader import blocks, inspect
from crm.core.errors import Conflict, Invalid
from crm.core.jobs import start_job
from crm.core.models import Job, JobState
from sales.imports.headings import columns_of
from sales.imports.jobs import KIND
from sales.imports.run import MOST_BYTES

if TYPE_CHECKING:
    from crm.core.models import User


def try_file(upload: UploadedFile[Any], *, source: str, by: User, now: datetime) -> Job:
    """Keep an uploaded file, if it is one of quotas or orders, and start its dry run."""
    opener = opener_of_upload(upload)
    layout = inspect(opener, max_bytes=MOST_BYTES)
    columns = columns_of(layout)
    next(blocks(opener, layout, 1))
    upload.seek(0)
    kinds = frozenset({attachments.CSV, attachments.TEXT})
    with write(by=by):
        file = attachments.store(upload, by=by, now=now, kinds=kinds, max_bytes=MOST_BYTES)
        about = {"file": file.pk, "name": file.name, "what": columns.kind, "source": source}
        return start_job(KIND, about | {"is_dry": True, "language": get_language()}, by=by, now=now)


def carry_out(*, dry_run: Job, by: User, now: datetime) -> Job:
    """After a dry run: do the same for real; pressed twice, it is one import."""
    if dry_run.state != JobState.DONE or not dry_run.params.get("is_dry"):
        raise Conflict(_("There is no finished dry run to carry out."), code="no_dry_run")
    if not dry_run.result.get("created") and not dry_run.result.get("updated"):
        raise Invalid(_("There is nothing to import."), code="nothing_to_do")
    with write(by=by):
        locked = Job.objects.select_for_update().get(pk=dry_run.pk)
        done = Job.objects.filter(kind=KIND, by=by, params__dry_run=locked.pk).first()
        if done is not None:
            return done
        return start_job(KIND, {**locked.params, "is_dry": False, "dry_run": locked.pk}, by=by, now=now)

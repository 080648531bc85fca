"""Files of a case: kept privately, listed on it, streamed after the same check as the case (SEC-4)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from complaints.actions.reach import note_change, save, the_case
from complaints.models import CaseFile
from complaints.queries.records import file_for
from crm.core import access_log, attachments
from crm.core.db import write
from crm.core.errors import Invalid

if TYPE_CHECKING:
    from crm.core.models import User

MOST_FILES = 20
FILE_TABLE = "complaints_casefile"


def add_case_file(*, case_id: int, upload: File[Any], version: int | None = None, by: User, now: datetime) -> CaseFile:
    """Add a photo, a bill or a letter to a case."""
    with write(by=by):
        case = the_case(by, case_id, "attach", version=version)
        if CaseFile.unscoped.filter(case=case).count() >= MOST_FILES:
            raise Invalid(
                _("A case takes at most %(max)d files."), code="too_many", field="file", params={"max": MOST_FILES}
            )
        kept = attachments.store(upload, by=by, now=now)
        row = CaseFile.unscoped.create(case=case, attachment=kept, by=by, added_at=now)
        note_change(case, "attached", by=by, now=now, name=kept.name)
        save(case)
    return row


def open_case_file(*, case_id: int, file_id: int, by: User, now: datetime) -> CaseFile:
    """A file of a case in sight, to be streamed; the download is logged (SEC-4)."""
    row = file_for(by.access, case_id, file_id)
    with write(by=by):
        access_log.record("download", by, at=now, subject_table=FILE_TABLE, subject_id=row.pk)
    return row

"""Files of a case: kept privately, listed on it, streamed after the same check as the case (SEC-4)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.core.files.base import File
from django.utils.translation import gettext_lazy as _

from complaints.actions.reach import note_change, save, the_case
from complaints.models import CaseFile
from crm.core import attachments
from crm.core.db import write
from crm.core.errors import Invalid

if TYPE_CHECKING:
    from crm.core.models import User

MOST_FILES = 20


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

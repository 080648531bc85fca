"""Figures and their rows leave the house as a file: with a reason, registered, each row naming who took it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from crm.core import access_log
from crm.core.db import write
from crm.core.errors import Invalid
from crm.core.models import User
from crm.core.text import clean_text

MAX_ROWS = 10_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to be taken along."""

    header: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]
    name: str
    subject: str


@dataclass(frozen=True, slots=True)
class Export:
    """A registered file: its number in the access log, and its rows."""

    number: int
    name: str
    header: tuple[str, ...]
    rows: Sequence[tuple[Any, ...]]


def export_sheet(*, sheet: Sheet, reason: str, by: User, now: datetime) -> Export:
    """SEC-1: no file without a reason, none of nothing, none of more than the limit; the act leaves its row."""
    reason = clean_text(reason, field="reason", max_length=200, blank=False)
    if not sheet.rows:
        raise Invalid(_("There is nothing to export."), code="nothing_to_export", field="reason")
    if len(sheet.rows) > MAX_ROWS:
        raise Invalid(
            _("More than %(limit)d rows: narrow the list first."),
            code="too_many",
            field="reason",
            params={"limit": MAX_ROWS},
        )
    with write(by=by):
        entry = access_log.record(
            "export", by, at=now, subject_table=sheet.subject, reason=reason,
            detail={"rows": len(sheet.rows), "file": sheet.name},
        )  # fmt: skip
    mark = f"E{entry.pk} {by.name} {by.username} {timezone.localtime(now):%Y-%m-%d %H:%M}"
    return Export(
        entry.pk,
        f"{sheet.name}-E{entry.pk}.csv",
        (*sheet.header, _("Taken by")),
        [(*row, mark) for row in sheet.rows],
    )

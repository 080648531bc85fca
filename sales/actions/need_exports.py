"""The needs analysis leaves the house as a file: with a reason, registered, each line naming who took it (SEC-1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core import access_log
from crm.core.db import write
from crm.core.errors import Invalid
from crm.core.text import clean_text
from sales.queries.needs import AnalysisLine

if TYPE_CHECKING:
    from crm.core.models import User

HEADER = (
    _("Type of need"),
    _("Industry"),
    _("Needs"),
    _("Customers"),
    _("Still open"),
    _("Need met"),
    _("Need lost"),
    _("Budget (yuan)"),
    _("Taken by"),
)


def export_needs(
    *, lines: Sequence[tuple[AnalysisLine, str, str]], reason: str, filters: Sequence[str], by: User, now: datetime
) -> tuple[int, tuple[str, ...], list[tuple[Any, ...]]]:
    """PLAN-21, SEC-1: (its number in the access log, header, the screen's own lines)."""
    reason = clean_text(reason, field="reason", max_length=200, blank=False)
    if not any(line.count for line, _type, _industry in lines):
        raise Invalid(_("Nothing matches, so there is nothing to export."), code="nothing_to_export", field="reason")
    with write(by=by):
        entry = access_log.record(
            "export",
            by,
            at=now,
            subject_table="sales_need",
            reason=reason,
            detail={"rows": len(lines), "filters": sorted(filters)},
        )
    mark = f"E{entry.pk} {by.name} {by.username} {timezone.localtime(now):%Y-%m-%d %H:%M}"
    rows = [
        (kind, industry, line.count, line.customers, line.open, line.met, line.lost, line.budget, mark)
        for line, kind, industry in lines
    ]
    return entry.pk, tuple(str(words) for words in HEADER), rows

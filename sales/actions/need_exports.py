"""The needs analysis leaves the house as a file: with a reason, registered, each line naming who took it (SEC-1)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from crm.core.exports import sheet_kind, take_along
from sales.queries.needs import AnalysisLine

if TYPE_CHECKING:
    from crm.core.models import Attachment, User

ANALYSIS = sheet_kind("needs_analysis", _("Analysis of needs"))
HEADER = (
    _("Type of need"),
    _("Industry"),
    _("Needs"),
    _("Customers"),
    _("Still open"),
    _("Need met"),
    _("Need lost"),
    _("Budget (yuan)"),
)


def export_needs(*, lines: Sequence[tuple[AnalysisLine, str, str]], reason: str, by: User, now: datetime) -> Attachment:
    """PLAN-21, SEC-1: the screen's own lines."""
    rows = [
        (kind, industry, line.count, line.customers, line.open, line.met, line.lost, line.budget)
        for line, kind, industry in lines
    ]
    if not any(line.count for line, _type, _industry in lines):
        rows = []
    header = [str(words) for words in HEADER]
    return take_along(key=ANALYSIS, name="needs", header=header, rows=rows, reason=reason, by=by, now=now)

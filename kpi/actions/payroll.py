"""ORG-22: the month's scores as a file for payroll; the only thing pay gets from here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions.doors import must
from crm.core import access_log
from crm.core.db import write
from crm.core.errors import Invalid
from crm.core.text import clean_text
from kpi.models import Score
from kpi.queries.cards import payroll_scores

if TYPE_CHECKING:
    from crm.core.models import User

MAY = "export_payroll"
HEADER = (
    gettext_lazy("Staff number"),
    gettext_lazy("Name"),
    gettext_lazy("Unit"),
    gettext_lazy("Region"),
    gettext_lazy("Month"),
    gettext_lazy("Score"),
    gettext_lazy("State"),
    gettext_lazy("Taken by"),
)


@dataclass(frozen=True, slots=True)
class PayrollExport:
    """A registered file: its number in the access log, and its rows."""

    number: int
    header: tuple[str, ...]
    rows: list[tuple[Any, ...]]


def export_payroll(*, month: date, reason: str, by: User, now: datetime) -> PayrollExport:
    """ORG-22, SEC-1: staff number, unit, region, month and score of every manager; the act leaves its row."""
    must(by, MAY)
    reason = clean_text(reason, field="reason", max_length=200, blank=False)
    found = payroll_scores(by.access.scope_for(MAY), month)
    if not found:
        raise Invalid(_("Nobody has a score in this month."), code="nothing_to_export", field="month")
    with write(by=by):
        entry = access_log.record(
            "export", by, at=now, subject_table="kpi_score", reason=reason,
            detail={"rows": len(found), "month": f"{month:%Y-%m}"},
        )  # fmt: skip
    mark = f"E{entry.pk} {by.name} {by.username} {timezone.localtime(now):%Y-%m-%d %H:%M}"
    return PayrollExport(entry.pk, tuple(str(words) for words in HEADER), [_cells(row, mark) for row in found])


def _cells(row: Score, mark: str) -> tuple[Any, ...]:
    staff = row.staff
    return (
        staff.number if staff else "",
        staff.name if staff else "",
        row.unit.name,
        row.unit.area or (row.unit.parent.area if row.unit.parent else ""),
        f"{row.month:%Y-%m}",
        "" if row.total is None else row.total,
        _("month frozen") if row.frozen_at else _("preliminary"),
        mark,
    )

"""ORG-22: the month's scores as a file for payroll; the only thing pay gets from here."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actions.doors import must
from crm.core.errors import Invalid
from crm.core.exports import take_along
from kpi.actions.exports import PAYROLL
from kpi.models import Score
from kpi.queries.cards import payroll_scores

if TYPE_CHECKING:
    from crm.core.models import Attachment, User

MAY = "export_payroll"
HEADER = (
    gettext_lazy("Staff number"),
    gettext_lazy("Name"),
    gettext_lazy("Unit"),
    gettext_lazy("Region"),
    gettext_lazy("Month"),
    gettext_lazy("Score"),
    gettext_lazy("State"),
)


def export_payroll(*, month: date, reason: str, by: User, now: datetime) -> Attachment:
    """ORG-22, SEC-1: staff number, unit, region, month and score of every manager; the act leaves its row."""
    must(by, MAY)
    found = payroll_scores(by.access.scope_for(MAY), month)
    if not found:
        raise Invalid(_("Nobody has a score in this month."), code="nothing_to_export", field="month")
    header, rows = tuple(str(words) for words in HEADER), [_cells(row) for row in found]
    return take_along(
        key=PAYROLL, name=f"payroll-{month:%Y-%m}", header=header, rows=rows, reason=reason, by=by, now=now
    )


def _cells(row: Score) -> tuple[Any, ...]:
    staff = row.staff
    return (
        staff.number if staff else "",
        staff.name if staff else "",
        row.unit.name,
        row.unit.area or (row.unit.parent.area if row.unit.parent else ""),
        f"{row.month:%Y-%m}",
        "" if row.total is None else row.total,
        _("month frozen") if row.frozen_at else _("preliminary"),
    )

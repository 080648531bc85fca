"""Submit a churn report, accept it or return it (RET-15)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role
from accounts.queries import names
from accounts.queries.staff import users_with_role
from crm.core.db import write
from crm.core.errors import Conflict, NotAllowed, NotFound, refuse_own
from crm.core.measures import Time
from crm.core.notices import NoticeKind, NoticeRow, notify
from crm.core.text import clean_text
from retention.choices import TO_SUBMIT, ChurnReportState
from retention.models import ChurnReport
from retention.notices import CHURN_REPORT_ACCEPTED, CHURN_REPORT_RETURNED, CHURN_REPORT_SUBMITTED
from retention.queries.reports import CHECKS, SEES, SUBMITS, TABLE, figures_of
from visits.rules.freeze import last_day

if TYPE_CHECKING:
    from crm.core.models import User


def submit_report(*, report_id: int, comment: str, version: int | None, by: User, now: datetime) -> ChurnReport:
    """The unit confirms the figures, as they stand in this moment, and submits; late or not is decided the first
    time."""
    comment = clean_text(comment, field="comment", max_length=1000, multiline=True)
    with write(by=by):
        row = _reached(by, report_id, SUBMITS, version)
        if row.state not in TO_SUBMIT:
            raise Conflict(_("This report has been submitted."), code="submitted", current={"state": row.state})
        time = Time(row.month, last_day(row.month), timezone.localdate(now), now)
        row.figures = figures_of({row.unit_id: names.subtree(row.unit_id)}, time)[row.unit_id]
        row.comment, row.submitted_by, row.last_submitted_at = comment, by, now
        row.submitted_at = row.submitted_at or now
        _move(row, ChurnReportState.SUBMITTED)
        checkers = users_with_role(Role.GROUP_DEPARTMENT, row.unit_id, timezone.localdate(now))
        _tell(row, CHURN_REPORT_SUBMITTED, [user for user in checkers if user != by.pk], by=by, now=now)
    return row


def check_report(
    *, report_id: int, returned: bool, reason: str, version: int | None, by: User, now: datetime
) -> ChurnReport:
    """Headquarters accepts it, or returns it with a reason: it was not right the first time then (F4). Never one's
    own."""
    reason = clean_text(reason, field="reason", max_length=500, blank=not returned, multiline=True)
    with write(by=by):
        row = _reached(by, report_id, CHECKS, version)
        refuse_own(by.pk, row.submitted_by_id)
        if row.state != ChurnReportState.SUBMITTED:
            raise Conflict(
                _("This report is not waiting to be checked."), code="not_waiting", current={"state": row.state}
            )
        row.checked_by, row.checked_at = by, now
        row.reason = reason if returned else ""
        row.returned_count += returned
        _move(row, ChurnReportState.RETURNED if returned else ChurnReportState.ACCEPTED)
        users = [row.submitted_by_id] if row.submitted_by_id is not None else []
        _tell(row, CHURN_REPORT_RETURNED if returned else CHURN_REPORT_ACCEPTED, users, by=by, now=now)
    return row


def _reached(by: User, report_id: int, ability: str, version: int | None) -> ChurnReport:
    """The report, locked: in sight, else 404; then allowed, else 403."""
    rows = ChurnReport.visible_to(by.access.scope_for(SEES))
    row = rows.select_for_update(of=("self",)).filter(pk=report_id).first()
    if row is None:
        raise NotFound(_("There is no such report."))
    if not by.access.scope_for(ability).allows(unit_id=row.unit_id):
        raise NotAllowed
    if version is not None and version != row.version:
        raise Conflict(current={"version": row.version, "state": row.state})
    return row


def _move(row: ChurnReport, state: ChurnReportState) -> None:
    row.state = state
    row.version += 1
    row.save()


def _tell(row: ChurnReport, kind: NoticeKind, users: list[int], *, by: User, now: datetime) -> None:
    params = {
        "unit": names.unit_name(row.unit_id), "month": f"{row.month:%Y-%m}", "by": by.name, "reason": row.reason,
    }  # fmt: skip
    url = f"/churn/reports/{row.pk}/"
    notify([NoticeRow(user, kind.kind, TABLE, row.pk, str(row.version), params, url) for user in users], now)

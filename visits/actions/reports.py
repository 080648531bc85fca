"""Write, submit, read or return a report (PLAN-12, PLAN-13)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.queries import names
from accounts.queries.staff import users_with_role
from crm.core.db import write
from crm.core.errors import Conflict, FieldProblem, Invalid, NotAllowed, NotFound, refuse_own
from crm.core.notices import NoticeRow, notify
from crm.core.text import clean_text
from visits.choices import ReportSection, ReportState
from visits.models import WorkReport
from visits.notices import REPORT_READ, REPORT_RETURNED, REPORT_SUBMITTED
from visits.queries.reports import READS, reader_scope
from visits.rules.reports import KINDS, MOST_LETTERS, empty_sections

if TYPE_CHECKING:
    from crm.core.models import User

WRITES = "write_reports"
EDITABLE = (ReportState.DRAFT, ReportState.RETURNED)


def save_report(
    *, report_id: int, sections: Mapping[str, str], version: int, submit: bool, by: User, now: datetime
) -> WorkReport:
    """Keep what is written; with `submit` every section must be filled in (PLAN-12: the empty one is named)."""
    with write(by=by):
        row = _seen(by, report_id)
        if row.staff_id != by.access.staff_id:
            raise NotAllowed
        if row.state not in EDITABLE:
            raise Conflict(_("This report has been submitted."), code="submitted", current={"state": row.state})
        if version != row.version:
            raise Conflict(current={"version": row.version, **row.sections})
        row.sections = _clean(row.kind, sections)
        row.version += 1
        if submit:
            _submit(row, now)
        row.save()
        if submit:
            _tell_readers(row, by=by, now=now)
    return row


def _clean(kind: str, sections: Mapping[str, str]) -> dict[str, str]:
    """The texts by section; a section the kind does not have is refused."""
    rule = KINDS[kind]
    problems: list[FieldProblem] = []
    clean: dict[str, str] = {}
    for code in rule.sections:
        try:
            clean[code] = clean_text(sections.get(code, ""), field=code, max_length=MOST_LETTERS, multiline=True)
        except Invalid as refusal:
            problems += refusal.problems
    if problems:
        raise Invalid(errors=problems)
    return clean


def _submit(row: WorkReport, now: datetime) -> None:
    empty = empty_sections(row.kind, row.sections)
    if empty:
        raise Invalid(
            errors=[
                FieldProblem(code, "required", _("“%(section)s” is empty.") % {"section": ReportSection(code).label})
                for code in empty
            ]
        )
    row.state = ReportState.SUBMITTED
    row.submitted_at = row.submitted_at or now


def decide_report(*, report_id: int, returned: bool, comment: str, by: User, now: datetime) -> WorkReport:
    """PLAN-13: read (审阅) with a comment, or returned with one; never one's own."""
    comment = clean_text(comment, field="comment", max_length=500, blank=not returned)
    with write(by=by):
        row = _seen(by, report_id)
        refuse_own(by.access.staff_id, row.staff_id)
        if not by.access.scope_for(READS).allows(unit_id=row.unit_id):
            raise NotAllowed
        if row.state != ReportState.SUBMITTED:
            raise Conflict(
                _("This report is not waiting to be read."), code="not_waiting", current={"state": row.state}
            )
        row.state = ReportState.RETURNED if returned else ReportState.READ
        row.returned_count += returned
        row.read_by, row.read_at, row.comment = by, now, comment
        row.version += 1
        row.save()
        _tell_author(row, by=by, now=now)
    return row


def _seen(by: User, report_id: int) -> WorkReport:
    """The report, locked, for its author and those who read it."""
    row = WorkReport.visible_to(reader_scope(by.access)).select_for_update(of=("self",)).filter(pk=report_id).first()
    if row is None:
        raise NotFound(_("There is no such report."))
    return row


def _tell_readers(row: WorkReport, *, by: User, now: datetime) -> None:
    """Whoever reads this kind in the unit: the regional market manager, for other kinds the supervisor."""
    readers = users_with_role(KINDS[row.kind].reader_role, row.unit_id, timezone.localdate(now))
    users = [user_id for user_id in readers if user_id != by.pk]
    params = {"name": by.name, "kind": row.kind, "title": KINDS[row.kind].title}
    notify(
        (NoticeRow(user_id, REPORT_SUBMITTED.kind, "visits_workreport", row.pk, str(row.version), params,
                   f"/reports/{row.pk}/") for user_id in users),
        now,
    )  # fmt: skip


def _tell_author(row: WorkReport, *, by: User, now: datetime) -> None:
    card = names.staff_card(row.staff_id)
    if card is None:
        return
    kind = REPORT_RETURNED if row.state == ReportState.RETURNED else REPORT_READ
    params = {"name": by.name, "comment": row.comment, "title": KINDS[row.kind].title}
    notify(
        [NoticeRow(card.user_id, kind.kind, "visits_workreport", row.pk, str(row.version), params,
                   f"/reports/{row.pk}/")],
        now,
    )  # fmt: skip

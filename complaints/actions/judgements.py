"""Justified or not (有理由投诉, CMP-4): proposed by the handler, decided by his supervisor; and what caused it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone

from complaints.actions.reach import note_change, one_of, reason_text, save, the_case
from complaints.actions.telling import tell
from complaints.choices import Judgement
from complaints.models import Case, CaseEntry
from complaints.queries.people import supervisors_of, told_of
from crm.core.db import write
from crm.core.errors import OwnRequest, refuse_own
from crm.core.text import clean_text

if TYPE_CHECKING:
    from crm.core.models import User

VERDICTS = (Judgement.JUSTIFIED.value, Judgement.UNJUSTIFIED.value)
CAUSE_LENGTH = 200
NOTE_LENGTH = 300


def propose_judgement(
    *, case_id: int, judgement: str, note: str = "", version: int | None = None, by: User, now: datetime
) -> Case:
    """What the handler thinks of it; his supervisor decides and is told."""
    one_of(judgement, VERDICTS, "judgement")
    note = clean_text(note, field="note", max_length=NOTE_LENGTH)
    with write(by=by):
        case = the_case(by, case_id, "propose", version=version)
        case.proposed_judgement = judgement
        note_change(case, "proposed", by=by, now=now, text=note, judgement=judgement)
        save(case, "proposed_judgement")
        told = supervisors_of(case.unit_id, timezone.localdate(now))
        tell(case, "case_to_judge", told, by=by, now=now, occasion=str(case.version))
    return case


def judge_case(
    *, case_id: int, judgement: str, note: str = "", version: int | None = None, by: User, now: datetime
) -> Case:
    """CMP-4: the supervisor decides, never the manager concerned and never who proposed it; once more if need be."""
    one_of(judgement, VERDICTS, "judgement")
    note = clean_text(note, field="note", max_length=NOTE_LENGTH)
    with write(by=by):
        case = the_case(by, case_id, "judge", version=version)
        refuse_own(by.pk, proposer_of(case))
        if by.access.staff_id is not None and by.access.staff_id in (case.manager_id, case.customer.manager_id):
            raise OwnRequest
        case.judgement, case.judged_by, case.judged_at, case.judgement_note = judgement, by, now, note
        note_change(case, "judged", by=by, now=now, text=note, judgement=judgement)
        save(case, "judgement", "judged_by", "judged_at", "judgement_note")
        told = told_of(case.owner_id, case.unit_id, timezone.localdate(now))
        tell(case, "case_judged", told, by=by, now=now, occasion=str(case.version))
    return case


def proposer_of(case: Case) -> int | None:
    """Who proposed the judgement last."""
    rows = CaseEntry.unscoped.filter(case=case, code="proposed").order_by("-pk")
    return rows.values_list("by_id", flat=True).first()


def set_cause(*, case_id: int, cause: str, version: int | None = None, by: User, now: datetime) -> Case:
    """The root cause, for the Pareto; empty takes it away."""
    cause = reason_text(cause, field="cause", blank=True)
    with write(by=by):
        case = the_case(by, case_id, "cause", version=version)
        if case.cause != cause:
            case.cause = cause
            note_change(case, "cause", by=by, now=now, cause=cause or "–")
            save(case, "cause")
    return case

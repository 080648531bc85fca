"""Solved in one call: a complaint taken down, its six steps and the told result in one save (issue: six steps)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from complaints.actions.cases import accept_case, close_case
from complaints.actions.intake import take_request
from complaints.actions.replies import reply_case
from complaints.actions.sheet import IntakeSheet
from complaints.actions.steps import Recorded, record_step
from complaints.choices import CaseKind, CaseState, StepNumber
from complaints.models import Case
from crm.core import parameters
from crm.core.db import write
from crm.core.errors import FieldProblem, Invalid

if TYPE_CHECKING:
    from crm.core.models import User


@dataclass(frozen=True, slots=True)
class OneCall:
    """Three ticks and one sentence for the feelings, a few words for the matter, and what the customer was told."""

    listened: bool
    apologised: bool
    understood: bool
    sentence: str
    information: str
    options: tuple[str, ...]
    agreed: str
    satisfaction: int
    result: str
    method: str
    mood: str = ""
    follow_up_on: date | None = None


@dataclass(frozen=True, slots=True)
class Solved:
    """The closed case, what was said about its steps, and the service phrases in our words."""

    case: Case
    warnings: tuple[Any, ...] = ()
    phrases: tuple[int, ...] = ()


def solve_in_one_call(*, sheet: IntakeSheet, call: OneCall, by: User, now: datetime) -> Solved:
    """Every step goes through `record_step`, every state through its own action: one save skips nothing."""
    if not (call.listened and call.apologised and call.understood):
        raise Invalid(
            errors=[
                FieldProblem(name, "required", _("This field is required."))
                for name in ("listened", "apologised", "understood")
                if not getattr(call, name)
            ]
        )
    with write(by=by):
        case = take_request(sheet=replace(sheet, kind=CaseKind.COMPLAINT.value), by=by, now=now)
        if case.state == CaseState.CLOSED:
            return Solved(case)  # the same form, sent twice
        if case.state == CaseState.RECEIVED:
            accept_case(case_id=case.pk, by=by, now=now)
        recorded: list[Recorded] = []
        for step, data in _steps(call, timezone.localdate(now)):
            if step == StepNumber.KEEP_IN_TOUCH:
                said = reply_case(case_id=case.pk, text=call.result, method=call.method, by=by, now=now)
            recorded.append(record_step(case_id=case.pk, step=step, data=data, by=by, now=now))
        close_case(case_id=case.pk, by=by, now=now)
        Case.unscoped.filter(pk=case.pk).update(solved_in_one_call=True)
        case = Case.unscoped.select_related("customer").get(pk=case.pk)
    return Solved(
        case,
        tuple(text for row in recorded for text in row.warnings),
        tuple(sorted({*said.phrases, *(number for row in recorded for number in row.phrases)})),
    )


def _steps(call: OneCall, today: date) -> list[tuple[int, dict[str, Any]]]:
    days = int(parameters.value("case_follow_up_days", today))
    return [
        (StepNumber.PREDICT, {"listened": call.listened, "sympathy": True, "mood": call.mood}),
        (StepNumber.MEET, {"apologised": call.apologised}),
        (StepNumber.OPEN, {"facts": call.sentence, "restated": call.understood, "understanding": call.understood}),
        (StepNumber.PROVIDE, {"information": call.information, "options": list(call.options)}),
        (StepNumber.AGREE, {"agreed": call.agreed, "agreed_on": today, "satisfaction": call.satisfaction}),
        (
            StepNumber.KEEP_IN_TOUCH,
            {"apologised": call.apologised, "follow_up_on": call.follow_up_on or today + timedelta(days=days)},
        ),
    ]

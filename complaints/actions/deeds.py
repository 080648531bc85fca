"""One door for deeds named by a word (the API's transitions): each leads to its own action, none has a guard here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from complaints.actions.cases import (
    accept_case,
    assign_case,
    close_case,
    not_satisfied,
    pause_case,
    reopen_case,
    resume_case,
)
from complaints.actions.judgements import judge_case, propose_judgement, set_cause
from complaints.actions.matters import report_case_up, send_case
from complaints.actions.merges import merge_cases, undo_merge
from complaints.actions.orders import finish_order_step
from complaints.actions.replies import reply_case
from complaints.choices import CaseState
from crm.core.errors import FieldProblem, Invalid

if TYPE_CHECKING:
    from crm.core.models import User


@dataclass(frozen=True, slots=True)
class Door:
    """An action, the values it needs and those it may get."""

    action: Callable[..., Any]
    needs: tuple[str, ...] = ()
    takes: tuple[str, ...] = ()


def _wait(**given: Any) -> Any:
    return pause_case(state=CaseState.WAITING_CUSTOMER.value, **given)


def _appoint(**given: Any) -> Any:
    return pause_case(state=CaseState.APPOINTED.value, **given)


def _merge(*, case_id: int, into_id: int, **given: Any) -> Any:
    return merge_cases(survivor_id=into_id, merged_id=case_id, **given)


DOORS: Mapping[str, Door] = {
    "accept": Door(accept_case),
    "assign": Door(assign_case, ("to_staff_id",), ("reason",)),
    "pause": Door(_wait, ("reason",)),
    "appoint": Door(_appoint, ("reason", "until_at")),
    "resume": Door(resume_case),
    "reply": Door(reply_case, ("text", "method"), ("told_at", "is_resolved")),
    "not_satisfied": Door(not_satisfied, ("reason",)),
    "close": Door(close_case),
    "reopen": Door(reopen_case, ("reason",)),
    "merge": Door(_merge, ("into_id",), ("reason",)),
    "undo_merge": Door(undo_merge),
    "propose": Door(propose_judgement, ("judgement",), ("note",)),
    "judge": Door(judge_case, ("judgement",), ("note",)),
    "cause": Door(set_cause, ("cause",)),
    "order_step": Door(finish_order_step, ("position",)),
    "dispatch": Door(send_case, ("to_unit_id", "text"), ("reply_due_at",)),
    "escalate": Door(report_case_up, ("reason",)),
}


def do_deed(
    *, case_id: int, deed: str, values: Mapping[str, Any], version: int | None = None, by: User, now: datetime
) -> None:
    """Do what a word says with the values it takes; one it does not take is a problem of its field."""
    door = DOORS.get(deed)
    if door is None:
        raise Invalid(_("This is not one of the choices."), code="invalid_choice", field="deed")
    problems = [
        FieldProblem(name, "unknown_field", _("There is no such field."))
        for name in values
        if name not in (*door.needs, *door.takes)
    ]
    problems += [
        FieldProblem(name, "required", _("This field is required.")) for name in door.needs if name not in values
    ]
    if problems:
        raise Invalid(errors=problems)
    door.action(case_id=case_id, version=version, by=by, now=now, **values)

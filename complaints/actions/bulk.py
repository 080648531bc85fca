"""One deed on many cases: each through the guard that holds for one alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from complaints.actions.cases import accept_case, assign_case, close_case, correct_case, resume_case
from complaints.actions.replies import add_note
from complaints.models import Case
from complaints.rules.cases import BULK_DEEDS
from crm.core.db import write
from crm.core.errors import DomainError, Invalid, NotFound

if TYPE_CHECKING:
    from crm.core.models import User

MOST = 200
_DEEDS: dict[str, Callable[..., Any]] = {
    "accept": accept_case, "assign": assign_case, "note": add_note, "resume": resume_case, "close": close_case,
    "correct": correct_case,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one case: "" it is done, else the code and the sentence of its refusal."""

    case_id: int
    number: str
    code: str = ""
    message: str = ""


def act_on_cases(*, case_ids: Iterable[int], deed: str, by: User, now: datetime, **values: Any) -> list[Row]:
    """Do one deed to each of these cases. One out of sight stops all (decisions 14); one refused stops only itself."""
    wanted = sorted(set(case_ids))
    if deed not in BULK_DEEDS:
        raise Invalid(_("This is not done to many at once."), code="invalid_choice", field="deed")
    if not wanted or len(wanted) > MOST:
        raise Invalid(_("From 1 to %(max)d cases at once."), code="too_many", field="cases", params={"max": MOST})
    rows: list[Row] = []
    with write(by=by):
        seen = Case.visible_to(by.access.scope_for("view_cases")).filter(pk__in=wanted)
        numbers = dict(seen.values_list("pk", "number"))
        if len(numbers) != len(wanted):
            raise NotFound(_("There is no such case."), field="cases")
        for case_id in wanted:
            try:
                with transaction.atomic():
                    _DEEDS[deed](case_id=case_id, by=by, now=now, **values)
            except DomainError as refusal:
                rows.append(Row(case_id, numbers[case_id], refusal.code, str(refusal)))
            else:
                rows.append(Row(case_id, numbers[case_id]))
    return rows

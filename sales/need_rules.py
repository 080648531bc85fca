"""The rules of needs, for every door (CUS-14, SAL-10, decisions 36)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.rules import fields as f
from accounts.rules.fields import Check, Checked, check_values, needed
from crm.core.errors import FieldProblem
from sales.choices import NEED_STEPS, NeedStage

NEED_CHECKS: dict[str, Check] = {
    "type": needed(f.text(30)),
    "found_on": f.day(past=True),
    "text": needed(f.text(1000, multiline=True)),
    "pain": f.text(500, multiline=True),
    "budget": f.money,
    "decision_maker": f.text(50),
    "wanted_on": f.day(),
    "competitor": f.text(100),
}
ENDS = (NeedStage.MET, NeedStage.LOST)


def check_need(values: Mapping[str, Any], *, today: date) -> Checked:
    """One need; found today unless it says otherwise, and wanted after it was found."""
    checked = check_values(values, NEED_CHECKS, today=today, required=("type", "text"))
    clean, problems = checked.clean, checked.problems
    clean["found_on"] = clean.get("found_on") or today
    wanted = clean.get("wanted_on")
    if wanted and wanted < clean["found_on"]:
        problems.append(FieldProblem("wanted_on", "out_of_order", _("Wanted before it was found?")))
    return checked


def refusal_to_step(stage: str, to_stage: str, *, has_unit: bool, note: str) -> FieldProblem | None:
    """Why a need cannot go there, if so: illegal jumps, passed on to nobody, lost without a reason."""
    if to_stage not in NEED_STEPS.get(stage, ()):
        return FieldProblem("stage", "illegal_step", _("A need does not go this way."))
    if to_stage == NeedStage.ROUTED and not has_unit:
        return FieldProblem("routed_to", "required", _("Passed on to which department?"))
    if to_stage in (NeedStage.PROPOSED, NeedStage.LOST) and not note:
        words = _("Why was it lost?") if to_stage == NeedStage.LOST else _("What was proposed?")
        return FieldProblem("note", "required", words)
    return None

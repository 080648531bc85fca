"""Record one of the six steps (CMP-6…13): the only action that asks the guard, for every door there is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.actions.tasks import create_task
from accounts.choices import TaskKind
from complaints.actions.phrases import note_phrases
from complaints.actions.reach import STEP_TABLE, WrongState, acted, done_steps, note_change, save, spoke, the_case
from complaints.choices import FEELINGS, CaseState, PhrasePlace, StepNumber
from complaints.models import Case, CaseStep
from complaints.rules.steps import FEWEST_OPTIONS, MOODS, MOST_OPTIONS, STEP_FIELDS, StepField, refuse_step
from crm.core import parameters
from crm.core.db import write
from crm.core.errors import DomainError, FieldProblem, Invalid
from crm.core.text import clean_text

if TYPE_CHECKING:
    from crm.core.models import User


class StepRefused(DomainError):
    """CMP-6: the steps come one after the other, and feelings before the matter."""

    code = "step_refused"
    status = 409


REFUSALS: Mapping[str, str | Promise] = {
    "unknown": _("There is no such step."),
    "done": _("This step is on record already in this round."),
    "feelings_first": _("Feelings first: steps 1 to 3 come before the matter."),
    "step_before": _("The step before this one is not on record yet."),
}


@dataclass(frozen=True, slots=True)
class Recorded:
    """A step on record; warnings do not stop it (fewer than two options), nor do service phrases."""

    case: Case
    step: CaseStep
    warnings: tuple[str | Promise, ...] = ()
    phrases: tuple[int, ...] = ()


def record_step(
    *, case_id: int, step: int, data: Mapping[str, Any], version: int | None = None, by: User, now: datetime
) -> Recorded:
    """Put a step of the round on record, with the fields of its rule; page, one call, API and bulk all call this."""
    with write(by=by):
        case = the_case(by, case_id, "step", version=version)
        why = refuse_step(done_steps(case), step)
        if why:
            raise StepRefused(REFUSALS[why], code=why, field="step")
        if case.state == CaseState.REPLIED and step != StepNumber.KEEP_IN_TOUCH:
            raise WrongState(case)
        clean = check_step(step, data, today=timezone.localdate(now))
        row = CaseStep.unscoped.create(case=case, round=case.round, step=step, data=clean, done_at=now, done_by=by)
        phrases = _phrases(step, clean, by=by, now=now)
        fields = acted(case, now)
        if step in FEELINGS:
            fields += spoke(case, now)
        if step == StepNumber.AGREE:
            case.satisfaction = clean["satisfaction"]
            fields.append("satisfaction")
        if step == StepNumber.KEEP_IN_TOUCH:
            keep_in_touch(case, row, by=by, now=now)
        note_change(case, "step", by=by, now=now, step=step)
        save(case, *fields)
    return Recorded(case, row, warnings_of(step, clean), phrases)


def check_step(step: int, data: Mapping[str, Any], *, today: date) -> dict[str, Any]:
    """The fields of a step as they are kept; unknown ones are refused, every problem is told at once."""
    problems: list[FieldProblem] = []
    fields = STEP_FIELDS[step]
    for name in set(data).difference(field.name for field in fields):
        problems.append(FieldProblem(name, "unknown_field", _("There is no such field.")))
    clean: dict[str, Any] = {}
    for field in fields:
        try:
            value = _READERS[field.holds](data.get(field.name), field)
        except Invalid as fault:
            problems += fault.problems
            continue
        if value in (None, "", False, []):
            if field.is_required:
                problems.append(FieldProblem(field.name, "required", REQUIRED.get(field.name, NEEDED)))
            continue
        clean[field.name] = value
    problems += _day_problems(step, clean, today)
    if problems:
        raise Invalid(errors=sorted(problems, key=lambda problem: problem.field))
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in clean.items()}


NEEDED = _("This field is required.")
REQUIRED: Mapping[str, str | Promise] = {
    "listened": _("This step is done when you have listened."),
    "apologised": _("This step is done when you have apologised."),
    "facts": _("Write down what the customer told you."),
    "satisfaction": _("Ask how satisfied the customer is: 1 to 5."),
}


def _day_problems(step: int, clean: Mapping[str, Any], today: date) -> list[FieldProblem]:
    """Promises lie ahead, agreements do not; the follow-up comes within its days (CMP-13)."""
    found = []
    if "expected_on" in clean and not today <= clean["expected_on"] <= today + timedelta(days=366):
        found.append(FieldProblem("expected_on", "out_of_range", _("This day must lie ahead, within a year.")))
    if "agreed_on" in clean and not today - timedelta(days=31) <= clean["agreed_on"] <= today + timedelta(days=31):
        found.append(FieldProblem("agreed_on", "out_of_range", _("This date is too far away.")))
    if step == StepNumber.KEEP_IN_TOUCH and "follow_up_on" in clean:
        days = int(parameters.value("case_follow_up_days", today))
        if not today <= clean["follow_up_on"] <= today + timedelta(days=days):
            text = _("The follow-up lies within %(days)d days.") % {"days": days}
            found.append(FieldProblem("follow_up_on", "out_of_range", text))
    return found


def keep_in_touch(case: Case, row: CaseStep, *, by: User, now: datetime) -> None:
    """CMP-13: the next contact is a task of whoever looks after the customer."""
    create_task(
        kind=TaskKind.FOLLOW_UP, customer_id=case.customer_id, staff_id=case.customer.manager_id or case.owner_id,
        due_on=date.fromisoformat(row.data["follow_up_on"]), title=case.number, reason=case.facts,
        origin_table=STEP_TABLE, origin_id=row.pk, by=by, now=now,
    )  # fmt: skip


def warnings_of(step: int, clean: Mapping[str, Any]) -> tuple[str | Promise, ...]:
    """CMP-11: one option is no choice; said, not refused."""
    if step == StepNumber.PROVIDE and len(clean.get("options", ())) < FEWEST_OPTIONS:
        return (_("Only one solution was offered: a choice of two or more calms better."),)
    return ()


def _phrases(step: int, clean: Mapping[str, Any], *, by: User, now: datetime) -> tuple[int, ...]:
    """Service phrases in our own words of a step (CMP-16)."""
    texts = []
    for field in STEP_FIELDS[step]:
        if field.is_ours and field.name in clean:
            value = clean[field.name]
            texts.append("\n".join(value) if isinstance(value, list) else str(value))
    if not texts:
        return ()
    (found,) = note_phrases([(PhrasePlace.STEP, "\n".join(texts))], by=by, now=now)
    return tuple(found)


# --- One value of one field, whatever door it comes through


def _tick(value: Any, field: StepField) -> bool:
    if value not in (None, "", True, False, "on", "true", "false"):
        raise Invalid(_("This is not one of the choices."), code="invalid_choice", field=field.name)
    return value in (True, "on", "true")


def _text(value: Any, field: StepField) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Invalid(_("A text is expected."), code="invalid", field=field.name)
    return clean_text(value, field=field.name, max_length=field.longest, multiline=True)


def _mood(value: Any, field: StepField) -> str:
    if value in (None, ""):
        return ""
    if value not in MOODS:
        raise Invalid(_("This is not one of the choices."), code="invalid_choice", field=field.name)
    return str(value)


def _day(value: Any, field: StepField) -> date | None:
    if value in (None, ""):
        return None
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError as fault:
        text = _("This date does not exist. Example: 2026-03-31.")
        raise Invalid(text, code="invalid_date", field=field.name) from fault


def _score(value: Any, field: StepField) -> int | None:
    if value in (None, ""):
        return None
    text = str(value)
    if isinstance(value, bool) or text not in ("1", "2", "3", "4", "5"):
        raise Invalid(_("A number from 1 to 5 is expected."), code="out_of_range", field=field.name)
    return int(text)


def _options(value: Any, field: StepField) -> list[str]:
    """A list, or one a line."""
    if value in (None, ""):
        return []
    lines = value.splitlines() if isinstance(value, str) else value
    if not isinstance(lines, list | tuple) or not all(isinstance(line, str) for line in lines):
        raise Invalid(_("A list of texts is expected."), code="invalid", field=field.name)
    kept = [clean_text(line, field=field.name, max_length=field.longest) for line in lines]
    kept = [line for line in kept if line]
    if len(kept) > MOST_OPTIONS:
        raise Invalid(_("At most %(max)d."), code="too_many", field=field.name, params={"max": MOST_OPTIONS})
    return kept


_READERS = {"tick": _tick, "text": _text, "mood": _mood, "day": _day, "score": _score, "options": _options}

"""A case from hand to hand and from state to state: accept, give, pause, take up, close, open again (CMP-1, CMP-2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db.models import F, Value
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.dispatches import withdraw_all
from accounts.actions.tasks import end_tasks_of
from accounts.queries import names
from complaints.actions import clocks
from complaints.actions.reach import (
    acted,
    done_steps,
    move,
    note_change,
    one_of,
    reason_text,
    save,
    the_case,
)
from complaints.actions.recount import retarget
from complaints.actions.replies import StepsMissing
from complaints.actions.sheet import categories, products
from complaints.actions.standing import count_open
from complaints.actions.telling import report_major, tell
from complaints.choices import CaseKind, CaseLevel, CaseState
from complaints.models import Case, CasePause
from complaints.queries.dispatched import ORIGIN as TABLE
from complaints.queries.people import supervisors_of, takers_of, told_of
from complaints.rules.intake import NEEDS_EXPECTATION
from complaints.rules.steps import missing_for_close
from crm.core import parameters
from crm.core.db import write
from crm.core.errors import Conflict, DomainError, FieldProblem, Invalid
from crm.core.text import clean_text, normal_phone
from visits.models import Visit

if TYPE_CHECKING:
    from crm.core.models import User


class NotAnswered(DomainError):
    """CMP-1: nothing closes without a reply to the customer."""

    code = "no_reply"
    message = _("A case closes only when the customer was told the result: what, how and when.")
    status = 409


def accept_case(*, case_id: int, version: int | None = None, by: User, now: datetime) -> Case:
    """Take a case into one's hands; whoever answers for it stays, a case without owner gets one."""
    with write(by=by):
        case = the_case(by, case_id, "accept", version=version)
        case.accepted_at = now
        case.owner_id = case.owner_id or by.access.staff_id
        note_change(case, "accepted", by=by, now=now)
        move(case, "accept", "accepted_at", "owner")
    return case


def assign_case(
    *, case_id: int, to_staff_id: int, reason: str = "", version: int | None = None, by: User, now: datetime
) -> Case:
    """Give a case to somebody who sees it: the manager, a handler or supervisor of the unit; he is told."""
    reason = reason_text(reason, blank=True)
    today = timezone.localdate(now)
    with write(by=by):
        case = the_case(by, case_id, "assign", version=version)
        takers = {card.id for card in takers_of(case.customer.unit_id, case.customer.manager_id, today)}
        if to_staff_id not in takers:
            raise Invalid(_("This colleague does not see the case."), code="not_found", field="to_staff")
        if case.owner_id != to_staff_id:
            case.owner_id = to_staff_id
            note_change(case, "assigned", by=by, now=now, text=reason, staff=to_staff_id)
            save(case, "owner")
            card = names.staff_card(to_staff_id)
            if card is not None:
                tell(case, "case_assigned", (card.user_id,), by=by, now=now, occasion=str(case.version))
    return case


def pause_case(
    *,
    case_id: int,
    state: str,
    reason: str,
    until_at: datetime | None = None,
    version: int | None = None,
    by: User,
    now: datetime,
) -> Case:
    """Let the clocks stand still in a named state, with a reason; an appointment says until when."""
    one_of(state, (CaseState.WAITING_CUSTOMER.value, CaseState.APPOINTED.value), "state")
    reason = reason_text(reason)
    is_appointment = state == CaseState.APPOINTED
    if is_appointment and until_at is None:
        raise Invalid(_("An appointment says when."), code="required", field="until_at")
    if until_at is not None and not now < until_at <= now + timedelta(days=92):
        raise Invalid(_("This moment must lie ahead, within three months."), code="out_of_range", field="until_at")
    with write(by=by):
        case = the_case(by, case_id, "appoint" if is_appointment else "pause", version=version)
        CasePause.unscoped.create(
            case=case, round=case.round, state=state, reason=reason, until_at=until_at, began_at=now, began_by=by
        )
        clocks.pause_clocks(case, now)
        told = timezone.localtime(until_at).strftime("%Y-%m-%d %H:%M") if until_at else ""
        note_change(case, state, by=by, now=now, text=reason, until=told)
        move(case, "appoint" if is_appointment else "pause", *acted(case, now))
    return case


def resume_case(*, case_id: int, version: int | None = None, by: User | None, now: datetime) -> Case:
    """Take a case up again: its clocks run on with the time they had left. Without `by`, its appointment has come."""
    with write(by=by, label="" if by else "system:case_clocks"):
        case = the_case(by, case_id, "resume", version=version)
        end_pause(case, by=by, now=now)
        move(case, "resume")
    return case


def end_pause(case: Case, *, by: User | None, now: datetime) -> None:
    """The pause ends and the clocks run; with a case in hand."""
    # A request that waited for the other one read its clock first.
    ended_at = Greatest(Value(now), F("began_at"))
    CasePause.unscoped.filter(case=case, ended_at=None).update(ended_at=ended_at, ended_by=by)
    clocks.resume_clocks(case, now)
    note_change(case, "resumed", by=by, now=now)


def close_case(*, case_id: int, version: int | None = None, by: User, now: datetime) -> Case:
    """Close what the customer was told (CMP-1); a complaint after its sixth step."""
    with write(by=by):
        case = the_case(by, case_id, "close", version=version)
        shut(case, by=by, now=now)
    return case


def shut(case: Case, *, by: User, now: datetime) -> None:
    """The same with a case in hand; every close goes through here."""
    if not case.result or case.replied_at is None or not case.reply_method:
        raise NotAnswered
    missing = missing_for_close(case.kind, done_steps(case)) if case.kind == CaseKind.COMPLAINT else frozenset()
    if missing:
        raise StepsMissing(params={"steps": ", ".join(map(str, sorted(missing)))})
    case.closed_at, case.closed_by = now, by
    clocks.void_clocks(case, now)
    note_change(case, "closed", by=by, now=now)
    move(case, "close", "closed_at", "closed_by")
    end_tasks_of(origin_table=TABLE, origin_ids=[case.pk], by=by, now=now)
    withdraw_all(origin_table=TABLE, origin_ids=[case.pk], by=by, now=now)
    count_open([case.customer_id])


def not_satisfied(*, case_id: int, reason: str, version: int | None = None, by: User, now: datetime) -> Case:
    """The customer was told the result and is not satisfied: back to work in the same round, and told again later."""
    reason = reason_text(reason)
    with write(by=by):
        case = the_case(by, case_id, "not_satisfied", version=version)
        _take_back(case, "not_satisfied", reason, by=by, now=now)
    return case


def reopen_case(*, case_id: int, reason: str, version: int | None = None, by: User, now: datetime) -> Case:
    """Open a closed case again within its days: a new round with clocks and steps of its own; the old ones stay."""
    reason = reason_text(reason)
    with write(by=by):
        case = the_case(by, case_id, "reopen", version=version)
        days = int(parameters.value("case_reopen_days", timezone.localdate(now)))
        if case.closed_at is not None and now - case.closed_at > timedelta(days=days):
            raise Conflict(
                _("A case may be opened again within %(days)d days; please take down a new one."),
                code="too_late", params={"days": days}, current={"closed_at": case.closed_at.isoformat()},
            )  # fmt: skip
        case.round += 1
        case.closed_at, case.closed_by, case.solved_in_one_call = None, None, False
        _take_back(case, "reopened", reason, "round", "closed_at", "closed_by", "solved_in_one_call", by=by, now=now)
        today = timezone.localdate(now)
        told = {*told_of(case.owner_id, case.unit_id, today), *supervisors_of(case.unit_id, today)}
        tell(case, "case_reopened", tuple(sorted(told)), by=by, now=now, occasion=str(case.round))
    return case


def _take_back(case: Case, code: str, reason: str, *fields: str, by: User, now: datetime) -> None:
    """The told result does not hold any more; what was told stays in the conversation."""
    case.result, case.reply_method, case.replied_at, case.is_resolved = "", "", None, None
    case.state = CaseState.HANDLING
    note_change(case, code, by=by, now=now, text=reason, round=case.round)
    save(case, "state", "result", "reply_method", "replied_at", "is_resolved", *fields)
    clocks.start_clocks(case, now)
    count_open([case.customer_id])


_TEXTS = {"facts": 2000, "expectation": 500, "speaker_name": 50, "numbers": 200}
CORRECTABLE = (*_TEXTS, "speaker_phone", "category_code", "product_id", "level", "caused_by_id")


def correct_case(
    *, case_id: int, changes: Mapping[str, Any], version: int | None = None, by: User, now: datetime
) -> Case:
    """Put an intake right: category, product, level, texts, the visit that caused it. Major is reported up at once."""
    unknown = [FieldProblem(name, "unknown_field", _("There is no such field.")) for name in changes
               if name not in CORRECTABLE]  # fmt: skip
    if unknown:
        raise Invalid(errors=unknown)
    with write(by=by):
        case = the_case(by, case_id, "correct", version=version)
        fields = [field for name in changes if (field := _corrected(case, name, changes[name]))]
        if case.kind in NEEDS_EXPECTATION and not case.expectation:
            raise Invalid(_("This field is required."), code="required", field="expectation")
        if not fields:
            case.version -= 1
            return case
        note_change(case, "corrected", by=by, now=now, fields=fields)
        save(case, *fields)
        if {"category", "level"} & set(fields):
            retarget(case, now)
        if "level" in fields and case.level == CaseLevel.MAJOR:
            report_major(case, by=by, now=now)
    return case


def _corrected(case: Case, name: str, value: Any) -> str:
    """Set one field; its name when it has changed, "" when it is as it was."""
    if name in _TEXTS:
        is_long = name in ("facts", "expectation")
        value = clean_text(value, field=name, max_length=_TEXTS[name], blank=name != "facts", multiline=is_long)
    elif name == "speaker_phone":
        value = normal_phone(value, field=name) if value.strip() else ""
    elif name == "level":
        value = one_of(value, CaseLevel.values, "level")
    else:
        return _pointed(case, name, value)
    if getattr(case, name) == value:
        return ""
    setattr(case, name, value)
    return name


def _pointed(case: Case, name: str, value: Any) -> str:
    field = {"category_code": "category", "product_id": "product", "caused_by_id": "caused_by"}[name]
    rows: Any = {
        "category": lambda: categories(value),
        "product": lambda: products(value),
        "caused_by": lambda: Visit.unscoped.filter(pk=value, customer_id=case.customer_id, undone_at=None),
    }[field]
    row = rows().first() if value else None
    if value and row is None:
        raise Invalid(_("There is no such record."), code="not_found", field=field)
    if getattr(case, f"{field}_id") == (row.pk if row else None):
        return ""
    setattr(case, field, row)
    return field

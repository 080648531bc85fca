"""批示 of the regional market manager on a case or an opinion: a task with its day, fed back, measured (CMP-32, 37)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.tasks import create_task, end_tasks_of
from accounts.choices import TaskKind
from accounts.models import Customer
from accounts.queries import names
from complaints.actions.opinions import told
from complaints.actions.quality import begin_feedback
from complaints.actions.reach import one_of
from complaints.actions.replies import interim_word
from complaints.choices import ReplyMethod
from complaints.form_notices import INSTRUCTION_FED_BACK, INSTRUCTION_GIVEN
from complaints.models import Case, Instruction, VoiceFeedback
from complaints.queries.instructions import TABLE, may_feed_back
from complaints.queries.people import handler_of
from complaints.rules.cases import UNFINISHED
from crm.core import parameters, working_days
from crm.core.db import write
from crm.core.errors import Conflict, NotAllowed, NotFound
from crm.core.notices import NoticeRow, notify
from crm.core.text import clean_text
from visits.models import CustomerVoice

if TYPE_CHECKING:
    from crm.core.models import User

GIVES = "instruct_cases"


def instruct_case(*, case_id: int, text: str, orders_exchange: bool = False, by: User, now: datetime) -> Instruction:
    """An instruction on a case; one that orders an exchange opens the flow of the feedback form (CMP-37)."""
    with write(by=by):
        rows = Case.visible_to(by.access.scope_for("view_cases")).select_related("customer")
        case = rows.select_for_update(of=("self",), no_key=True).filter(pk=case_id).first()
        if case is None:
            raise NotFound(_("There is no such case."))
        row = _give(case.customer, text, case=case, orders_exchange=orders_exchange, by=by, now=now)
        if orders_exchange:
            begin_feedback(case)
    return row


def instruct_voice(*, voice_id: int, text: str, by: User, now: datetime) -> Instruction:
    """An instruction on what a customer said."""
    with write(by=by):
        voice = CustomerVoice.visible_to(by.access.scope).select_related("customer").filter(pk=voice_id).first()
        if voice is None:
            raise NotFound(_("There is no such entry."))
        return _give(voice.customer, text, voice=voice, by=by, now=now)


def _give(
    customer: Customer,
    text: str,
    *,
    case: Case | None = None,
    voice: CustomerVoice | None = None,
    orders_exchange: bool = False,
    by: User,
    now: datetime,
) -> Instruction:
    if not by.access.scope_for(GIVES).allows(unit_id=customer.unit_id, manager_id=customer.manager_id):
        raise NotAllowed
    text = clean_text(text, field="text", max_length=500, blank=False, multiline=True)
    today = timezone.localdate(now)
    due_on = working_days.calendar().add(today, int(parameters.value("instruction_days", today)))
    row = Instruction.unscoped.create(
        customer=customer, case=case, voice=voice, text=text, orders_exchange=orders_exchange, given_at=now,
        given_by=by, due_on=due_on,
    )  # fmt: skip
    _give_task(row, customer, case.owner_id if case else None, by=by, now=now)
    return row


def _give_task(row: Instruction, customer: Customer, owner_id: int | None, *, by: User, now: datetime) -> None:
    """To the customer's manager; nobody → whoever answers for the case, else the unit's handler."""
    staff_id = customer.manager_id or owner_id or handler_of(customer.unit_id)
    create_task(
        kind=TaskKind.FOLLOW_UP, customer_id=customer.pk, staff_id=staff_id, due_on=row.due_on, by=by, now=now,
        title=row.text[:100], reason=row.text, origin_table=TABLE, origin_id=row.pk,
    )  # fmt: skip
    card = names.staff_card(staff_id)
    if card is not None and card.user_id != by.pk:
        params = {"by": by.name, "customer": customer.name, "due": row.due_on.isoformat(), "text": row.text[:100]}
        notify([_notice(card.user_id, INSTRUCTION_GIVEN.kind, row, params)], now)


def feed_back_instruction(*, instruction_id: int, feedback: str, method: str, by: User, now: datetime) -> Instruction:
    """The customer was told: the task is done, the case has its interim word, the opinion its result (CMP-32, 33)."""
    feedback = clean_text(feedback, field="feedback", max_length=500, blank=False, multiline=True)
    one_of(method, ReplyMethod.values, "method")
    with write(by=by):
        row = _open_one(by, instruction_id)
        row.fed_back_at, row.fed_back_by, row.feedback = now, by, feedback
        row.save(update_fields=["fed_back_at", "fed_back_by", "feedback"])
        end_tasks_of(origin_table=TABLE, origin_ids=[row.pk], by=by, now=now)
        _pass_on(row, feedback, method, by=by, now=now)
        params = {"by": by.name, "customer": row.customer.name}
        if row.given_by_id != by.pk:
            notify([_notice(row.given_by_id, INSTRUCTION_FED_BACK.kind, row, params)], now)
    return row


def _open_one(by: User, instruction_id: int) -> Instruction:
    rows = Instruction.visible_to(by.access.scope).select_related("customer").select_for_update(of=("self",))
    row = rows.filter(pk=instruction_id).first()
    if row is None:
        raise NotFound(_("There is no such instruction."))
    if not may_feed_back(by.access, unit_id=row.customer.unit_id, manager_id=row.customer.manager_id):
        raise NotAllowed
    if row.fed_back_at is not None:
        raise Conflict(_("The customer has been told already."), code="fed_back")
    return row


def _pass_on(row: Instruction, feedback: str, method: str, *, by: User, now: datetime) -> None:
    """What the customer was told also stands where it was about."""
    if row.case_id is not None:
        case = Case.unscoped.select_for_update(no_key=True).get(pk=row.case_id)
        if case.state in UNFINISHED:
            case.version += 1
            interim_word(case, feedback, method, by=by, now=now, field="feedback")
    elif row.voice_id is not None and not VoiceFeedback.unscoped.filter(voice_id=row.voice_id).exists():
        told(row.voice_id, result=feedback, explanation="", method=method, by=by, now=now)


def _notice(user_id: int, kind: str, row: Instruction, params: dict[str, str]) -> NoticeRow:
    return NoticeRow(user_id, kind, TABLE, row.pk, "", params, f"/instructions/{row.pk}/", urgent=True)

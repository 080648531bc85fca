"""受理: take down what a customer brings; it goes to whoever answers for it (CMP-1, CMP-2, CMP-5, CMP-15, ORG-18)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import must
from accounts.actions.tasks import create_task
from accounts.choices import TaskKind
from accounts.models import Customer
from complaints.actions import clocks
from complaints.actions.cases import shut
from complaints.actions.reach import acted, note_change, save
from complaints.actions.replies import interim_word, tell_result
from complaints.actions.sheet import Answer, IntakeSheet, References, checked, referred
from complaints.actions.standing import count_open
from complaints.actions.telling import report_major, tell
from complaints.choices import CaseKind, CaseLevel, CaseState
from complaints.models import Case
from complaints.queries.cards import MinimalCard, card_of, customer_by_number
from complaints.queries.dispatched import ORIGIN as TABLE
from complaints.queries.people import owner_for, told_of
from complaints.rules.intake import case_number
from crm.core import access_log, working_days
from crm.core.db import write
from crm.core.errors import Conflict, Invalid, NotFound

if TYPE_CHECKING:
    from crm.core.models import User

MAY = "take_requests"
_NUMBER_LOCK = 7_204_116
"""Advisory lock of the day's numbers: the second intake of a moment waits for the first."""


def minimal_card(*, number: str, by: User, now: datetime) -> MinimalCard:
    """Find a customer by an exact number, one's own or not; a look at somebody else's is logged.

    Not found says nothing about whether a similar number exists.
    """
    must(by, MAY)
    customer = customer_by_number(number)
    if customer is None:
        raise Invalid(_("No customer has this number."), code="not_found", field="number")
    card = card_of(customer, by.access.scope_for(MAY))
    if not card.is_own:
        with write(by=by):
            access_log.record("look", by, at=now, subject_table="accounts_customer", subject_id=customer.pk,
                              reason="intake")  # fmt: skip
    return card


def take_request(*, sheet: IntakeSheet, by: User, now: datetime, answer: Answer | None = None) -> Case:
    """Write a case down, once per client key or external id, give it to its owner and start its clocks.

    PLAN-16: a major matter is reported up at once. CON-29: an enquiry may be answered in the same save.
    """
    clean = checked(sheet, now)
    if answer is not None and clean.kind != CaseKind.ENQUIRY:
        raise Invalid(_("Only an enquiry is answered in the intake."), code="wrong_kind", field="answer")
    with write(by=by):
        must(by, MAY)
        known = _known(clean, by)
        if known is not None:
            return known
        customer = _customer(clean, by)
        try:
            with transaction.atomic():
                case = write_case(clean, customer, referred(clean, customer), by=by, now=now)
        except IntegrityError:
            known = _known(clean, by)
            if known is None:
                raise
            return known
        open_case(case, by=by, now=now)
        if answer is not None:
            _answer(case, answer, by=by, now=now)
    return case


def _known(sheet: IntakeSheet, by: User) -> Case | None:
    """Sent before, by double click or by a machine that repeats: the same case."""
    if sheet.client_key is not None:
        twin = Case.unscoped.select_related("customer").filter(client_key=sheet.client_key).first()
        if twin is not None and (twin.received_by_id, twin.customer_id) != (by.pk, sheet.customer_id):
            raise Conflict(_("This form was used for another case."), code="key_reused")
        if twin is not None:
            return twin
    source, external_id = sheet.external
    if not external_id:
        return None
    rows = Case.unscoped.select_related("customer").filter(external_source=source, external_id=external_id)
    twin = rows.first()
    if twin is not None and twin.customer_id != sheet.customer_id:
        raise Conflict(_("This external id belongs to another case."), code="key_reused", field="external_id")
    return twin


def _customer(sheet: IntakeSheet, by: User) -> Customer:
    """In the scope of who takes it down, or found by an exact number; anybody else is not there."""
    rows = Customer.visible_to(by.access.scope_for(MAY)).filter(pk=sheet.customer_id)
    customer = rows.first()
    if customer is None and sheet.known_by:
        customer = customer_by_number(sheet.known_by)
    if customer is None or customer.pk != sheet.customer_id:
        raise NotFound(_("There is no such customer."), field="customer")
    return customer


def next_number(day: date) -> str:
    """The next number of the day; waits for an intake that is being written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_NUMBER_LOCK, day.toordinal()])
        cursor.execute(
            "SELECT max(substring(number FROM 13)::int) FROM complaints_case WHERE number LIKE %s",
            [case_number(day, 0)[:12] + "%"],
        )
        return case_number(day, (cursor.fetchone()[0] or 0) + 1)


def write_case(sheet: IntakeSheet, customer: Customer, rows: References, *, by: User, now: datetime) -> Case:
    """The row of a new case, given to whoever answers for it."""
    owner_id = owner_for(sheet.kind, unit_id=customer.unit_id, manager_id=customer.manager_id)
    is_mine = owner_id is not None and owner_id == by.access.staff_id and by.access.can("handle_cases")
    return Case.unscoped.create(
        number=next_number(timezone.localdate(now)), kind=sheet.kind, customer=customer, channel=sheet.channel,
        category=rows.category, product=rows.product, order_type=rows.order_type, level=sheet.level,
        facts=sheet.facts, expectation=sheet.expectation, happened_at=sheet.happened_at,
        contact_person=rows.contact_person, speaker_name=sheet.speaker_name, speaker_phone=sheet.speaker_phone,
        numbers=sheet.numbers, received_at=sheet.received_at or now, received_by=by, logged_at=now,
        manager_id=customer.manager_id, unit_id=customer.unit_id, owner_id=owner_id,
        caused_by=rows.caused_by, told_in=rows.told_in, from_case=rows.from_case,
        # Whoever answers for it and took it down himself has accepted it.
        state=CaseState.HANDLING if is_mine else CaseState.RECEIVED, accepted_at=now if is_mine else None,
        external_source=sheet.external[0] if sheet.external[1] else "", external_id=sheet.external[1],
        client_key=sheet.client_key,
    )  # fmt: skip


def open_case(case: Case, *, by: User, now: datetime) -> None:
    """What follows from a new case: its clocks, its first line, who is told, and how far up (PLAN-16)."""
    note_change(case, "received", by=by, now=now)
    clocks.start_clocks(case, case.received_at)
    count_open([case.customer_id])
    tell(case, "case_received", told_of(case.owner_id, case.unit_id, timezone.localdate(now)), by=by, now=now)
    if case.level == CaseLevel.MAJOR:
        report_major(case, by=by, now=now)


def _answer(case: Case, answer: Answer, *, by: User, now: datetime) -> None:
    """CON-29: the answer closes it; unresolved, it stays open and becomes a follow-up task."""
    fields = [] if case.accepted_at else ["accepted_at", "state"]
    case.accepted_at, case.state = case.accepted_at or now, CaseState.HANDLING
    if fields:
        save(case, *fields)
    if answer.is_resolved:
        tell_result(
            case, answer.text, answer.method, told_at=answer.told_at, is_resolved=True, by=by, now=now, field="answer"
        )
        shut(case, by=by, now=now)
        return
    interim_word(case, answer.text, answer.method, by=by, now=now, field="answer")
    case.is_resolved = False
    save(case, "is_resolved", *acted(case, now))
    follow_up_enquiry(case, by=by, now=now)


def follow_up_enquiry(case: Case, *, by: User, now: datetime) -> None:
    """The task of an enquiry without an answer yet: the manager's, by the next working day."""
    due_on = working_days.calendar().add(timezone.localdate(now), 1)
    create_task(
        kind=TaskKind.FOLLOW_UP, customer_id=case.customer_id, staff_id=case.manager_id or case.owner_id,
        due_on=due_on, title=case.number, reason=case.facts, origin_table=TABLE, origin_id=case.pk, by=by, now=now,
    )  # fmt: skip
    note_change(case, "follow_up", by=by, now=now)

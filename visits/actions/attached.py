"""What hangs on a visit: persons met, companions, customer voice, the next step, facts learned, the dial tap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts import actions as accounts
from accounts.choices import TaskKind
from accounts.models import ContactPerson, Staff
from crm.core.errors import FieldProblem, Invalid
from crm.core.prepared import run
from visits.actions.checks import PHONE, CheckedSheet
from visits.actions.facts import TAP, TAP_HOURS, CustomerFacts
from visits.choices import VoiceKind
from visits.models import CustomerVoice, Visit, VisitCompanion, VisitPerson

if TYPE_CHECKING:
    from crm.core.models import User

ORIGIN = "visits_visit"
NOT_LEARNED = frozenset({"kind", "tier", "state", "unit", "manager", "version", "is_important"})
"""What a customer is by decision is not learned in a talk."""


def write_attached(
    checked: CheckedSheet,
    visits: Sequence[Visit],
    facts: Sequence[CustomerFacts],
    *,
    by: User,
    now: datetime,
    today: date,
) -> None:
    """Write what the sheet holds beside the visit itself; an ordinary call has none of it."""
    sheet = checked.sheet
    by_customer = {visit.customer_id: visit for visit in visits}
    if sheet.met_person_ids:
        link_persons(by_customer, sheet.met_person_ids)
    if sheet.new_persons:
        _add_persons(by_customer, sheet.new_persons, by=by, now=now)
    if sheet.companion_ids:
        link_companions(visits, sheet.companion_ids)
    if sheet.opinion or sheet.problem:
        _write_voices(visits, sheet.opinion, sheet.problem, by=by)
    if sheet.next_step and sheet.next_on is not None:
        for visit in visits:
            promise(visit, by=by, now=now)
    if sheet.learned:
        _save_learned(visits[0].customer_id, sheet.learned, by=by, now=now)
    if sheet.dial_tap_id is not None or checked.channel.code == PHONE:
        tapped = {fact.id for fact in facts if TAP in fact.waits}
        _close_taps([visit for visit in visits if visit.customer_id in tapped])


def link_persons(by_customer: dict[int, Visit], person_ids: Sequence[int]) -> None:
    """CON-7, PLT: whom he met (会见人); a person of another customer is not found."""
    wanted = set(person_ids)
    found = list(
        ContactPerson.unscoped.filter(pk__in=wanted, customer_id__in=by_customer).values_list("id", "customer_id")
    )
    if len(found) != len(wanted):
        raise Invalid(_("This person does not belong to the customer."), code="not_found", field="met_person_ids")
    VisitPerson.unscoped.bulk_create(
        VisitPerson(visit=by_customer[customer_id], person_id=person_id) for person_id, customer_id in found
    )


def _add_persons(
    by_customer: dict[int, Visit], new_persons: Sequence[tuple[int, str]], *, by: User, now: datetime
) -> None:
    """A contact person met for the first time: one line makes him (screens 2)."""
    for customer_id, name in new_persons:
        if customer_id not in by_customer:
            continue
        with _beside("new_persons"):
            person = accounts.save_contact_person(customer_id=customer_id, values={"name": name}, by=by, now=now)
        VisitPerson.unscoped.create(visit=by_customer[customer_id], person_id=person.pk)


@contextmanager
def _beside(field: str, *, nested: bool = False) -> Iterator[None]:
    """Put what an action of accounts refuses beside the field of the log sheet."""
    try:
        yield
    except Invalid as refusal:
        problems = [
            FieldProblem(f"{field}.{problem.field.split('.')[-1]}" if nested else field, problem.code, problem.message)
            for problem in refusal.problems
        ]
        raise Invalid(errors=problems) from refusal


def link_companions(visits: Sequence[Visit], companion_ids: Sequence[int]) -> None:
    """Colleagues who came along; the one who logs is not his own companion."""
    wanted = set(companion_ids) - {visits[0].staff_id}
    known = Staff.unscoped.filter(pk__in=wanted, is_active=True).count()
    if known != len(wanted):
        raise Invalid(_("There is no such colleague."), code="not_found", field="companion_ids")
    VisitCompanion.unscoped.bulk_create(
        VisitCompanion(visit=visit, staff_id=staff_id) for visit in visits for staff_id in sorted(wanted)
    )


def _write_voices(visits: Sequence[Visit], opinion: str, problem: str, *, by: User) -> None:
    """CON-15, CON-16: opinions and problems in the cooperation become customer-voice rows."""
    said = [(VoiceKind.OPINION, opinion), (VoiceKind.PROBLEM, problem)]
    CustomerVoice.unscoped.bulk_create(
        CustomerVoice(
            customer_id=visit.customer_id, visit=visit, kind=kind, text=text, by=by, said_at=visit.occurred_at
        )
        for visit in visits
        for kind, text in said
        if text
    )


def promise(visit: Visit, *, by: User, now: datetime) -> None:
    """CON-16: a next step with its day is a follow-up of the manager of record, or of who logged it."""
    if visit.next_on is None:
        return
    accounts.create_task(
        kind=TaskKind.FOLLOW_UP,
        customer_id=visit.customer_id,
        staff_id=visit.manager_id or visit.staff_id,
        title=visit.next_step[:100],
        reason=visit.next_step if len(visit.next_step) > 100 else "",
        due_on=visit.next_on,
        origin_table=ORIGIN,
        origin_id=visit.pk,
        by=by,
        now=now,
    )


def _save_learned(customer_id: int, learned: Mapping[str, Any], *, by: User, now: datetime) -> None:
    """Facts learned on the way: the same action as the profile page, the same rules (CUS-9)."""
    refused = [name for name in learned if name in NOT_LEARNED]
    if refused:
        raise Invalid(
            errors=[
                FieldProblem(f"learned.{name}", "read_only_field", _("This cannot be changed.")) for name in refused
            ]
        )
    person = {name: value for name, value in learned.items() if name in accounts.PERSON_FIELDS}
    changes: dict[str, Any] = {name: value for name, value in learned.items() if name not in person}
    if person:
        changes["person"] = person
    with _beside("learned", nested=True):
        accounts.update_customer(customer_id=customer_id, changes=changes, by=by, now=now)


_TAPS = """
UPDATE visits_dialtap SET visit_id = %s WHERE staff_id = %s AND customer_id = %s AND visit_id IS NULL
    AND dismissed_at IS NULL AND tapped_at BETWEEN %s AND %s
"""


def _close_taps(visits: Sequence[Visit]) -> None:
    """The taps this call began with are no longer "dialled, not logged" (decisions 16)."""
    with connection.cursor() as cursor:
        for visit in visits:
            run(
                cursor,
                _TAPS,
                [visit.pk, visit.staff_id, visit.customer_id, visit.occurred_at - TAP_HOURS, visit.logged_at],
                ("bigint", "bigint", "bigint", "timestamptz", "timestamptz"),
            )

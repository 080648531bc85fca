"""Missed calls (CON-13): written down by the backup, the service centre or the hotline, called back, measured."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts import actions as accounts
from accounts.choices import TaskKind
from accounts.models import Customer
from accounts.queries import names
from accounts.queries.portfolio import covered_today
from crm.core import access_log, notices, parameters
from crm.core.db import write
from crm.core.errors import Conflict, Invalid, NotAllowed, NotFound
from crm.core.prepared import run
from crm.core.scope import Scope
from crm.core.text import clean_text, normal_phone
from visits.actions.dialling import Dialled, NoPhone, tel_address
from visits.actions.facts import MISSED_CALL, WAITS
from visits.actions.logging import log_visit
from visits.actions.sheet import Logged, VisitSheet
from visits.choices import CallSource, MissedState
from visits.models import DialTap, MissedCall, Visit
from visits.queries.catalogue import catalogue
from visits.queries.missed_calls import OPEN, calls_in_sight, customer_of_number
from visits.rules.missed_calls import first_due

if TYPE_CHECKING:
    from crm.core.models import User

ORIGIN = "visits_missedcall"
OLDEST = timedelta(hours=72)
SLACK = timedelta(minutes=1)
"""A page knows the minute of a call, the hotline its second."""


def record_missed_call(
    *,
    number: str = "",
    customer_id: int | None = None,
    called_at: datetime,
    by: User,
    now: datetime,
    scope: Scope,
    source: str = CallSource.PERSON,
    external: tuple[str, str] = ("", ""),
    note: str = "",
) -> tuple[MissedCall, bool]:
    """CON-13: a task at once, due half an hour after the call; a further call is counted on the open row.

    `scope` is where `by` may write calls down. Answers the row and whether it is new.
    """
    number = normal_phone(number, field="number") if number else ""
    note = clean_text(note, field="note", max_length=200)
    _check_moment(called_at, now)
    with write(by=by):
        twin = _twin(external)
        if twin is not None:
            return twin, False
        customer = _customer(scope, customer_id, number)
        open_call = MissedCall.unscoped.select_for_update().filter(customer=customer, state__in=OPEN).first()
        if open_call is not None:
            return _again(open_call, called_at, number), False
        call = _write(customer, number or customer.phone, called_at, source, external, note, by=by, now=now)
        _give_task(call, by=by, now=now)
        tell_holders([call.pk], now=now)
    return call, True


def _check_moment(called_at: datetime, now: datetime) -> None:
    if called_at > now + timedelta(minutes=int(parameters.value("future_minutes", timezone.localdate(now)))):
        raise Invalid(_("This moment is in the future."), code="in_the_future", field="called_at")
    if called_at < now - OLDEST:
        raise Invalid(_("This call is more than three days ago."), code="too_old", field="called_at")


def _twin(external: tuple[str, str]) -> MissedCall | None:
    """What the hotline has sent before is not written again."""
    if not external[1]:
        return None
    return MissedCall.unscoped.filter(external_source=external[0], external_id=external[1]).first()


def _customer(scope: Scope, customer_id: int | None, number: str) -> Customer:
    field = "customer" if customer_id is not None else "number"
    found = customer_id if customer_id is not None else customer_of_number(scope, number) if number else None
    customer = Customer.visible_to(scope).filter(pk=found).first() if found is not None else None
    if customer is None:
        raise Invalid(_("No customer has this number."), code="not_found", field=field)
    return customer


def _again(call: MissedCall, called_at: datetime, number: str) -> MissedCall:
    """He called once more before anybody called back: the first call keeps the clock."""
    call.calls += 1
    call.last_called_at = max(call.last_called_at, called_at)
    call.called_at = min(call.called_at, called_at)
    call.number = number or call.number
    call.save(update_fields=["calls", "last_called_at", "called_at", "number"])
    return call


def _write(
    customer: Customer,
    number: str,
    called_at: datetime,
    source: str,
    external: tuple[str, str],
    note: str,
    *,
    by: User,
    now: datetime,
) -> MissedCall:
    today = timezone.localdate(now)
    manager_id = customer.manager_id
    standing_in = covered_today([manager_id], today) if manager_id else {}
    return MissedCall.unscoped.create(
        customer=customer, number=number, called_at=called_at, last_called_at=called_at, source=source,
        external_source=external[0], external_id=external[1], note=note, taken_by_id=by.pk, taken_at=now,
        manager_id=manager_id, unit_id=customer.unit_id,
        holder_id=standing_in.get(manager_id, manager_id) if manager_id else None,
        due_at=first_due(called_at, int(parameters.value("call_back_minutes", today))),
    )  # fmt: skip


def _give_task(call: MissedCall, *, by: User, now: datetime) -> None:
    accounts.create_task(
        kind=TaskKind.CALL_BACK, customer_id=call.customer_id, staff_id=call.manager_id, reason=call.note,
        due_on=timezone.localdate(call.due_at), due_at=call.due_at, origin_table=ORIGIN, origin_id=call.pk,
        by=by, now=now,
    )  # fmt: skip


_TO_TELL = """
SELECT m.id, s.user_id, c.name, m.due_at, m.step
FROM visits_missedcall m JOIN accounts_customer c ON c.id = m.customer_id
JOIN accounts_staff s ON s.id = m.holder_id WHERE m.id = ANY(%s) AND s.is_active
"""


def tell_holders(call_ids: Sequence[int], *, now: datetime) -> int:
    """A notice at once for whoever has to call back now; it passes quiet hours."""
    with connection.cursor() as cursor:
        cursor.execute(_TO_TELL, [list(call_ids)])
        rows = cursor.fetchall()
    return notices.notify(
        [
            notices.NoticeRow(
                user_id, "call_passed_on" if step else "call_missed", ORIGIN, call_id, str(step),
                {"customer": name, "due": f"{timezone.localtime(due_at):%H:%M}"}, f"/missed-calls/{call_id}/", True,
            )
            for call_id, user_id, name, due_at, step in rows
        ],
        now,
    )  # fmt: skip


def _the_call(by: User, call_id: int) -> MissedCall:
    """In sight (404), and his to answer (403): the holder's, or his who may log for the customer."""
    rows = calls_in_sight(by.access).filter(pk=call_id).select_related("customer")
    call = rows.select_for_update(of=("self",)).first()
    if call is None:
        raise NotFound
    return call


def _may_answer(by: User, call: MissedCall) -> bool:
    access = by.access
    if access.staff_id is not None and access.staff_id == call.holder_id:
        return True
    customer = call.customer
    return access.scope_for("log_visits").allows(unit_id=customer.unit_id, manager_id=customer.manager_id)


def dial_missed(*, call_id: int, by: User, now: datetime) -> Dialled:
    """The number that called, for whoever has to call it back; logged like every dial (decisions 16)."""
    with write(by=by):
        call = _the_call(by, call_id)
        if not _may_answer(by, call) or by.access.staff_id is None:
            raise NotAllowed
        if not call.number:
            raise NoPhone
        tap = DialTap.unscoped.create(customer_id=call.customer_id, staff_id=by.access.staff_id, tapped_at=now)
        access_log.record("dial", by, at=now, subject_table=ORIGIN, subject_id=call.pk)
    return Dialled(tel=tel_address(call.number), tap_id=tap.pk)


def call_back(
    *, call_id: int, outcome: str, content: str = "", key: UUID | None = None, by: User, now: datetime
) -> Logged:
    """Log the call-back: the manager, his cover, or the backup to whom it was passed on (shown then, not counted)."""
    with write(by=by):
        call = _the_call(by, call_id)
        if not _may_answer(by, call):
            raise NotAllowed
        if call.state not in OPEN:
            raise Conflict(_("This call has been answered already."), code="closed", current={"state": call.state})
        occasion = "enquiry" if "enquiry" in catalogue().occasions else ""
        sheet = VisitSheet(
            customer_ids=(call.customer_id,), channel="phone", outcome=outcome, occasion=occasion,
            occurred_at=now, content=content, client_key=key,
        )  # fmt: skip
        customer = call.customer
        reached = Scope(unit_ids=(customer.unit_id,), manager_ids=(customer.manager_id,) if customer.manager_id else ())
        return log_visit(sheet=sheet, by=by, now=now, scope=reached)


def drop_missed_call(*, call_id: int, reason: str, by: User, now: datetime) -> MissedCall:
    """A wrong number, or a call that was no call: closed with a sentence, the row stays."""
    reason = clean_text(reason, field="reason", max_length=200, blank=False)
    with write(by=by):
        call = _the_call(by, call_id)
        if not _may_answer(by, call):
            raise NotAllowed
        if call.state in OPEN:
            call.state, call.closed_at, call.closed_by, call.closing_note = MissedState.DROPPED, now, by, reason
            call.save(update_fields=["state", "closed_at", "closed_by", "closing_note"])
            accounts.cancel_tasks_of(origin_table=ORIGIN, origin_ids=[call.pk], by=by, now=now)
    return call


# --- What logging does to them (settings.VISIT_FOLLOWERS, UNDO_FOLLOWERS)

_OPEN_OF = "SELECT id, customer_id, called_at FROM visits_missedcall WHERE customer_id = ANY(%s) AND state = ANY(%s)"


def answer_missed_calls(
    *, visits: Sequence[Visit], today: date, now: datetime, by: User, waits: Collection[str] = WAITS
) -> None:
    """CON-13: a logged call closes it; not reached is an attempt, which stops the clock and leaves the task."""
    if MISSED_CALL not in waits:
        return
    with connection.cursor() as cursor:
        customers = [visit.customer_id for visit in visits]
        run(cursor, _OPEN_OF, [customers, [str(state) for state in OPEN]], ("bigint[]", "varchar[]"))
        waiting = {customer_id: (call_id, called_at) for call_id, customer_id, called_at in cursor.fetchall()}
    if not waiting:
        return
    known = catalogue()
    for visit in visits:
        if visit.customer_id not in waiting or visit.is_bulk:
            continue
        call_id, called_at = waiting[visit.customer_id]
        if visit.occurred_at >= called_at - SLACK:
            _answered(call_id, called_at, visit, known.outcomes_by_id[visit.outcome_id].is_effective, by=by, now=now)
        else:
            reopen_task(call_id)


def _answered(call_id: int, called_at: datetime, visit: Visit, is_reached: bool, *, by: User, now: datetime) -> None:
    call = MissedCall.unscoped.select_for_update().get(pk=call_id)
    if call.tried_at is None:
        call.tried_at, call.tried_by_id = max(visit.occurred_at, called_at), visit.staff_id
    call.state, call.visit = MissedState.TRIED, visit
    if is_reached:
        call.state, call.closed_at, call.closed_by_id = MissedState.DONE, now, by.pk
    call.save(update_fields=["tried_at", "tried_by", "state", "visit", "closed_at", "closed_by"])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_task SET due_at = NULL, state = CASE WHEN %s THEN 'done' ELSE state END,"
            " closed_at = CASE WHEN %s THEN %s ELSE closed_at END, closed_by_id = CASE WHEN %s THEN %s"
            " ELSE closed_by_id END WHERE origin_table = %s AND origin_id = %s AND state = 'open'",
            [is_reached, is_reached, now, is_reached, by.pk, ORIGIN, call_id],
        )


def reopen_task(call_id: int) -> None:
    """A visit that answered something else, or was undone, has not answered this call."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_task t SET state = 'open', closed_at = NULL, closed_by_id = NULL,"
            " due_at = CASE WHEN m.state = 'waiting' THEN m.due_at END FROM visits_missedcall m"
            " WHERE t.origin_table = %s AND t.origin_id = m.id AND m.id = %s AND m.state IN ('waiting', 'tried')"
            " AND t.state <> 'cancelled'",
            [ORIGIN, call_id],
        )


def unanswer_missed_calls(*, visit_ids: Sequence[int], today: date, now: datetime, by: User) -> None:
    """The call-back was undone: the customer still waits, and the clock goes on where it stood."""
    for call in MissedCall.unscoped.select_for_update().filter(visit_id__in=list(visit_ids)):
        call.state, call.tried_at, call.tried_by, call.visit = MissedState.WAITING, None, None, None
        call.closed_at, call.closed_by = None, None
        call.save(update_fields=["state", "tried_at", "tried_by", "visit", "closed_at", "closed_by"])
        reopen_task(call.pk)


def follow_mend(*, visit: Visit, today: date, now: datetime, by: User) -> None:
    """A mended call-back answers what it answers now: reached after all, or not at all."""
    unanswer_missed_calls(visit_ids=[visit.pk], today=today, now=now, by=by)
    answer_missed_calls(visits=[visit], today=today, now=now, by=by)


def holder_name(call: MissedCall) -> str:
    """Who has been told."""
    return names.staff_name(call.holder_id)

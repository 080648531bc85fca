"""Report a matter up, level by level (RET-13, CMP-24): accept, answer, pass on; the clock does what nobody does."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import the_customer
from accounts.choices import EscalationState, StepState
from accounts.models import Customer, Escalation, EscalationStep
from accounts.queries import names
from accounts.queries.dispatches import deputies_of, escalation_steps, ladder_of, stand_ins
from accounts.rules.ladder import Rung, due_after, rung_above
from crm.core import parameters, working_days
from crm.core.db import write
from crm.core.errors import Conflict, Invalid, NotAllowed, NotFound
from crm.core.notices import NoticeRow, notify
from crm.core.text import clean_text

if TYPE_CHECKING:
    from crm.core.models import User

WAITING = (StepState.WAITING, StepState.ACCEPTED)
TABLE = "accounts_escalation"


def escalate(
    *,
    customer_id: int,
    origin_table: str,
    origin_id: int,
    subject: str,
    reason: str,
    by: User | None,
    now: datetime,
    system: bool = False,
) -> Escalation | None:
    """Report up to the first level; a reason is required (CMP-24). None: there is nobody above, or it is up already.

    `system`: the deed of somebody else, or the clock, asks for it; the customer was reached before.
    """
    subject = clean_text(subject, field="subject", max_length=200, blank=False)
    reason = clean_text(reason, field="reason", max_length=300, blank=False)
    with write(by=by, label="" if by else "system:escalations"):
        customer = Customer.unscoped.get(pk=customer_id) if system else the_customer(by, customer_id, lock=False)
        rungs = ladder_of(customer_id, starter_staff_id=by.access.staff_id if by else None)
        if by is not None and not system:
            rungs = tuple(rung for rung in rungs if rung.staff_id != by.access.staff_id)
        if not rungs:
            if system:
                return None
            raise Invalid(_("There is nobody above to report to."), code="no_level", field="reason")
        row = Escalation(
            customer=customer, origin_table=origin_table, origin_id=origin_id, subject=subject, reason=reason,
            started_by=None if system else by, started_at=now,
        )  # fmt: skip
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as twin:
            if system:
                return None
            raise Conflict(_("This has been reported up already."), code="already_up") from twin
        reach(row, rungs[0], customer.name, now=now)
    return row


def reach(row: Escalation, rung: Rung, customer: str, *, now: datetime) -> EscalationStep:
    """Open a level: its person and whoever stands in for him today are told; deputies included."""
    local = timezone.localtime(now)
    days = int(parameters.value("escalation_days", local.date()))
    due = due_after(local, days, working_days.calendar())
    step = EscalationStep.unscoped.create(
        escalation=row, level=rung.level, staff_id=rung.staff_id, reached_at=now, due_at=due
    )
    _tell_level(row, step, customer, f"{rung.level}", now=now)
    return step


def remind_top(step: EscalationStep, *, now: datetime) -> None:
    """Nobody is above: the highest level gets its time again, and is told again."""
    local = timezone.localtime(now)
    step.due_at = due_after(local, int(parameters.value("escalation_days", local.date())), working_days.calendar())
    step.save(update_fields=["due_at"])
    _tell_level(step.escalation, step, step.escalation.customer.name, f"{step.level}:{local.date()}", now=now)


def _tell_level(row: Escalation, step: EscalationStep, customer: str, occasion: str, *, now: datetime) -> None:
    told = (step.staff_id, *deputies_of(step.staff_id, timezone.localdate(now)))
    due = timezone.localtime(step.due_at).strftime("%Y-%m-%d %H:%M")
    params = {"subject": row.subject, "customer": customer, "due": due}
    cards = [card for card in map(names.staff_card, told) if card is not None]
    notify([_notice(card.user_id, "escalated", row, occasion, params) for card in cards], now)


def accept_escalation(*, escalation_id: int, by: User, now: datetime) -> EscalationStep:
    """Take a matter over at one's level (CMP-24: the owner at the new level must accept)."""
    with write(by=by):
        step = _my_step(by, escalation_id, now)
        if step.state == StepState.WAITING:
            step.state, step.accepted_by, step.accepted_at = StepState.ACCEPTED, by, now
            step.save(update_fields=["state", "accepted_by", "accepted_at"])
    return step


def answer_escalation(*, escalation_id: int, comment: str, settles: bool, by: User, now: datetime) -> EscalationStep:
    """Settle a matter with a comment or an offer, or pass it up with one (RET-13: each level adds its own)."""
    comment = clean_text(comment, field="comment", max_length=500, blank=False)
    with write(by=by):
        step = _my_step(by, escalation_id, now)
        row = step.escalation
        rung = rung_above(ladder_of(row.customer_id, starter_staff_id=None), step.level)
        if not settles and rung is None:
            raise Invalid(_("This is the highest level: it can only be settled here."), code="top", field="settles")
        step.state = StepState.ANSWERED if settles else StepState.PASSED_UP
        step.comment, step.answered_by, step.answered_at = comment, by, now
        step.accepted_by, step.accepted_at = step.accepted_by or by, step.accepted_at or now
        step.save()
        if settles:
            row.state, row.closed_by, row.closed_at = EscalationState.CLOSED, by, now
            row.save(update_fields=["state", "closed_by", "closed_at"])
            _tell_below(row, comment, by=by, now=now)
        elif rung is not None:
            reach(row, rung, row.customer.name, now=now)
    return step


def _my_step(by: User, escalation_id: int, now: datetime) -> EscalationStep:
    """The level that waits for this person, locked; 404 unseen, 403 somebody else's, 409 nothing waits."""
    today = timezone.localdate(now)
    if not escalation_steps(by.access, escalation_id, today):
        raise NotFound(_("There is no such matter."))
    steps = EscalationStep.unscoped.select_for_update(of=("self",)).select_related("escalation__customer")
    step = steps.filter(escalation_id=escalation_id, state__in=WAITING).order_by("-level").first()
    mine = stand_ins(by.access.staff_id, today)
    if step is None:
        if not EscalationStep.unscoped.filter(escalation_id=escalation_id, staff_id__in=mine).exists():
            raise NotAllowed
        raise Conflict(_("This has been answered already."), code="closed")
    if step.staff_id not in mine:
        raise NotAllowed
    return step


def _notice(user_id: int, kind: str, row: Escalation, occasion: str, params: dict[str, str]) -> NoticeRow:
    return NoticeRow(
        user_id=user_id, kind=kind, subject_table=TABLE, subject_id=row.pk, occasion=occasion, params=params,
        url=f"/escalations/{row.pk}/", urgent=True,
    )  # fmt: skip


def _tell_below(row: Escalation, comment: str, *, by: User, now: datetime) -> None:
    """The customer's manager, who reported it, and every level on the way hear the answer."""
    manager = names.staff_card(row.customer.manager_id)
    levels = EscalationStep.unscoped.filter(escalation=row).values_list("staff_id", flat=True)
    users = {card.user_id for card in map(names.staff_card, levels) if card is not None}
    users |= {user_id for user_id in (row.started_by_id, manager.user_id if manager else None) if user_id is not None}
    params = {"customer": row.customer.name, "by": by.name, "comment": comment[:100]}
    notify([_notice(user_id, "escalation_answered", row, "", params) for user_id in sorted(users - {by.pk})], now)

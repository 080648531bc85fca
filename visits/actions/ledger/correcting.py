"""What people do to duties by hand: postpone a suggestion, correct a frozen row (decisions 2)."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.db import write
from crm.core.errors import Conflict, Invalid, NotAllowed, NotFound, OwnRequest
from crm.core.text import clean_text
from visits.actions.ledger.facts import write_facts
from visits.choices import DutyState
from visits.models import Duty, Visit

if TYPE_CHECKING:
    from crm.core.models import User

CORRECTABLE_TO = (DutyState.MET, DutyState.MISSED, DutyState.EXCUSED)


def postpone(*, duty_id: int, to: date, by: User, now: datetime) -> Duty:
    """Move the suggestion to another day, never past the due day and never back; the night leaves it there."""
    today = timezone.localdate(now)
    with write(by=by):
        duty = _the_duty(duty_id, by, "serve_customers")
        if duty.state != DutyState.OPEN:
            raise Conflict(_("This duty is no longer owed."), code="not_owed", current={"state": duty.state})
        if to < today:
            raise Invalid(_("Choose today or a later day."), code="in_the_past", field="to")
        if to > duty.due_on:
            raise Invalid(
                _("It is due on %(due)s: it cannot be postponed past that day."),
                code="past_due_day",
                field="to",
                params={"due": duty.due_on.isoformat()},
            )
        duty.suggested_on, duty.postponed_at = to, now
        duty.save(update_fields=["suggested_on", "postponed_at"])
        write_facts([duty.customer_id], today=today)
        return duty


def correct_duty(
    *, duty_id: int, state: str, reason: str, by: User, now: datetime, visit_id: int | None = None
) -> Duty:
    """Decisions 2: after the freeze a correction is a new revision with reason and signer; the frozen row stays.

    By a supervisor, never by whom the duty is credited to (SEC-24).
    """
    reason = clean_text(reason, field="reason", max_length=200, blank=False)
    if state not in CORRECTABLE_TO:
        raise Invalid(_("This is not one of the choices."), code="invalid_choice", field="state")
    with write(by=by):
        duty = _the_duty(duty_id, by, "decide_excuses")
        if by.access.staff_id is not None and by.access.staff_id == duty.manager_id:
            raise OwnRequest
        if duty.frozen_at is None:
            raise Conflict(_("The month is not frozen yet: the duty still follows the visits."), code="not_frozen")
        newest = Duty.unscoped.filter(customer_id=duty.customer_id, rule_id=duty.rule_id, starts_on=duty.starts_on)
        if newest.filter(revision__gt=duty.revision).exists():
            raise Conflict(_("This duty has been corrected already."), code="corrected")
        if state == duty.state:
            raise Invalid(_("Nothing would change."), code="unchanged", field="state")
        corrected = revise(duty, state, reason, _the_visit(duty, visit_id, state), by=by, now=now)
        write_facts([duty.customer_id], today=timezone.localdate(now))
        return corrected


def _the_duty(duty_id: int, by: User, ability: str) -> Duty:
    """Visible (404) and within the ability's scope (403), locked."""
    duty = (
        Duty.visible_to(by.access.scope)
        .select_related("customer")
        .select_for_update(of=("self",))
        .filter(pk=duty_id)
        .first()
    )
    if duty is None:
        raise NotFound(_("There is no such duty."))
    where = {"unit_id": duty.customer.unit_id, "manager_id": duty.customer.manager_id}
    if not by.access.scope_for(ability).allows(**where):
        raise NotAllowed
    return duty


def _the_visit(duty: Duty, visit_id: int | None, state: str) -> Visit | None:
    if visit_id is None or state != DutyState.MET:
        return None
    visit = Visit.unscoped.filter(pk=visit_id, customer_id=duty.customer_id, undone_at=None).first()
    if visit is None:
        raise Invalid(_("There is no such visit of this customer."), code="not_found", field="visit_id")
    return visit


def revise(duty: Duty, state: str, reason: str, visit: Visit | None, *, by: User, now: datetime) -> Duty:
    """The next revision of a frozen row, signed; the row itself stays as it is."""
    corrected = Duty.unscoped.get(pk=duty.pk)
    corrected.pk = None
    corrected._state.adding = True
    corrected.revision = duty.revision + 1
    corrected.state, corrected.correction_reason, corrected.corrected_by = state, reason, by
    corrected.met_by, corrected.met_on = visit, visit.occurred_on if visit else None
    corrected.closed_at = corrected.frozen_at = now
    corrected.save(force_insert=True)
    return corrected

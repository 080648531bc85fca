"""Excuses (design 4): a manager asks to leave a duty out of the count, a supervisor decides (SEC-24)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.queries import names
from crm.core import notices
from crm.core.db import write
from crm.core.errors import Conflict, Invalid, NotAllowed, NotFound, OwnRequest, refuse_own
from crm.core.scope import Scope
from crm.core.text import clean_text
from visits.actions import ledger
from visits.choices import DutyState, ExcuseKind, ExcuseState
from visits.models import Duty, Excuse
from visits.queries.excuses import evidence_of

if TYPE_CHECKING:
    from crm.core.models import User

STILL_OWED = (DutyState.OPEN, DutyState.PROVISIONAL)


def request_excuse(*, duty_id: int, kind: str, text: str = "", by: User, now: datetime) -> Excuse:
    """Ask for a duty to be left out: he wants no contact (why), or three attempts on three days by two channels."""
    duty = _duty(by.access.scope_for("serve_customers"), duty_id)
    if duty.state not in STILL_OWED or duty.frozen_at is not None:
        raise Conflict(_("This duty is no longer owed."), code="not_owed", current={"state": duty.state})
    text = _reason(kind, text)
    if kind == ExcuseKind.UNREACHABLE and not evidence_of(duty).is_enough:
        raise Invalid(
            _("“Unreachable” needs attempts on several days by several channels."),
            code="too_few_attempts",
            field="kind",
        )
    with write(by=by):
        excuse = Excuse(duty=duty, kind=kind, text=text, requested_by=by, requested_at=now)
        try:
            with transaction.atomic():
                excuse.save(force_insert=True)
        except IntegrityError as twin:
            raise Conflict(_("An excuse has been asked for already."), code="already_requested") from twin
        _tell_supervisor(excuse, duty, by=by, now=now)
    return excuse


def decide_excuse(*, excuse_id: int, grant: bool, remark: str = "", by: User, now: datetime) -> Excuse:
    """A supervisor decides, never the asker nor the manager whose duty it is (SEC-24)."""
    remark = clean_text(remark, field="remark", max_length=300)
    with write(by=by):
        excuse = _excuse(by, excuse_id)
        refuse_own(by.pk, excuse.requested_by_id)
        if by.access.staff_id is not None and by.access.staff_id == excuse.duty.manager_id:
            raise OwnRequest
        if excuse.state != ExcuseState.REQUESTED:
            raise Conflict(_("This request has been decided already."), code="decided", current={"state": excuse.state})
        duty = Duty.unscoped.select_for_update().get(pk=excuse.duty_id)
        if grant and (duty.state not in STILL_OWED or duty.frozen_at is not None):
            raise Conflict(_("This duty is no longer owed."), code="not_owed", current={"state": duty.state})
        _close(excuse, ExcuseState.GRANTED if grant else ExcuseState.REFUSED, remark, by=by, now=now)
        if grant:
            Duty.unscoped.filter(pk=duty.pk).update(state=DutyState.EXCUSED, closed_at=now)
            ledger.recompute([duty.customer_id], today=timezone.localdate(now), now=now)
        _tell_asker(excuse, now=now)
    return excuse


def withdraw_excuse(*, excuse_id: int, by: User, now: datetime) -> Excuse:
    """The asker takes his request back before it is decided."""
    with write(by=by):
        excuse = (
            Excuse.visible_to(by.access.scope_for("serve_customers"))
            .select_for_update(of=("self",))
            .filter(pk=excuse_id)
            .first()
        )
        if excuse is None:
            raise NotFound(_("There is no such request."))
        if excuse.requested_by_id != by.pk:
            raise NotAllowed
        if excuse.state != ExcuseState.REQUESTED:
            raise Conflict(_("This request has been decided already."), code="decided", current={"state": excuse.state})
        _close(excuse, ExcuseState.WITHDRAWN, "", by=by, now=now)
    return excuse


def _duty(scope: Scope, duty_id: int) -> Duty:
    duty = Duty.visible_to(scope).select_related("customer").filter(pk=duty_id).first()
    if duty is None:
        raise NotFound(_("There is no such duty."))
    return duty


def _excuse(by: User, excuse_id: int) -> Excuse:
    """The request, locked; 404 when it is invisible, 403 when it is visible but not for him to decide."""
    access = by.access
    rows = Excuse.unscoped.select_for_update(of=("self",)).select_related("duty__customer")
    excuse = rows.filter(pk=excuse_id).first()
    customer = excuse.duty.customer if excuse else None
    where = {"unit_id": customer.unit_id, "manager_id": customer.manager_id} if customer else {}
    if excuse is None or not access.scope.allows(**where):
        raise NotFound(_("There is no such request."))
    if not access.scope_for("decide_excuses").allows(**where):
        refuse_own(by.pk, excuse.requested_by_id)
        raise NotAllowed
    return excuse


def _reason(kind: str, text: str) -> str:
    if kind not in ExcuseKind.values:
        raise Invalid(_("This is not one of the choices."), code="invalid_choice", field="kind")
    return clean_text(text, field="text", max_length=300, blank=kind != ExcuseKind.NO_CONTACT)


def _close(excuse: Excuse, state: ExcuseState, remark: str, *, by: User, now: datetime) -> None:
    excuse.state, excuse.remark, excuse.decided_by, excuse.decided_at = state, remark, by, now
    excuse.save(update_fields=["state", "remark", "decided_by", "decided_at"])


def _tell_supervisor(excuse: Excuse, duty: Duty, *, by: User, now: datetime) -> None:
    """The manager's supervisor hears of it; whoever else may decide finds it in the approvals."""
    card = names.staff_card(duty.manager_id)
    boss = names.staff_card(card.supervisor_id) if card else None
    if boss is None or boss.user_id == by.pk:
        return
    notices.notify(
        [
            notices.NoticeRow(
                user_id=boss.user_id, kind="excuse_requested", subject_table="visits_excuse",
                subject_id=excuse.pk, occasion="", url="/approvals/",
                params={"customer": duty.customer.name, "by": by.name},
            )
        ],
        now=now,
    )  # fmt: skip


def _tell_asker(excuse: Excuse, *, now: datetime) -> None:
    granted = excuse.state == ExcuseState.GRANTED
    notices.notify(
        [
            notices.NoticeRow(
                user_id=excuse.requested_by_id, kind="excuse_granted" if granted else "excuse_refused",
                subject_table="visits_excuse", subject_id=excuse.pk, occasion="",
                url=f"/customers/{excuse.duty.customer_id}/",
                params={"customer": excuse.duty.customer.name, "remark": excuse.remark},
            )
        ],
        now=now,
    )  # fmt: skip

"""What is done about a customer who may leave: an alert is opened, seen, acted on, put off, closed (RET-3…6, RET-20).

Every step is written down with person, moment and words. One open alert per customer, by constraint.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import orjson
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import the_customer
from accounts.actions.standing import update_standing_facts
from accounts.choices import AlertLevel
from accounts.models import Customer, Signal
from crm.core import parameters, working_days
from crm.core.db import write
from crm.core.errors import Conflict, Invalid, NotAllowed, NotFound
from crm.core.text import clean_text
from retention.actions.attention import drop_attention, end_attention, give_attention
from retention.actions.telling import tell_noticed
from retention.choices import SAID_BY_PEOPLE, AlertOutcome, AlertState, AlertTrigger
from retention.models import Alert, AlertStep, RiskModel, RiskScore
from retention.queries.reasons import groups_of
from retention.rules.alerts import END_OF, louder, may_go, needs_proposal
from retention.rules.points import PointTable, probability

if TYPE_CHECKING:
    from crm.core.models import Attachment, User

SEES, WORKS = "view_alerts", "work_alerts"
LOUDEST = AlertLevel.RED.value
END_OF_WORK = time(18)


@dataclass(frozen=True, slots=True)
class Ground:
    """What an alert rests on: the score of that moment, under which model."""

    model_id: int
    points: int
    probability: float
    reasons: Sequence[Any]
    is_on_old_data: bool = False


# --- Opening


def open_alert(
    *,
    customer_id: int,
    trigger: str,
    level: str,
    by: User | None,
    now: datetime,
    signal: Signal | None = None,
    note: str = "",
) -> tuple[Alert, bool]:
    """An alert on a customer, or the open one made louder; the second answer is whether it is new.

    `by` None: the clock; otherwise somebody noticed it and says what (trigger by_hand).
    """
    note = clean_text(note, field="note", max_length=1000, blank=by is None, multiline=True)
    with write(by=by, label="" if by else "system:alerts"):
        customer = _customer(by, customer_id)
        found = _open_alert_of(customer_id)
        if found is not None:
            return _louder(found, level, signal=signal, note=note, by=by, now=now), False
        row = _new(customer, trigger, level, signal, by=by, now=now)
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError:  # somebody was faster by a moment
            twin = _open_alert_of(customer_id)
            if twin is None:
                raise
            return _louder(twin, level, signal=signal, note=note, by=by, now=now), False
        write_step(row, "", note, by=by, now=now)
        after_opening([row], today=timezone.localdate(now), now=now)
        if by is not None:
            tell_noticed(row, customer, by=by, now=now)
    return row, True


def after_opening(rows: Sequence[Alert], *, today: date, now: datetime) -> None:
    """Every open alert shows in lists, and its customer gets double attention (RET-5)."""
    update_standing_facts({row.customer_id: {"alert_level": row.level} for row in rows})
    give_attention([row.pk for row in rows], today=today, now=now)


def ground_of(customer_id: int) -> Ground:
    """The last score of a customer, or the model's answer to somebody it knows nothing of."""
    score = RiskScore.unscoped.filter(customer_id=customer_id).first()
    if score is not None:
        return Ground(
            score.model_id, score.points, score.probability, orjson.loads(score.reasons), is_old(score.missing)
        )
    model = RiskModel.objects.get(state="in_force")
    return Ground(model.pk, 0, probability(0, PointTable.from_json(model.table)), [])


def is_old(missing: Sequence[str]) -> bool:
    """A feed had fallen silent when the score was made."""
    return any(code.startswith("feed:") for code in missing)


def due_of(trigger: str, now: datetime) -> datetime:
    """Until when somebody acts: hours after a hard signal, otherwise the end of a working day (RET-4)."""
    today = timezone.localdate(now)
    if trigger == AlertTrigger.HARD:
        return now + timedelta(hours=int(parameters.value("alert_hard_hours", today)))
    days = int(parameters.value("alert_action_days", today))
    return end_of_work(working_days.calendar().add(today, days))


def end_of_work(day: date) -> datetime:
    """When a day's work is over."""
    return datetime.combine(day, END_OF_WORK, tzinfo=timezone.get_default_timezone())


def _new(
    customer: Customer, trigger: str, level: str, signal: Signal | None, *, by: User | None, now: datetime
) -> Alert:
    ground = ground_of(customer.pk)
    return Alert(
        customer=customer, manager_id=customer.manager_id, trigger=AlertTrigger(trigger), level=AlertLevel(level),
        model_id=ground.model_id, points=ground.points, probability=ground.probability, reasons=ground.reasons,
        is_on_old_data=ground.is_on_old_data, signal=signal, opened_at=now, opened_by=by, due_at=due_of(trigger, now),
    )  # fmt: skip


def _customer(by: User | None, customer_id: int) -> Customer:
    if by is None:
        return Customer.unscoped.select_for_update(of=("self",), no_key=True).get(pk=customer_id)
    return the_customer(by, customer_id, WORKS)


def _open_alert_of(customer_id: int) -> Alert | None:
    rows = Alert.unscoped.select_for_update(of=("self",)).select_related("customer")
    return rows.filter(customer_id=customer_id, closed_at=None).first()


def _louder(row: Alert, level: str, *, signal: Signal | None, note: str, by: User | None, now: datetime) -> Alert:
    """A further sign on an open alert: as loud as the louder one, due as early as the earlier one, never put off."""
    row.level = AlertLevel(louder(row.level, level))
    if signal is not None:
        row.signal, row.trigger = signal, AlertTrigger.HARD
        if row.first_action_at is None:
            row.due_at = min(row.due_at, due_of(AlertTrigger.HARD, now))
        row.snoozed_until, row.snooze_reason = None, ""
    row.version += 1
    row.save()
    write_step(row, row.state, note, by=by, now=now)
    after_opening([row], today=timezone.localdate(now), now=now)
    return row


# --- Working on it


def acknowledge(*, alert_id: int, by: User, now: datetime) -> Alert:
    """Somebody has seen it; seeing it again changes nothing."""
    with write(by=by):
        row = the_alert(by, alert_id)
        if row.state == AlertState.OPEN:
            move_alert(row, AlertState.ACKNOWLEDGED, "", by=by, now=now)
    return row


def act(*, alert_id: int, note: str, by: User, now: datetime, version: int | None = None) -> Alert:
    """RET-6: something was done, in words; the first time the clock stops (F5)."""
    note = clean_text(note, field="note", max_length=1000, blank=False, multiline=True)
    with write(by=by):
        row = the_alert(by, alert_id, version)
        row.snoozed_until, row.snooze_reason = None, ""
        to = AlertState.IN_CARE if row.state in (AlertState.OPEN, AlertState.ACKNOWLEDGED) else AlertState(row.state)
        move_alert(row, to, note, by=by, now=now)
        give_attention([row.pk], today=timezone.localdate(now), now=now)
    return row


def snooze(*, alert_id: int, reason: str, until: date, by: User, now: datetime, version: int | None = None) -> Alert:
    """Put off for a reason and to a day; a hard signal is never put off. Nobody is told before that day is over, but
    the limit stays what it was: a delay is not forgiven by putting it off (F5)."""
    reason = clean_text(reason, field="reason", max_length=200, blank=False)
    today = timezone.localdate(now)
    most = today + timedelta(days=int(parameters.value("alert_snooze_days", today)))
    if not today < until <= most:
        raise Invalid(
            _("The day lies between tomorrow and %(last)s."), code="out_of_range", field="until",
            params={"last": str(most)},
        )  # fmt: skip
    with write(by=by):
        row = the_alert(by, alert_id, version)
        if row.trigger == AlertTrigger.HARD or row.state == AlertState.SAVING:
            raise Conflict(_("He has said so himself: this alert cannot be put off."), code="hard_signal")
        row.snoozed_until, row.snooze_reason = until, reason
        to = AlertState.ACKNOWLEDGED if row.state == AlertState.OPEN else AlertState(row.state)
        move_alert(row, to, reason, by=by, now=now, is_action=False)
        give_attention([row.pk], today=today, now=now)
    return row


def propose(
    *,
    alert_id: int,
    text: str,
    by: User,
    now: datetime,
    version: int | None = None,
    report: Attachment | None = None,
) -> Alert:
    """RET-20: what is to be done about it; without it falling usage is not closed. A report may go with it (CUS-17)."""
    text = clean_text(text, field="proposal", max_length=1000, blank=False, multiline=True)
    with write(by=by):
        row = the_alert(by, alert_id, version)
        row.proposal = text
        row.report = report or row.report
        to = AlertState.IN_CARE if row.state in (AlertState.OPEN, AlertState.ACKNOWLEDGED) else AlertState(row.state)
        move_alert(row, to, text, by=by, now=now)
    return row


def close_alert(
    *, alert_id: int, outcome: str, reason: str, by: User, now: datetime, version: int | None = None
) -> Alert:
    """What came of it, with a sentence: saved, lost, not reached or a false alarm. Never without (churn.md)."""
    if outcome not in SAID_BY_PEOPLE:
        raise Invalid(_("This is not one of the choices."), code="invalid_choice", field="outcome")
    reason = clean_text(reason, field="reason", max_length=500, blank=False, multiline=True)
    with write(by=by):
        row = the_alert(by, alert_id, version)
        if row.state == AlertState.SAVING:
            raise Conflict(_("A save case is open: the alert ends with it."), code="has_case")
        if wants_proposal(row):
            raise Invalid(
                _("His usage falls: write down what is proposed before you close."), code="required", field="proposal"
            )
        end_alert(row, END_OF[outcome], AlertOutcome(outcome), reason, by=by, now=now)
    return row


def wants_proposal(row: Alert) -> bool:
    """RET-20: whether it rests on falling usage and nobody has proposed anything."""
    return not row.proposal and needs_proposal(groups_of(row.reasons, row.signal.kind if row.signal else ""))


# --- Its steps, for whoever has the alert locked


def the_alert(by: User, alert_id: int, version: int | None = None) -> Alert:
    """An open alert in sight (404), his to work on (403), as he saw it (409); locked."""
    rows = Alert.visible_to(by.access.scope_for(SEES)).select_related("customer", "signal")
    row = rows.filter(pk=alert_id).select_for_update(of=("self",)).first()
    if row is None:
        raise NotFound
    customer = row.customer
    if not by.access.scope_for(WORKS).allows(unit_id=customer.unit_id, manager_id=customer.manager_id):
        raise NotAllowed
    current = {"state": row.state, "outcome": row.outcome, "version": row.version}
    if row.closed_at is not None:
        raise Conflict(_("This alert is closed."), code="closed", current=current)
    if version is not None and version != row.version:
        raise Conflict(current=current)
    return row


def move_alert(
    row: Alert, to: AlertState, note: str, *, by: User | None, now: datetime, is_action: bool = True
) -> None:
    """A locked open alert goes on to another state, or stays where it is; with who, when and words (RET-6)."""
    if to != row.state and not may_go(row.state, to):
        raise Conflict(_("The alert has gone on in the meantime."), code="closed", current={"state": row.state})
    before, row.state = row.state, to
    if is_action and to != AlertState.ACKNOWLEDGED:
        row.first_action_at = row.first_action_at or now
    row.version += 1
    row.save()
    write_step(row, before, note, by=by, now=now)


def end_alert(
    row: Alert, to: AlertState, outcome: AlertOutcome, reason: str, *, by: User | None, now: datetime
) -> None:
    """A locked open alert ends; its customer is left in peace for a while, and his task is over."""
    today = timezone.localdate(now)
    row.outcome, row.outcome_reason, row.closed_at, row.closed_by = outcome, reason[:500], now, by
    row.snoozed_until, row.snooze_reason = None, ""
    move_alert(row, to, reason[:1000], by=by, now=now, is_action=by is not None)
    rest = today + timedelta(days=int(parameters.value("alert_quiet_days", today)))
    RiskScore.unscoped.filter(customer_id=row.customer_id).update(quiet_until=rest)
    update_standing_facts({row.customer_id: {"alert_level": ""}})
    over = drop_attention if outcome in (AlertOutcome.FALSE_ALARM, AlertOutcome.SUBSIDED) else end_attention
    over([row.pk], by=by, now=now)


def write_step(row: Alert, before: str, note: str, *, by: User | None, now: datetime) -> AlertStep:
    """One line of the alert's history."""
    return AlertStep.unscoped.create(alert=row, from_state=before, to_state=row.state, note=note, by=by, at=now)

"""Write down what a customer said or what was learned, send it where it belongs, report it up (PLAN-19, CUS-20)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.dispatches import send_dispatch, withdraw_all
from accounts.actions.escalations import escalate
from accounts.models import Customer, Dispatch, Escalation
from accounts.queries import names
from crm.core.db import write
from crm.core.errors import FieldProblem, Invalid, NotAllowed, NotFound
from crm.core.notices import NoticeRow, notify
from crm.core.text import clean_text
from visits.choices import Reliability, VoiceKind, VoiceSource, VoiceTopic
from visits.models import CustomerVoice
from visits.notices import KEY_CHANGE
from visits.rules.voices import missing_source, missing_topic

if TYPE_CHECKING:
    from crm.core.models import User
    from visits.models import Visit

TABLE = "visits_customervoice"


@dataclass(frozen=True, slots=True)
class Heard:
    """What was said or learned. `found_on` None: today; `to_unit_id`: who should hear of it and reply."""

    kind: str
    text: str
    topic: str = ""
    source: str = ""
    reliability: str = ""
    suggestion: str = ""
    found_on: date | None = None
    to_unit_id: int | None = None


def capture_voice(*, customer_id: int, heard: Heard, by: User, now: datetime) -> CustomerVoice:
    """客户反映 apart from a visit (CUS-21: one form): for a customer whom one may log visits for."""
    values = check_heard(heard, today=timezone.localdate(now), has_visit=False)
    with write(by=by):
        customer = Customer.visible_to(by.access.scope).filter(pk=customer_id).first()
        if customer is None:
            raise NotFound(_("There is no such customer."))
        allowed = by.access.scope_for("log_visits")
        if not allowed.allows(unit_id=customer.unit_id, manager_id=customer.manager_id):
            raise NotAllowed
        row = CustomerVoice.unscoped.create(customer=customer, by=by, said_at=now, reported_at=now, **values)
        follow_up(row, heard, by=by, now=now)
    return row


def write_heard(visits: Sequence[Visit], heard: Heard, *, by: User, now: datetime) -> None:
    """What was said in a visit: one row per customer of its sheet, in the transaction of the visit (CON-18)."""
    values = check_heard(heard, today=timezone.localdate(now), has_visit=True)
    for visit in visits:
        row = CustomerVoice.unscoped.create(
            customer_id=visit.customer_id, visit=visit, by=by, said_at=visit.occurred_at, reported_at=now,
            **values | {"found_on": visit.occurred_on},
        )  # fmt: skip
        follow_up(row, heard, by=by, now=now)


def take_heard_back(visit_ids: Sequence[int], *, by: User, now: datetime) -> None:
    """An undone visit takes back what was sent to other units because of it."""
    voices = CustomerVoice.unscoped.filter(visit_id__in=visit_ids).values_list("id", flat=True)
    withdraw_all(origin_table=TABLE, origin_ids=list(voices), by=by, now=now)


def follow_up(row: CustomerVoice, heard: Heard, *, by: User, now: datetime) -> None:
    """Tell the supervisor of a key change at once (CUS-20); send it to a unit when one was named (PLAN-19)."""
    if row.kind == VoiceKind.KEY_CHANGE:
        _tell_supervisor(row, by=by, now=now)
    if heard.to_unit_id is not None:
        send_voice(voice_id=row.pk, to_unit_id=heard.to_unit_id, by=by, now=now)


def send_voice(*, voice_id: int, to_unit_id: int, by: User, now: datetime) -> Dispatch:
    """Send what a customer said to another unit, which replies within its days (PLAN-19, CON-26)."""
    row = _voice(by, voice_id)
    text = f"{row.text}\n{row.suggestion}" if row.suggestion else row.text
    return send_dispatch(
        customer_id=row.customer_id, to_unit_id=to_unit_id, text=text, origin_table=TABLE, origin_id=row.pk, by=by,
        now=now,
    )  # fmt: skip


def report_voice_up(*, voice_id: int, reason: str, by: User, now: datetime) -> Escalation | None:
    """CMP-24: what one's own level cannot solve goes up, with a reason."""
    row = _voice(by, voice_id)
    return escalate(
        customer_id=row.customer_id, origin_table=TABLE, origin_id=row.pk, subject=row.text[:200], reason=reason, by=by,
        now=now,
    )  # fmt: skip


def check_heard(heard: Heard, *, today: date, has_visit: bool) -> dict[str, object]:
    """The row rules of a voice; raises one `Invalid` with every problem."""
    problems: list[FieldProblem] = []
    for name, value, choices in (
        ("kind", heard.kind, VoiceKind), ("topic", heard.topic, VoiceTopic), ("source", heard.source, VoiceSource),
        ("reliability", heard.reliability, Reliability),
    ):  # fmt: skip
        if value and value not in choices.values:
            problems.append(FieldProblem(name, "invalid_choice", _("This is not one of the choices.")))
    if not heard.kind:
        problems.append(FieldProblem("kind", "required", _("Choose what it is.")))
    if missing_topic(heard.kind, heard.topic):
        problems.append(FieldProblem("topic", "required", _("Name which of the five key changes it is.")))
    if missing_source(heard.source, has_visit=has_visit):
        problems.append(FieldProblem("source", "required", _("Name where it comes from.")))
    if heard.found_on is not None and heard.found_on > today:
        problems.append(FieldProblem("found_on", "out_of_range", _("This day is still to come.")))
    texts = {}
    for name, value, blank in (("text", heard.text, False), ("suggestion", heard.suggestion, True)):
        try:
            texts[name] = clean_text(value, field=name, max_length=500, blank=blank)
        except Invalid as refusal:
            problems += refusal.problems
    if problems:
        raise Invalid(errors=problems)
    return {
        "kind": heard.kind, "topic": heard.topic, "source": heard.source or VoiceSource.VISIT,
        "reliability": heard.reliability, "found_on": heard.found_on or today, **texts,
    }  # fmt: skip


def _voice(by: User, voice_id: int) -> CustomerVoice:
    row = CustomerVoice.visible_to(by.access.scope).select_related("customer").filter(pk=voice_id).first()
    if row is None:
        raise NotFound(_("There is no such entry."))
    allowed = by.access.scope_for("log_visits")
    if not allowed.allows(unit_id=row.customer.unit_id, manager_id=row.customer.manager_id):
        raise NotAllowed
    return row


def _tell_supervisor(row: CustomerVoice, *, by: User, now: datetime) -> None:
    """CUS-20: the supervisor of the customer's manager (else of who reports) hears of it in the same transaction."""
    manager = names.staff_card(row.customer.manager_id) or names.staff_of(by.pk)
    boss = names.staff_card(manager.supervisor_id) if manager else None
    if boss is None or boss.user_id == by.pk:
        return
    params = {"by": by.name, "customer": row.customer.name, "topic": row.topic, "text": row.text[:100]}
    notify(
        [NoticeRow(user_id=boss.user_id, kind=KEY_CHANGE.kind, subject_table=TABLE, subject_id=row.pk, params=params,
                   url=f"/visits/voices/{row.pk}/", urgent=True)],
        now,
    )  # fmt: skip

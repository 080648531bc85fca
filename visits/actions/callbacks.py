"""Callbacks (CON-34, KPI-7): the customer's answer, "never happened" and what it does, one objection, one ruling."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.queries import names
from crm.core import access_log, notices, parameters
from crm.core.db import write
from crm.core.errors import Conflict, Invalid, NotAllowed, NotFound, OwnRequest
from crm.core.text import clean_text
from visits.actions import ledger
from visits.actions.dialling import NoPhone, tel_address
from visits.choices import CallbackState, ReversalKind
from visits.models import Callback, Reversal, Visit
from visits.queries.callbacks import OPEN, callbacks_in_sight, judge_of, own_line
from visits.queries.catalogue import catalogue
from visits.rules.counting import Cell

if TYPE_CHECKING:
    from crm.core.models import User

UNHAPPY = 2
"""Satisfaction up to here is told to the supervisor."""


def _to_call(by: User, callback_id: int) -> Callback:
    """One that waits for a call: in sight (404), his to ask (403), never of his own line (SEC-24), still open (409)."""
    rows = callbacks_in_sight(by.access).filter(pk=callback_id).select_related("visit__customer")
    if not by.access.can("call_back_customers"):
        raise NotAllowed if rows.exists() else NotFound
    row = Callback.unscoped.select_for_update(of=("self",)).select_related("visit__customer").filter(pk=callback_id)
    found = row.first()
    if found is not None and found.staff_id in own_line(by.access.staff_id):
        raise OwnRequest(_("Nobody asks customers about his own line."))
    if found is None or not rows.exists():
        raise NotFound
    if found.state not in OPEN:
        raise Conflict(_("This callback has been answered already."), code="answered", current={"state": found.state})
    return found


def dial_callback(*, callback_id: int, by: User, now: datetime) -> str:
    """The customer's number for who calls back; each look is logged (decisions 16)."""
    with write(by=by):
        row = _to_call(by, callback_id)
        phone = row.visit.customer.phone
        if not phone:
            raise NoPhone
        access_log.record("dial", by, at=now, subject_table="visits_callback", subject_id=row.pk)
    return tel_address(phone)


def miss_callback(*, callback_id: int, by: User, now: datetime) -> Callback:
    """Nobody answered: one more attempt; after the last one the contact is given up, another may be drawn."""
    with write(by=by):
        row = _to_call(by, callback_id)
        row.attempts += 1
        row.tried_at, row.version = now, row.version + 1
        most = int(parameters.value("callback_attempts", timezone.localdate(now)))
        row.state = CallbackState.UNREACHED if row.attempts >= most else CallbackState.TRIED
        row.save(update_fields=["attempts", "tried_at", "state", "version"])
    return row


def answer_callback(
    *,
    callback_id: int,
    took_place: bool,
    satisfaction: int | None = None,
    knows_manager: bool | None = None,
    data_correct: bool | None = None,
    badge_worn: bool | None = None,
    remark: str = "",
    by: User,
    now: datetime,
) -> Callback:
    """KPI-7: what the customer says. CON-34: "never happened" takes the visit out of the count at once."""
    remark = clean_text(remark, field="remark", max_length=500, multiline=True)
    if satisfaction is not None and not 1 <= satisfaction <= 5:
        raise Invalid(_("Satisfaction is from 1 to 5."), code="out_of_range", field="satisfaction")
    with write(by=by):
        row = _to_call(by, callback_id)
        row.attempts += 1
        row.took_place, row.satisfaction, row.remark = took_place, satisfaction if took_place else None, remark
        row.knows_manager, row.data_correct = knows_manager, data_correct
        row.badge_worn = badge_worn if took_place else None
        row.answered_by, row.answered_at, row.tried_at, row.version = by, now, now, row.version + 1
        row.state = CallbackState.CONFIRMED if took_place else CallbackState.DENIED
        row.save()
        if not took_place:
            _reverse(row, by=by, now=now)
        _tell(row, now=now)
    return row


def _reverse(row: Callback, *, by: User, now: datetime) -> None:
    """CON-34: by a new row, nothing is deleted; the duty follows, in an open month at once, else by a revision."""
    visit = Visit.unscoped.select_for_update().get(pk=row.visit_id)
    reason = gettext("Callback of %(day)s: the customer says this contact never happened.") % {
        "day": date_format(timezone.localdate(now), "Y-m-d")
    }
    Reversal.unscoped.create(visit=visit, callback=row, kind=ReversalKind.REVERSED, reason=reason, by=by, at=now)
    Visit.unscoped.filter(pk=visit.pk).update(counts=False, version=visit.version + 1)
    visit.refresh_from_db()
    ledger.withdraw(visit, reason=reason[:200], by=by, now=now)


def _tell(row: Callback, *, now: datetime) -> None:
    """The manager hears of "never happened", his supervisor too, and of an unhappy customer."""
    card = names.staff_card(row.staff_id)
    boss = names.staff_card(card.supervisor_id) if card else None
    params: dict[str, Any] = {"customer": row.visit.customer.name, "day": date_format(row.visit.occurred_on, "Y-m-d")}
    url = f"/callbacks/{row.pk}/"
    rows = []
    if row.state == CallbackState.DENIED:
        for person, kind in ((card, "contact_denied"), (boss, "contact_denied_of")):
            if person is not None:
                told = params | {"name": card.name if card else ""}
                rows.append(notices.NoticeRow(person.user_id, kind, "visits_callback", row.pk, "", told, url))
    elif row.satisfaction is not None and row.satisfaction <= UNHAPPY and boss is not None:
        told = params | {"name": card.name if card else "", "points": row.satisfaction}
        rows.append(notices.NoticeRow(boss.user_id, "customer_unhappy", "visits_callback", row.pk, "", told, url))
    notices.notify(rows, now)


def object_to_callback(*, callback_id: int, text: str, by: User, now: datetime) -> Callback:
    """The manager objects once, within some days; the supervisor's supervisor decides."""
    text = clean_text(text, field="text", max_length=500, blank=False, multiline=True)
    with write(by=by):
        row = callbacks_in_sight(by.access).filter(pk=callback_id).select_related("visit__customer").first()
        if row is None:
            raise NotFound
        if row.staff_id != by.access.staff_id:
            raise NotAllowed(_("Only the manager whose contact it was may object."))
        row = Callback.unscoped.select_for_update(of=("self",)).select_related("visit__customer").get(pk=row.pk)
        days = int(parameters.value("objection_days", timezone.localdate(now)))
        if row.state != CallbackState.DENIED or row.objected_at is not None:
            raise Conflict(_("There is nothing to object to any more."), code="objected")
        if row.answered_at is None or now > row.answered_at + timedelta(days=days):
            raise Conflict(_("The time to object is over."), code="too_late")
        row.objection, row.objected_at, row.judge_id = text, now, judge_of(row.staff_id)
        row.version += 1
        row.save(update_fields=["objection", "objected_at", "judge", "version"])
        judge = names.staff_card(row.judge_id)
        if judge is not None:
            told = {"name": names.staff_name(row.staff_id), "customer": row.visit.customer.name}
            url = f"/callbacks/{row.pk}/"
            notices.notify(
                [notices.NoticeRow(judge.user_id, "callback_objected", "visits_callback", row.pk, "", told, url)], now
            )
    return row


def rule_on_objection(*, callback_id: int, uphold: bool, remark: str = "", by: User, now: datetime) -> Callback:
    """Upheld: the visit comes back into the count by a new row. Never by who is concerned himself (SEC-24)."""
    remark = clean_text(remark, field="remark", max_length=300)
    with write(by=by):
        row = callbacks_in_sight(by.access).filter(pk=callback_id).first()
        if row is None:
            raise NotFound
        row = Callback.unscoped.select_for_update(of=("self",)).select_related("visit__customer").get(pk=row.pk)
        if row.staff_id == by.access.staff_id or row.answered_by_id == by.pk:
            raise OwnRequest
        if row.judge_id is None or row.judge_id != by.access.staff_id:
            raise NotAllowed
        if row.ruled_at is not None:
            raise Conflict(_("This request has been decided already."), code="decided")
        row.is_upheld, row.ruling, row.ruled_by, row.ruled_at = uphold, remark, by, now
        row.version += 1
        row.save(update_fields=["is_upheld", "ruling", "ruled_by", "ruled_at", "version"])
        if uphold:
            _restore(row, by=by, now=now)
        _tell_ruling(row, now=now)
    return row


def _restore(row: Callback, *, by: User, now: datetime) -> None:
    visit = Visit.unscoped.select_for_update().get(pk=row.visit_id)
    if visit.undone_at is not None:
        return
    reason = gettext("The manager's objection was upheld.")
    Reversal.unscoped.create(visit=visit, callback=row, kind=ReversalKind.RESTORED, reason=reason, by=by, at=now)
    known = catalogue()
    cell = Cell(
        known.channels_by_id[visit.channel_id].code, visit.direction, visit.party,
        known.outcomes_by_id[visit.outcome_id].code, visit.is_bulk,
    )  # fmt: skip
    counts = known.counts(cell, visit.occurred_on)
    Visit.unscoped.filter(pk=visit.pk).update(counts=counts, version=visit.version + 1)
    visit.refresh_from_db()
    ledger.put_back(visit, reason=reason, by=by, now=now)


def _tell_ruling(row: Callback, *, now: datetime) -> None:
    card = names.staff_card(row.staff_id)
    if card is None:
        return
    kind = "objection_upheld" if row.is_upheld else "objection_refused"
    told = {"customer": row.visit.customer.name, "remark": row.ruling}
    url = f"/callbacks/{row.pk}/"
    notices.notify([notices.NoticeRow(card.user_id, kind, "visits_callback", row.pk, "", told, url)], now)


def cancel_callbacks(*, visit_ids: Sequence[int], today: date, now: datetime, by: User) -> None:
    """A visit that its author took back is not asked about (settings.UNDO_FOLLOWERS)."""
    Callback.unscoped.filter(visit_id__in=list(visit_ids), state__in=OPEN).update(state=CallbackState.CANCELLED)

"""Send a matter to another unit, urge, reply, take it back (CMP-24, PLAN-19): first across, then up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import the_customer
from accounts.actions.escalations import escalate
from accounts.choices import DispatchState
from accounts.followers import follow
from accounts.models import Dispatch, Unit
from accounts.queries import names
from accounts.queries.dispatches import answerers_of, dispatch_for, own_units
from accounts.rules.ladder import due_after
from crm.core import parameters, working_days
from crm.core.db import write
from crm.core.errors import Conflict, Invalid, NotAllowed, NotFound
from crm.core.notices import NoticeRow, notify
from crm.core.text import clean_text

if TYPE_CHECKING:
    from crm.core.models import User

TABLE = "accounts_dispatch"
MOST_URGES = 20


def send_dispatch(
    *,
    customer_id: int,
    to_unit_id: int,
    text: str,
    origin_table: str,
    origin_id: int,
    by: User,
    now: datetime,
    reply_due_at: datetime | None = None,
) -> Dispatch:
    """Send a matter of a customer in view to another unit; it replies within the days of the parameter."""
    text = clean_text(text, field="text", max_length=1000, blank=False, multiline=True)
    local = timezone.localtime(now)
    with write(by=by):
        customer = the_customer(by, customer_id, lock=False)
        unit = Unit.unscoped.filter(pk=to_unit_id, is_active=True).first()
        if unit is None:
            raise Invalid(_("There is no such unit."), code="not_found", field="to_unit")
        if reply_due_at is None:
            days = int(parameters.value("dispatch_reply_days", local.date()))
            reply_due_at = due_after(local, days, working_days.calendar())
        if reply_due_at <= now:
            raise Invalid(_("The reply cannot be due in the past."), code="out_of_range", field="reply_due_at")
        row = Dispatch(
            customer=customer, origin_table=origin_table, origin_id=origin_id, from_unit_id=customer.unit_id,
            to_unit=unit, text=text, reply_due_at=reply_due_at, sent_by=by, sent_at=now,
        )  # fmt: skip
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as twin:
            raise Conflict(_("This was sent to the unit already."), code="already_sent") from twin
        _tell_unit(row, "dispatch_sent", "", customer.name, by=by, now=now)
    return row


def urge_dispatch(*, dispatch_id: int, by: User, now: datetime) -> Dispatch:
    """Remind the other unit (催办): once an hour at most."""
    with write(by=by):
        row = _own(by, dispatch_id)
        if row.state != DispatchState.SENT:
            raise Conflict(_("This has been replied to already."), code="closed", current={"state": row.state})
        if row.urged_at is not None and (now - row.urged_at).total_seconds() < 3600:
            raise Conflict(_("It was urged within the last hour."), code="urged_lately")
        row.urge_count, row.urged_at = min(row.urge_count + 1, MOST_URGES), now
        row.save(update_fields=["urge_count", "urged_at"])
        _tell_unit(row, "dispatch_urged", f"{row.urge_count}", row.customer.name, by=by, now=now)
    return row


def reply_dispatch(*, dispatch_id: int, text: str, solved: bool, by: User, now: datetime) -> Dispatch:
    """Reply (回单). "Cannot be solved here" reports the matter up at once (CMP-24)."""
    text = clean_text(text, field="text", max_length=1000, blank=False, multiline=True)
    with write(by=by):
        row = _seen(by, dispatch_id)
        if row.to_unit_id not in own_units(by.access):
            raise NotAllowed
        if row.state != DispatchState.SENT:
            raise Conflict(_("This has been replied to already."), code="closed", current={"state": row.state})
        row.state = DispatchState.REPLIED if solved else DispatchState.UNSOLVED
        row.reply, row.replied_by, row.replied_at = text, by, now
        row.save(update_fields=["state", "reply", "replied_by", "replied_at"])
        params = {"unit": names.unit_name(row.to_unit_id), "customer": row.customer.name, "reply": text[:100]}
        notify([_notice(row.sent_by_id, "dispatch_replied", row, "", params)], now)
        follow("DISPATCH_FOLLOWERS", dispatch=row, by=by, now=now)
        if not solved:
            escalate(
                customer_id=row.customer_id, origin_table=TABLE, origin_id=row.pk, subject=row.text[:200],
                reason=text[:300], by=row.sent_by, now=now, system=True,
            )  # fmt: skip
    return row


def withdraw_dispatch(*, dispatch_id: int, by: User, now: datetime) -> Dispatch:
    """Take back what is not needed any more; only who sent it."""
    with write(by=by):
        row = _own(by, dispatch_id)
        if row.state != DispatchState.SENT:
            raise Conflict(_("This has been replied to already."), code="closed", current={"state": row.state})
        row.state, row.replied_at, row.replied_by = DispatchState.WITHDRAWN, now, by
        row.save(update_fields=["state", "replied_at", "replied_by"])
    return row


def withdraw_all(*, origin_table: str, origin_ids: Sequence[int], by: User, now: datetime) -> int:
    """Take back what is still waiting, because the row it came from was taken back; the caller has reached it."""
    if not origin_ids:
        return 0
    with write(by=by):
        waiting = Dispatch.unscoped.filter(
            origin_table=origin_table, origin_id__in=origin_ids, state=DispatchState.SENT
        )
        return waiting.update(state=DispatchState.WITHDRAWN, replied_at=now, replied_by=by)


def _seen(by: User, dispatch_id: int) -> Dispatch:
    """The dispatch, locked, for whom it concerns; 404 for anybody else."""
    row = Dispatch.unscoped.select_related("customer", "sent_by").select_for_update(of=("self",)).filter(pk=dispatch_id)
    found = row.first()
    if found is None or dispatch_for(by.access, dispatch_id) is None:
        raise NotFound(_("There is no such dispatch."))
    return found


def _own(by: User, dispatch_id: int) -> Dispatch:
    row = _seen(by, dispatch_id)
    if row.sent_by_id != by.pk:
        raise NotAllowed
    return row


def _notice(user_id: int, kind: str, row: Dispatch, occasion: str, params: dict[str, str]) -> NoticeRow:
    return NoticeRow(
        user_id=user_id, kind=kind, subject_table=TABLE, subject_id=row.pk, occasion=occasion, params=params,
        url=f"/dispatches/{row.pk}/", urgent=True,
    )  # fmt: skip


def _tell_unit(row: Dispatch, kind: str, occasion: str, customer: str, *, by: User, now: datetime) -> None:
    """Those who answer for the unit."""
    params = {
        "unit": names.unit_name(row.from_unit_id), "customer": customer, "by": by.name,
        "due": timezone.localtime(row.reply_due_at).strftime("%Y-%m-%d %H:%M"),
    }  # fmt: skip
    users = answerers_of(row.to_unit_id, timezone.localdate(now))
    notify([_notice(user_id, kind, row, occasion, params) for user_id in users if user_id != by.pk], now)

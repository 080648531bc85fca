"""Sending what waits: claimed with a lease, sent once or never (safety 1.3, 5).

A message is `sending` before the first byte leaves. Who dies then leaves it `unknown`: a person looks, nothing is sent
again by itself. Only a plain refusal is tried again.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote
from uuid import UUID, uuid4

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_lazy as _

from crm.core.db import write
from crm.core.delivery.choices import address_on, addresses_of, notice_plan
from crm.core.errors import Conflict, NotFound
from crm.core.models import Delivery, DeliveryState

if TYPE_CHECKING:
    from crm.core.models import User

logger = logging.getLogger(__name__)
LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 5
MOST_AT_ONCE = 500

_CLAIM = """
UPDATE core_delivery SET state = 'sending', lease = %s, leased_until = %s, attempts = attempts + 1
WHERE id = (SELECT id FROM core_delivery WHERE state = 'waiting' AND try_after <= %s ORDER BY id LIMIT 1
  FOR UPDATE SKIP LOCKED)
RETURNING id, user_id, channel, title, body, url, attempts
"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that is ours for five minutes."""

    id: int
    user_id: int
    channel: str
    title: str
    body: str
    url: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it."""

    state: str
    error: str = ""


def send_waiting(*, now: datetime, limit: int = MOST_AT_ONCE) -> int:
    """Send everything that waits, one message after the other; answers how many were taken."""
    _bury(now)
    taken = 0
    while taken < limit:
        lease = uuid4()
        message = _claim(lease, now)
        if message is None:
            break
        taken += 1
        _settle(message, lease, _send(message), now)
    return taken


def _bury(now: datetime) -> None:
    """Whose lease is over while it was being sent: nobody knows."""
    with write(label="system:deliver"):
        Delivery.objects.filter(state=DeliveryState.SENDING, leased_until__lt=now).update(
            state=DeliveryState.UNKNOWN, lease=None, error="cut off"
        )


def _claim(lease: UUID, now: datetime) -> Claimed | None:
    with write(label="system:deliver"), connection.cursor() as cursor:
        cursor.execute(_CLAIM, [lease, now + LEASE, now])
        row = cursor.fetchone()
    return Claimed(*row) if row else None


def _send(message: Claimed) -> Outcome:
    """Hand the message to its channel."""
    pattern = settings.NOTICE_URLS.get(message.channel, "")
    if settings.DEMO or not pattern:
        return Outcome(DeliveryState.PARKED, "demo" if settings.DEMO else "no address of this channel in the settings")
    known = addresses_of([message.user_id]).get(message.user_id, {})
    address = address_on(message.channel, known, notice_plan(message.user_id))
    if not address:
        return Outcome(DeliveryState.FAILED, "nobody at this address")
    return _through_apprise(pattern.replace("{address}", quote(address, safe="")), message)


def _through_apprise(url: str, message: Claimed) -> Outcome:
    import apprise  # it knows a hundred services and takes its time to load

    service = apprise.Apprise()
    if not service.add(url):
        return Outcome(DeliveryState.FAILED, "the address in the settings is none that apprise knows")
    body = f"{message.body}\n{message.url}" if message.url else message.body
    with apprise.LogCapture(level=logging.WARNING) as said:  # type: ignore[no-untyped-call]
        is_sent = service.notify(body=body, title=message.title)
        lines = said.getvalue()
    if is_sent:
        return Outcome(DeliveryState.SENT)
    # A connection that broke may have broken after the message was taken: it is not sent again by itself.
    if "onnection" in lines or "timed out" in lines:
        return Outcome(DeliveryState.UNKNOWN, "the connection broke")
    return Outcome(DeliveryState.WAITING, "refused")


def _settle(message: Claimed, lease: UUID, outcome: Outcome, now: datetime) -> None:
    state = outcome.state
    if state == DeliveryState.WAITING and message.attempts >= MOST_ATTEMPTS:
        state = DeliveryState.FAILED
    with write(label="system:deliver"):
        Delivery.objects.filter(pk=message.id, lease=lease, state=DeliveryState.SENDING).update(
            state=state, lease=None, leased_until=None, error=outcome.error,
            sent_at=now if state == DeliveryState.SENT else None,
            try_after=now + timedelta(minutes=2**message.attempts),
        )  # fmt: skip
    if state not in (DeliveryState.SENT, DeliveryState.PARKED):
        logger.warning("a message was not sent", extra={"delivery": message.id, "state": str(state)})


def send_again(*, delivery_id: int, by: User, now: datetime) -> Delivery:
    """A person decides that a failed, unknown or parked message goes out (again)."""
    with write(by=by):
        message = Delivery.objects.select_for_update().filter(pk=delivery_id).first()
        if message is None:
            raise NotFound
        if message.state not in (DeliveryState.FAILED, DeliveryState.UNKNOWN, DeliveryState.PARKED):
            raise Conflict(_("This message is not one to be sent again."), code="not_stopped")
        message.state, message.attempts, message.try_after, message.error = DeliveryState.WAITING, 0, now, ""
        message.save(update_fields=["state", "attempts", "try_after", "error"])
    return message

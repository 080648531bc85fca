"""The outbox of webhooks: what is due is claimed with a lease, tried, and settled (sync-api: at least once, in order
per record).

A message waits while an earlier one of the same record is on its way; other records pass it by. After 72 hours of
tries it is given up and lets the next one through. A receiver that fails at everything is left in peace for a while
and then asked with one message at a time; after five days it is switched off and its owner told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import orjson
from django.db import connection
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.core.db import write
from crm.core.notices import NoticeRow, notice_kind, notify
from crm.core.sealed import unseal
from sync.choices import MessageState, WebhookState
from sync.models import Webhook, WebhookAttempt, WebhookMessage
from sync.webhooks.sending import Answer

LABEL = "system:webhooks"
PURPOSE = "webhook"
"""What secrets are sealed for."""
LEASE = timedelta(seconds=60)
GIVEN_UP_AFTER = timedelta(hours=72)
DISABLED_AFTER = timedelta(days=5)
PAUSES = (5, 30, 120, 600, 1800, 3600, 7200, 14400)
LONGEST_PAUSE = 28800
AT_ONCE = 4
"""So many messages of one webhook are on their way together; one, while it fails."""
PATIENCE = 5
"""After so many failures in a row the webhook rests."""
LONGEST_REST = 3600
GONE = 410

notice_kind("webhook_disabled", _("The webhook %(host)s of %(client)s is switched off: it failed for five days."),
            icon="plug-connected-x")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Due:
    """A webhook with something to send."""

    id: int
    failures: int


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that is ours for a minute."""

    id: int
    lease: UUID
    webhook_id: int
    url: str
    key: str
    body: bytes
    secrets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """A claimed message and what came of it."""

    message: Claimed
    answer: Answer
    at: datetime


_DUE = """
SELECT h.id, h.failures FROM sync_webhook h JOIN sync_client c ON c.id = h.client_id AND c.is_active
WHERE h.state = 'active' AND (h.rest_until IS NULL OR h.rest_until <= %(now)s)
  AND EXISTS (SELECT 1 FROM sync_webhookmessage m WHERE m.webhook_id = h.id AND m.state = 'waiting'
    AND m.try_after <= %(now)s)
ORDER BY h.failures, h.id
"""
_CLAIM = """
UPDATE sync_webhookmessage m SET state = 'sending', lease = %(lease)s, leased_until = %(until)s,
  attempts = m.attempts + 1, first_tried_at = coalesce(m.first_tried_at, %(now)s)
FROM sync_webhook h
WHERE h.id = m.webhook_id AND m.id IN (
  SELECT w.id FROM sync_webhookmessage w
  WHERE w.webhook_id = %(webhook)s AND w.state = 'waiting' AND w.try_after <= %(now)s
    AND NOT EXISTS (SELECT 1 FROM sync_webhookmessage e WHERE e.webhook_id = w.webhook_id AND e.type = w.type
      AND e.record_id = w.record_id AND e.id < w.id AND e.state IN ('waiting', 'sending'))
  ORDER BY w.try_after, w.id LIMIT %(most)s FOR UPDATE OF w SKIP LOCKED)
RETURNING m.id, h.id, h.url, m.key, m.type, m.record_id, m.op, m.cursor, m.changed_at, h.secret, h.previous_secret,
  h.previous_until
"""


def due_webhooks(now: datetime) -> list[Due]:
    """Webhooks that have something to send, those that work first."""
    with connection.cursor() as cursor:
        cursor.execute(_DUE, {"now": now})
        return [Due(*row) for row in cursor.fetchall()]


def claim(due: Due, most: int, now: datetime) -> list[Claimed]:
    """Take up to so many messages of a webhook, none of a record that still waits for an earlier one."""
    lease = uuid4()
    values: dict[str, Any] = {"lease": lease, "until": now + LEASE, "now": now, "webhook": due.id, "most": most}
    with write(label=LABEL), connection.cursor() as cursor:
        cursor.execute(_CLAIM, values)
        rows = cursor.fetchall()
    return [_claimed(row, lease, now) for row in sorted(rows)]


def _claimed(row: Sequence[Any], lease: UUID, now: datetime) -> Claimed:
    pk, webhook_id, url, key, kind, record_id, op, place, changed_at, secret, previous, until = row
    body = {"type": kind, "id": record_id, "op": op, "cursor": place, "changed_at": changed_at.isoformat()}
    sealed = [secret, previous] if previous and until is not None and until > now else [secret]
    return Claimed(
        pk, lease, webhook_id, url, message_key(key), orjson.dumps(body), tuple(unseal(one, PURPOSE) for one in sealed)
    )


def message_key(key: UUID) -> str:
    """How a message is called outside: the same at every try, so that a receiver can leave repetitions out."""
    return f"msg_{key.hex}"


def free_the_lost(now: datetime) -> int:
    """Whose lease is over is sent again: at least once."""
    with write(label=LABEL):
        return WebhookMessage.unscoped.filter(state=MessageState.SENDING, leased_until__lt=now).update(
            state=MessageState.WAITING, lease=None, leased_until=None
        )


def pause_after(attempts: int) -> timedelta:
    """How long until the next try.

    >>> [pause_after(number).total_seconds() for number in (1, 2, 8, 9, 50)]
    [5.0, 30.0, 14400.0, 28800.0, 28800.0]
    """
    return timedelta(seconds=PAUSES[attempts - 1] if 0 < attempts <= len(PAUSES) else LONGEST_PAUSE)


def settle(tried: Iterable[Tried]) -> None:
    """Write down what came of each try, in one transaction."""
    with write(label=LABEL):
        for one in tried:
            message = WebhookMessage.unscoped.select_for_update().filter(
                pk=one.message.id, lease=one.message.lease, state=MessageState.SENDING
            ).first()  # fmt: skip
            if message is None:
                continue
            WebhookAttempt.unscoped.create(
                message=message, at=one.at, status=one.answer.status, milliseconds=one.answer.milliseconds,
                error=one.answer.error, answer=one.answer.text,
            )  # fmt: skip
            _settle_message(message, one)
            _settle_webhook(one)


def _settle_message(message: WebhookMessage, one: Tried) -> None:
    message.lease = message.leased_until = None
    if one.answer.is_taken:
        message.state, message.settled_at = MessageState.DELIVERED, one.at
    elif message.first_tried_at is not None and one.at - message.first_tried_at >= GIVEN_UP_AFTER:
        message.state, message.settled_at = MessageState.PARKED, one.at
    else:
        message.state = MessageState.WAITING
        message.try_after = one.at + max(pause_after(message.attempts), timedelta(seconds=one.answer.wait))
    message.save(update_fields=["lease", "leased_until", "state", "settled_at", "try_after"])


def _settle_webhook(one: Tried) -> None:
    found = Webhook.unscoped.select_for_update().get(pk=one.message.webhook_id)
    if one.answer.is_taken:
        found.failing_since, found.failures, found.rest_until = None, 0, None
        found.last_delivered_at = one.at
    else:
        found.failing_since = found.failing_since or one.at
        found.failures += 1
        if found.failures >= PATIENCE:
            found.rest_until = one.at + timedelta(seconds=min(30 * 2 ** (found.failures - PATIENCE), LONGEST_REST))
        is_old = one.at - found.failing_since >= DISABLED_AFTER
        if found.state == WebhookState.ACTIVE and (is_old or one.answer.status == GONE):
            found.state, found.disabled_at = WebhookState.DISABLED, one.at
            _tell(found, one.at)
    found.save(update_fields=["failing_since", "failures", "rest_until", "last_delivered_at", "state", "disabled_at"])


def _tell(found: Webhook, now: datetime) -> None:
    """The owner of the client and who set the webhook up; in the digest, once per switching off."""
    people = {found.client.owner_id, found.created_by_id}
    notify(
        (
            NoticeRow(
                user_id=user_id, kind="webhook_disabled", subject_table="sync_webhook", subject_id=found.pk,
                occasion=now.isoformat(), params={"host": host_of(found.url), "client": found.client.name},
                url=reverse("sync:webhook_detail", args=[found.pk]),
            )
            for user_id in people
        ),
        now,
    )  # fmt: skip


def host_of(url: str) -> str:
    """The host of an address, for people: what comes after it may be a secret."""
    return url.partition("://")[2].partition("/")[0].partition("?")[0]


KEPT = timedelta(days=30)


def forget_old_messages(now: datetime) -> int:
    """What was settled a month ago goes, with its tries (a step of the night)."""
    old = Q(state__in=(MessageState.DELIVERED, MessageState.PARKED), made_at__lt=now - KEPT)
    with write(label=LABEL):
        return WebhookMessage.unscoped.filter(old).delete()[0]

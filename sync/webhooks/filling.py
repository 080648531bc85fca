"""From the change log into the outbox: each webhook goes its own way through the feed of `sync.feed` (sync-api).

A message carries the cursor that its page began at: whoever reads the feed from there meets the change.
"""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.db.models import Q
from django.utils import timezone

from accounts.models import Unit
from accounts.queries import names
from crm.core.db import write
from crm.core.feed import CursorGone, Reader, new_cursor
from crm.core.pages import BadCursor
from sync.authentication import caller_access
from sync.choices import MessageState, WebhookState
from sync.feed import FeedItem, read_changes
from sync.models import Client, Token, Webhook, WebhookMessage
from sync.webhooks.outbox import LABEL

PAGE = 1000
MOST_WAITING = 5000
"""So many messages wait at most; until they are gone the webhook's cursor stays where it is."""
RESET = "feed"
"""Type of the one message that says: what you may see has changed, read the lists again and go on from here."""


def reader_of(client: Client, now: datetime) -> Reader | None:
    """The client as its valid tokens make it; None when it has none and may hear of nothing."""
    tokens = Token.unscoped.filter(client=client, revoked_at=None, expires_at__gt=now)
    scopes = sorted({scope for held in tokens.values_list("scopes", flat=True) for scope in held})
    if not scopes:
        return None
    is_top = Unit.unscoped.filter(pk=client.unit_id, parent_id=None).exists()
    access = caller_access(client.user_id, scopes, None if is_top else list(names.subtree(client.unit_id)))
    return Reader(access, timezone.localdate(now), frozenset(scopes), client.unit_id, client.pk)


def fill(now: datetime) -> int:
    """Put what is new into the outbox of every webhook that is served; answers how many messages."""
    found = Webhook.unscoped.filter(state=WebhookState.ACTIVE, client__is_active=True).values_list("pk", flat=True)
    return sum(_fill_one(pk, now) for pk in list(found))


def _fill_one(pk: int, now: datetime) -> int:
    with write(label=LABEL):
        webhook = (
            Webhook.unscoped.select_for_update(skip_locked=True, of=("self",))
            .select_related("client")
            .filter(pk=pk, state=WebhookState.ACTIVE)
            .first()
        )
        reader = reader_of(webhook.client, now) if webhook is not None else None
        if webhook is None or reader is None or _is_full(webhook):
            return 0
        begun = webhook.cursor
        made = _next(webhook, reader, now)
        WebhookMessage.unscoped.bulk_create(made, batch_size=500)
        if webhook.cursor != begun:
            webhook.save(update_fields=["cursor"])
    return len(made)


def _is_full(webhook: Webhook) -> bool:
    waiting = WebhookMessage.unscoped.filter(webhook=webhook).filter(
        Q(state=MessageState.WAITING) | Q(state=MessageState.SENDING)
    )
    return waiting.order_by()[MOST_WAITING : MOST_WAITING + 1].exists()


def _next(webhook: Webhook, reader: Reader, now: datetime) -> list[WebhookMessage]:
    """The messages of the next page; moves the webhook's cursor on."""
    if not webhook.cursor:
        webhook.cursor = new_cursor(reader)
        return []
    wanted = [name for name in webhook.types if name in reader.readable]
    if not wanted:
        return []
    begun = webhook.cursor
    try:
        page = read_changes(reader, wanted, begun, PAGE)
    except (CursorGone, BadCursor):
        webhook.cursor = new_cursor(reader)
        return [_message(webhook, RESET, 0, "reset", webhook.cursor, now, now)]
    webhook.cursor = page.next
    return [_told(webhook, item, begun, now) for item in page.items]


def _told(webhook: Webhook, item: FeedItem, cursor: str, now: datetime) -> WebhookMessage:
    return _message(webhook, item.type, item.id, item.op, cursor, datetime.fromisoformat(item.changed_at), now)


def _message(
    webhook: Webhook, kind: str, record_id: int, op: str, cursor: str, changed_at: datetime, now: datetime
) -> WebhookMessage:
    return WebhookMessage(
        webhook=webhook, key=uuid4(), type=kind, record_id=record_id, op=op, cursor=cursor, changed_at=changed_at,
        try_after=now, made_at=now,
    )  # fmt: skip

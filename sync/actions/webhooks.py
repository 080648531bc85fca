"""What is done with a webhook: set up, changed, tried out, given a new secret, paused, sent again (sync-api)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils.translation import gettext_lazy as _

from crm.core.db import write
from crm.core.errors import Conflict, Invalid
from crm.core.feed import feed_types
from crm.core.models import User
from crm.core.sealed import seal, unseal
from crm.core.text import clean_text
from sync.choices import MessageState, WebhookState
from sync.models import Client, Webhook, WebhookMessage
from sync.webhooks import addresses, signing
from sync.webhooks.outbox import KEPT, PURPOSE

MOST_WEBHOOKS = 10
OLD_SECRET_GOOD = timedelta(hours=24)
PING = "ping"
SETTLED = (MessageState.DELIVERED, MessageState.PARKED)


@dataclass(frozen=True)
class NewWebhook:
    """A new webhook with its secret, which is shown once."""

    webhook: Webhook
    secret: str


def create_webhook(
    *, client: Client, url: str, types: Collection[str], note: str = "", allowed: Collection[str] | None = None,
    by: User, now: datetime,
) -> NewWebhook:  # fmt: skip
    """Set a webhook up; it hears of what changes from now on.

    `allowed`: the types that the caller's own token may read. Raises `Invalid` for an address that is not public https
    and for a type that is none, `Conflict` when the client is closed or has ten already.
    """
    values = _checked(url=url, types=types, note=note, allowed=allowed)
    secret = signing.new_secret()
    with write(by=by):
        held = Client.unscoped.select_for_update().get(pk=client.pk)
        if not held.is_active:
            raise Conflict(_("This client is closed."), code="closed")
        if Webhook.unscoped.filter(client=held).count() >= MOST_WEBHOOKS:
            raise Conflict(
                _("A client has at most %(most)d webhooks."), code="too_many", params={"most": MOST_WEBHOOKS}
            )
        made = Webhook.unscoped.create(
            client=held, **values, secret=seal(secret, PURPOSE), created_by=by, created_at=now, updated_at=now
        )
    return NewWebhook(made, secret)


def _checked(
    *, url: str | None, types: Collection[str] | None, note: str | None, allowed: Collection[str] | None
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if url is not None:
        values["url"] = addresses.checked(url)
    if types is not None:
        known = feed_types() if allowed is None else allowed
        wanted = list(dict.fromkeys(types))
        unknown = [name for name in wanted if name not in known]
        if unknown or not wanted:
            raise Invalid(_("Choose at least one type that may be read."), field="types", code="unknown_type")
        values["types"] = wanted
    if note is not None:
        values["note"] = clean_text(note, field="note", max_length=200, blank=True)
    return values


def edit_webhook(
    *, webhook: Webhook, url: str | None = None, types: Collection[str] | None = None, note: str | None = None,
    state: str | None = None, allowed: Collection[str] | None = None, by: User, now: datetime,
) -> None:  # fmt: skip
    """Change what is given; None stays. Switched on again, it goes on from where it stopped."""
    values = _checked(url=url, types=types, note=note, allowed=allowed)
    if state is not None:
        if state not in (WebhookState.ACTIVE, WebhookState.PAUSED):
            raise Invalid(_("This is not one of the choices."), code="invalid_choice", field="state")
        values |= {"state": state, "disabled_at": None}
    if values:
        # Another address or another try: what failed before says nothing about it.
        fresh = {"failing_since": None, "failures": 0, "rest_until": None} if {"url", "state"} & values.keys() else {}
        with write(by=by):
            Webhook.unscoped.filter(pk=webhook.pk).update(**values, **fresh, updated_at=now)


def delete_webhook(*, webhook: Webhook, by: User) -> None:
    """Take a webhook away with what waits for it."""
    with write(by=by):
        WebhookMessage.unscoped.filter(webhook=webhook).delete()
        Webhook.unscoped.filter(pk=webhook.pk).delete()


def rotate_secret(*, webhook: Webhook, by: User, now: datetime) -> str:
    """A new secret; for a day messages are signed with both."""
    secret = signing.new_secret()
    with write(by=by):
        held = Webhook.unscoped.select_for_update().get(pk=webhook.pk)
        held.previous_secret, held.previous_until = held.secret, now + OLD_SECRET_GOOD
        held.secret, held.updated_at = seal(secret, PURPOSE), now
        held.save(update_fields=["secret", "previous_secret", "previous_until", "updated_at"])
    return secret


def secret_of(webhook: Webhook) -> str:
    """The secret again, for the answer to a repeated request that made it."""
    return unseal(webhook.secret, PURPOSE)


def ping(*, webhook: Webhook, by: User, now: datetime) -> WebhookMessage:
    """Send a message that means nothing, to see whether it arrives."""
    if webhook.state != WebhookState.ACTIVE:
        raise Conflict(_("This webhook is not served at the moment."), code="not_active")
    with write(by=by):
        return WebhookMessage.unscoped.create(
            webhook=webhook, key=uuid4(), type=PING, op=PING, changed_at=now, try_after=now, made_at=now
        )


def replay(*, message: WebhookMessage, by: User, now: datetime) -> None:
    """Send a message again that was delivered or given up; under its old id, so that a receiver knows it."""
    with write(by=by):
        if not _again(WebhookMessage.unscoped.filter(pk=message.pk), now):
            raise Conflict(_("This message is on its way already."), code="on_its_way")


def replay_since(*, webhook: Webhook, since: datetime, by: User, now: datetime) -> int:
    """Send everything again that was told since a moment; answers how many messages."""
    if not now - KEPT <= since <= now:
        raise Invalid(
            _("Messages are kept for %(days)d days."), field="since", code="out_of_range", params={"days": KEPT.days}
        )
    with write(by=by):
        return _again(WebhookMessage.unscoped.filter(webhook=webhook, made_at__gte=since), now)


def _again(messages: Any, now: datetime) -> int:
    done: int = messages.filter(state__in=SETTLED).update(
        state=MessageState.WAITING, attempts=0, first_tried_at=None, try_after=now, settled_at=None
    )
    return done

"""Webhooks of a client of each side, a message and its tries; limits and replacement of tokens; the company account."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from crm.core.sealed import seal
from sync.actions import create_client, issue_token
from sync.models import Client, Token, Webhook, WebhookAttempt, WebhookMessage
from sync.webhooks.outbox import PURPOSE
from sync.webhooks.signing import new_secret
from tests.guards.bodies import clock
from tests.guards.crowd import copy
from tests.guards.route_rows import ALL, DIRECTOR, api, delete, get, page, patch, post, public

OTHERS = {"strange-billing": 404}  # a machine knows its own webhooks only; side a's is the billing system's
ROUTES = [
    page("sync:client_limits", "client", post(DIRECTOR)),
    page("sync:token_rotate", "token", post(DIRECTOR, status=200)),
    page("sync:webhook_list", "", get(DIRECTOR), post(DIRECTOR, status=200)),
    page("sync:webhook_detail", "webhook", get(DIRECTOR), post(DIRECTOR)),
    page("sync:webhook_deed", "webhook", post(DIRECTOR)),
    page("sync:webhook_again", "webhook_message", post(DIRECTOR)),
    api("api:webhooks", "", "webhooks:read", get(DIRECTOR), post(DIRECTOR, status=201, but={"strange-billing": 400})),
    api("api:webhook", "webhook", "webhooks:read", get(DIRECTOR, but=OTHERS), patch(DIRECTOR, but=OTHERS),
        delete(DIRECTOR, but=OTHERS)),
    api("api:webhook_deliveries", "webhook", "webhooks:read", get(DIRECTOR, but=OTHERS)),
    api("api:webhook_ping", "webhook", "webhooks:write", post(DIRECTOR, status=202, but=OTHERS)),
    api("api:webhook_secret", "webhook", "webhooks:write", post(DIRECTOR, status=200, but=OTHERS)),
    api("api:webhook_replay", "webhook", "webhooks:write", post(DIRECTOR, status=202, but=OTHERS)),
    # No provider is named in a test's settings.
    public("openid_connect_login", "house", post(ALL, status=404)),
    public("openid_connect_callback", "house", get(ALL, status=404)),
]  # fmt: skip
URL = "https://erp.example.com/crm"
BODIES: dict[str, Any] = {
    "sync:client_limits": lambda w: {"requests_per_minute": "300", "rows_per_call": "500"},
    "sync:webhook_list": lambda w: {"client": w.pk("hooked"), "url": URL, "types": ["customer", "visit"]},
    "sync:webhook_detail": lambda w: {"url": URL, "types": ["customer"], "note": "新"},
    "sync:webhook_deed": lambda w: {"deed": "replay", "since": clock(60)[:16]},
    "api:webhooks": lambda w: {"client": "billing", "url": URL, "types": ["customer"]},
    "api:webhook PATCH": lambda w: {"note": "新", "state": "paused"},
    "api:webhook_ping": lambda w: {},
    "api:webhook_secret": lambda w: {},
    "api:webhook_replay": lambda w: {"delivery": w.pk("webhook_message")},
}
PROBES = {"sync:webhook_detail": ("state=delivered",), "api:webhooks": ("state=active",)}


def furnish(cast: Any, rows: dict[str, Any], who: Any) -> None:
    """A client of the side's unit, its webhook, and a message that arrived at the second try."""
    now, word, director = timezone.now(), rows["word"], cast.director
    rows["hooked"] = create_client(
        name=f"hooked-{rows['unit'].code.lower()}", unit_id=rows["unit"].pk, by=director, now=now
    )
    issue_token(client=rows["hooked"], scopes=["customers:read"], days=30, by=director, now=now)
    rows["webhook"] = Webhook.unscoped.create(
        client=rows["hooked"], url=f"{URL}/{rows['unit'].code}", types=["customer"], note=word,
        secret=seal(new_secret(), PURPOSE), created_by=director, created_at=now, updated_at=now, last_delivered_at=now,
    )  # fmt: skip
    rows["webhook_message"] = WebhookMessage.unscoped.create(
        webhook=rows["webhook"], key=uuid4(), type="customer", record_id=rows["customer"].pk, op="upsert",
        changed_at=now, state="delivered", attempts=2, try_after=now, made_at=now, settled_at=now,
    )  # fmt: skip
    for status in (500, 200):
        rows["webhook_try"] = WebhookAttempt.unscoped.create(
            message=rows["webhook_message"], at=now, status=status, milliseconds=12, answer=word
        )


def connect(world: Any) -> None:
    """The webhook of side a belongs to the machine that calls."""
    Webhook.unscoped.filter(pk=world.pk("webhook")).update(client=Client.unscoped.get(name="billing"))


def gather(world: Any, rows: dict[str, Any], number: int) -> None:
    """So many more webhooks and messages, each with its tries."""
    hook = Webhook.unscoped.get(pk=rows["webhook"].pk)
    Webhook.unscoped.bulk_create(copy(hook, url=f"{URL}/{place}") for place in range(number))
    made = WebhookMessage.unscoped.bulk_create(copy(rows["webhook_message"], key=uuid4()) for _ in range(number))
    WebhookAttempt.unscoped.bulk_create(copy(rows["webhook_try"], message_id=message.pk) for message in made)
    assert Token.unscoped.filter(expires_at__gt=timezone.now() + timedelta(days=1)).exists()


LISTS = frozenset({"sync:webhook_list", "sync:webhook_detail", "api:webhooks", "api:webhook_deliveries"})
EMPTY = {"sync:webhook_list": ("director", "")}
MADE_ANEW = frozenset({"sync:token_rotate", "sync:webhook_list"})
QUIET = frozenset({"openid_connect_login"})
BODILESS = frozenset({"api:webhook_ping", "api:webhook_secret"})

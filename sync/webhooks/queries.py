"""Reads of webhooks and of what was sent to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, IntegerField, OuterRef, Prefetch, QuerySet
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from crm.core.errors import NotFound
from crm.core.feed import feed_types
from crm.core.pages import Keyset
from crm.core.scope import Scope
from sync.choices import MessageState
from sync.models import Client, Webhook, WebhookAttempt, WebhookMessage
from sync.webhooks.outbox import message_key

WAITING_CAP = 1000
TYPE_WORDS = {
    "agreement": _("Agreements"),
    "alert": _("Alerts"),
    "bill": _("Bills"),
    "churn_record": _("Churn records"),
    "complaint": _("Cases"),
    "contact_person": _("Contact persons"),
    "customer": _("Customers"),
    "group_member": _("Group members"),
    "guarantee": _("Guarantees"),
    "lifecycle_event": _("Lifecycle events"),
    "line": _("Lines"),
    "need": _("Needs"),
    "ping": _("Test message"),
    "policy_enrolment": _("Policy enrolments"),
    "product": _("Products"),
    "sales_order": _("Orders"),
    "sales_quota": _("Quotas"),
    "save_case": _("Save cases"),
    "service_policy": _("Service policies"),
    "signal": _("Churn signals"),
    "staff": _("Staff"),
    "subscription": _("Subscriptions"),
    "tier": _("Tiers"),
    "unit": _("Units"),
    "usage": _("Usage"),
    "visit": _("Visits"),
    "feed": _("Start again"),
}


def type_word(name: str) -> str:
    """A type of the feed in words."""
    return str(TYPE_WORDS.get(name) or capfirst(name.replace("_", " ")))


def type_choices() -> list[tuple[str, str]]:
    """Every type of the feed with its words."""
    return [(name, type_word(name)) for name in feed_types()]


def clients_to_call(scope: Scope) -> QuerySet[Client]:
    """Clients that may get a webhook."""
    return Client.visible_to(scope).filter(is_active=True).order_by("name")


def client_to_call(scope: Scope, pk: int) -> Client:
    """One of them, or 404."""
    found = clients_to_call(scope).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def webhooks(scope: Scope, client_id: int | None = None) -> QuerySet[Webhook]:
    """The webhooks of visible clients; a machine sees only its own."""
    rows = Webhook.visible_to(scope).select_related("client", "created_by")
    return rows if client_id is None else rows.filter(client_id=client_id)


def webhook_list(scope: Scope) -> QuerySet[Webhook]:
    """For the page: with the number of messages that wait, counted no further than a thousand."""
    waiting = (
        WebhookMessage.visible_to(scope)
        .filter(webhook=OuterRef("pk"), state__in=(MessageState.WAITING, MessageState.SENDING))
        .order_by()
        .values("pk")[:WAITING_CAP]
    )
    return webhooks(scope).annotate(
        waiting=Func(ArraySubquery(waiting), function="cardinality", output_field=IntegerField())
    ).order_by("client__name", "id")  # fmt: skip


def webhook(scope: Scope, pk: int, client_id: int | None = None) -> Webhook:
    """One webhook, or 404."""
    found = webhooks(scope, client_id).filter(pk=pk).first()
    if found is None:
        raise NotFound
    return found


def messages(scope: Scope, webhook_id: int, *, state: str = "") -> QuerySet[WebhookMessage]:
    """What was sent or waits, newest first, each with its tries."""
    tries = Prefetch("tries", WebhookAttempt.visible_to(scope).order_by("-id"))
    rows = WebhookMessage.visible_to(scope).filter(webhook_id=webhook_id).prefetch_related(tries).order_by("-id")
    return rows.filter(state=state) if state else rows


def message(scope: Scope, pk: int, webhook_id: int | None = None) -> WebhookMessage:
    """One message, or 404."""
    rows = WebhookMessage.visible_to(scope).select_related("webhook").filter(pk=pk)
    found = (rows if webhook_id is None else rows.filter(webhook_id=webhook_id)).first()
    if found is None:
        raise NotFound
    return found


# --- Records of the API


def record(row: Webhook) -> dict[str, Any]:
    """A webhook as the API gives it; never its secret."""
    return {
        "id": row.pk, "client": row.client.name, "url": row.url, "types": row.types, "note": row.note,
        "state": row.state, "failing_since": row.failing_since, "last_delivered_at": row.last_delivered_at,
        "disabled_at": row.disabled_at, "created_at": row.created_at, "updated_at": row.updated_at,
    }  # fmt: skip


def message_record(row: WebhookMessage) -> dict[str, Any]:
    """A message with its tries, as the API gives it."""
    return {
        "id": row.pk, "webhook_id": message_key(row.key), "type": row.type, "record": row.record_id, "op": row.op,
        "changed_at": row.changed_at, "state": row.state, "attempts": row.attempts, "made_at": row.made_at,
        "next_try_at": row.try_after if row.state == MessageState.WAITING else None, "settled_at": row.settled_at,
        "tries": [
            {"at": one.at, "status": one.status, "milliseconds": one.milliseconds, "error": one.error,
             "answer": one.answer}
            for one in row.tries.all()
        ],
    }  # fmt: skip


def records(
    scope: Scope, client_id: int | None, *, filters: Mapping[str, Any], cursor: str, limit: int
) -> tuple[Sequence[dict[str, Any]], str | None]:
    """A page of webhooks by id."""
    rows = webhooks(scope, client_id).filter(**filters).order_by("id")
    keys = Keyset(("id",), limit, (int,))
    if cursor:
        rows = rows.filter(pk__gt=keys.values(cursor)[0])
    found, following = keys.page(list(rows[: limit + 1]), lambda row: (row.pk,))
    return [record(row) for row in found], following


def message_records(
    scope: Scope, webhook_id: int, *, state: str, cursor: str, limit: int
) -> tuple[Sequence[dict[str, Any]], str | None]:
    """A page of a webhook's messages, newest first."""
    rows = messages(scope, webhook_id, state=state)
    keys = Keyset(("-id",), limit, (int,))
    if cursor:
        rows = rows.filter(pk__lt=keys.values(cursor)[0])
    found, following = keys.page(list(rows[: limit + 1]), lambda row: (row.pk,))
    return [message_record(row) for row in found], following

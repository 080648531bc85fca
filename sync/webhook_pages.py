"""What the webhook pages show: values ready for the template, and which deed is which action."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from crm.core.addresses import given_of, unknown_value, with_values, without
from crm.core.errors import Invalid
from crm.core.models import User
from crm.core.scope import Scope
from sync.actions import webhooks as actions
from sync.choices import MessageState, WebhookState
from sync.models import Webhook, WebhookAttempt, WebhookMessage
from sync.webhook_forms import DeedForm, WebhookEditForm
from sync.webhooks import queries
from sync.webhooks.outbox import message_key

PAGE = 50
ERRORS = {
    "address_not_allowed": gettext_lazy("the name leads to an address inside a house"),
    "unknown_host": gettext_lazy("the name is not known"),
    "timeout": gettext_lazy("no answer in ten seconds"),
    "refused": gettext_lazy("the connection was refused"),
    "tls": gettext_lazy("the certificate is not right"),
    "broken": gettext_lazy("the connection broke"),
    "redirect": gettext_lazy("redirects are not followed"),
}


@dataclass(frozen=True, slots=True)
class TryRow:
    """One try as the page shows it."""

    at: datetime
    look: str
    text: str
    milliseconds: int
    answer: str


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message as the page shows it."""

    id: int
    key: str
    type: str
    record_id: int
    op: str
    state: str
    state_label: str
    made_at: datetime
    next_at: datetime | None
    tries: list[TryRow]

    @property
    def is_settled(self) -> bool:
        """Whether it can be sent again."""
        return self.state in actions.SETTLED


OPS = {
    "upsert": gettext_lazy("new or changed"),
    "delete": gettext_lazy("gone"),
    "reset": gettext_lazy("read everything anew"),
    "ping": "",
}


def detail(scope: Scope, pk: int, params: QueryDict | None = None, before: int | None = None) -> dict[str, Any]:
    """The page of one webhook."""
    found = queries.webhook(scope, pk)
    params = QueryDict() if params is None else params
    state = dict(given_of(params, ("state", "before"))).get("state", "")
    if state and state not in MessageState.values:
        raise unknown_value("state")
    rows = queries.messages(scope, pk, state=state)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    shown = list(rows[: PAGE + 1])
    following = shown[PAGE - 1].pk if len(shown) > PAGE else None
    return {
        "webhook": found,
        "types": [queries.type_word(name) for name in found.types],
        "form": WebhookEditForm(initial={"url": found.url, "types": found.types, "note": found.note}),
        "since_form": DeedForm(),
        "rows": [_row(message) for message in shown[:PAGE]],
        "state": state,
        "quick": list(_chips(params, state)),
        "more_url": with_values(params, before=str(following)) if following else "",
    }


def _chips(params: QueryDict, state: str) -> Iterable[dict[str, Any]]:
    for found in MessageState:
        is_on = state == found.value
        url = without(params, "state", "before") if is_on else with_values(params, state=found.value)
        yield {"label": found.label, "is_on": is_on, "url": url}


def _row(message: WebhookMessage) -> MessageRow:
    return MessageRow(
        message.pk, message_key(message.key), queries.type_word(message.type), message.record_id,
        str(OPS.get(message.op, message.op)), message.state, str(MessageState(message.state).label), message.made_at,
        message.try_after if message.state == MessageState.WAITING and message.attempts else None,
        [_try(one) for one in message.tries.all()],
    )  # fmt: skip


def _try(one: WebhookAttempt) -> TryRow:
    is_taken = one.status is not None and 200 <= one.status < 300
    words = [str(one.status)] if one.status else []
    if one.error:
        words.append(str(ERRORS.get(one.error) or _("the address is not allowed")))
    return TryRow(one.at, "met" if is_taken else "late", " · ".join(words), one.milliseconds, one.answer)


@dataclass(frozen=True, slots=True)
class Done:
    """What a deed answers."""

    text: str = ""
    secret: str = ""
    is_gone: bool = False


def do(deed: str, webhook: Webhook, *, since: datetime | None, by: User, now: datetime) -> Done:
    """One of the deeds of the page."""
    if deed == "ping":
        actions.ping(webhook=webhook, by=by, now=now)
        return Done(_("It is sent within seconds."))
    if deed == "secret":
        return Done(secret=actions.rotate_secret(webhook=webhook, by=by, now=now))
    if deed == "delete":
        actions.delete_webhook(webhook=webhook, by=by)
        return Done(_("Deleted."), is_gone=True)
    if deed == "replay":
        if since is None:
            raise Invalid(_("Say since when."), field="since", code="required")
        number = actions.replay_since(webhook=webhook, since=since, by=by, now=now)
        return Done(ngettext("%(n)d message is sent again.", "%(n)d messages are sent again.", number) % {"n": number})
    state = WebhookState.ACTIVE if deed == "resume" else WebhookState.PAUSED
    actions.edit_webhook(webhook=webhook, state=state, by=by, now=now)
    return Done(_("Saved."))

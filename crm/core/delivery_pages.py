"""What the pages about messages show: values ready for the template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import QueryDict

from crm.core.addresses import given_of, unknown_value, with_values, without
from crm.core.delivery.choices import address_on, addresses_of, notice_plan
from crm.core.models import Delivery, DeliveryChannel, DeliveryKind, DeliveryState, NoticeChoice
from crm.core.text import mask_phone

PAGE = 50
# ti-mail ti-brand-wechat ti-messages ti-message
CHANNEL_ICONS = {"email": "mail", "wecom": "brand-wechat", "dingtalk": "messages", "sms": "message"}
STOPPED = (DeliveryState.FAILED, DeliveryState.UNKNOWN, DeliveryState.PARKED)


@dataclass(frozen=True, slots=True)
class MessageRow:
    """One message as the outbox shows it."""

    id: int
    to: str
    channel: str
    icon: str
    kind: str
    title: str
    body: str
    state: str
    state_label: str
    attempts: int
    made_at: datetime
    sent_at: datetime | None
    error: str

    @property
    def is_stopped(self) -> bool:
        """Whether only a person sets it going again."""
        return self.state in STOPPED


def choice_initial(user_id: int) -> dict[str, Any]:
    """What the form shows first: one's own choice, else the house's."""
    plan, own = notice_plan(user_id), NoticeChoice.objects.filter(user_id=user_id).first()
    return {
        "channels": list(plan.channels), "wants_digest": plan.wants_digest, "quiet_from": plan.quiet_from,
        "quiet_to": plan.quiet_to, "wecom": own.wecom if own else "", "dingtalk": own.dingtalk if own else "",
    }  # fmt: skip


def shown_addresses(user_id: int) -> list[tuple[str, str]]:
    """Where messages go, the phone masked."""
    known, plan = addresses_of([user_id]).get(user_id, {}), notice_plan(user_id)
    found = []
    for channel in DeliveryChannel:
        address = address_on(channel.value, known, plan)
        found.append((str(channel.label), mask_phone(address) if channel == DeliveryChannel.SMS else address))
    return found


def read_state(params: QueryDict) -> str:
    """The state asked for."""
    state = dict(given_of(params, ("state", "before"))).get("state", "")
    if state and state not in DeliveryState.values:
        raise unknown_value("state")
    return state


def outbox(*, state: str = "", before: int | None = None) -> tuple[list[MessageRow], int | None]:
    """The newest messages, and where the next page begins."""
    rows = Delivery.objects.select_related("user").order_by("-id")
    if state:
        rows = rows.filter(state=state)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows[: PAGE + 1])
    shown = [
        MessageRow(
            row.pk, row.user.name, str(DeliveryChannel(row.channel).label), CHANNEL_ICONS[row.channel],
            str(DeliveryKind(row.kind).label), row.title, row.body, row.state, str(DeliveryState(row.state).label),
            row.attempts, row.made_at, row.sent_at, row.error,
        )
        for row in found[:PAGE]
    ]  # fmt: skip
    return shown, (shown[-1].id if len(found) > PAGE else None)


def outbox_context(params: QueryDict, rows: Sequence[MessageRow], following: int | None, state: str) -> dict[str, Any]:
    """The list with its filters."""
    return {
        "rows": rows,
        "state": state,
        "quick": [
            {
                "label": found.label, "is_on": state == found.value,
                "url": without(params, "state", "before")
                if state == found.value
                else with_values(params, state=found.value),
            }
            for found in DeliveryState
        ],
        "more_url": with_values(params, before=str(following)) if following else "",
    }  # fmt: skip

"""How a person wants to be told: channels, morning digest, quiet hours that clocks pass."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from crm.core import parameters
from crm.core.db import write
from crm.core.errors import Invalid
from crm.core.models import DeliveryChannel, NoticeChoice
from crm.core.text import clean_text

if TYPE_CHECKING:
    from crm.core.models import User


@dataclass(frozen=True, slots=True)
class NoticePlan:
    """What holds for one person: his own choice, or the house's default."""

    channels: tuple[str, ...]
    wants_digest: bool
    quiet_from: time
    quiet_to: time
    wecom: str = ""
    dingtalk: str = ""

    def is_quiet(self, at: time) -> bool:
        """Whether a moment is inside the quiet hours, which may pass midnight.

        >>> NoticePlan((), True, time(20), time(8)).is_quiet(time(23))
        True
        """
        if self.quiet_from == self.quiet_to:
            return False
        if self.quiet_from < self.quiet_to:
            return self.quiet_from <= at < self.quiet_to
        return at >= self.quiet_from or at < self.quiet_to


def house_default() -> NoticePlan:
    """Without a choice of one's own."""
    return NoticePlan(
        tuple(parameters.value("notice_channels")),
        True,
        time(int(parameters.value("quiet_from_hour"))),
        time(int(parameters.value("quiet_to_hour"))),
    )


def notice_plans(user_ids: Iterable[int]) -> dict[int, NoticePlan]:
    """What holds for each of these people."""
    usual = house_default()
    wanted = list(user_ids)
    own = {row.user_id: _plan(row, usual) for row in NoticeChoice.objects.filter(user_id__in=wanted)}
    return {user_id: own.get(user_id, usual) for user_id in wanted}


def _plan(row: NoticeChoice, usual: NoticePlan) -> NoticePlan:
    return NoticePlan(
        tuple(row.channels), row.wants_digest,
        usual.quiet_from if row.quiet_from is None else row.quiet_from,
        usual.quiet_to if row.quiet_to is None else row.quiet_to, row.wecom, row.dingtalk,
    )  # fmt: skip


def notice_plan(user_id: int) -> NoticePlan:
    """What holds for one person."""
    return notice_plans([user_id])[user_id]


def choose_channels(
    *,
    channels: Collection[str],
    wants_digest: bool,
    quiet_from: time | None,
    quiet_to: time | None,
    wecom: str = "",
    dingtalk: str = "",
    by: User,
) -> None:
    """One's own choice; nobody chooses for another."""
    if not set(channels) <= set(DeliveryChannel.values):
        raise Invalid(_("This is not one of the choices."), code="invalid_choice", field="channels")
    values = {
        "channels": [channel for channel in DeliveryChannel.values if channel in channels],
        "wants_digest": wants_digest, "quiet_from": quiet_from, "quiet_to": quiet_to,
        "wecom": clean_text(wecom, field="wecom", max_length=64),
        "dingtalk": clean_text(dingtalk, field="dingtalk", max_length=64),
    }  # fmt: skip
    with write(by=by):
        NoticeChoice.objects.update_or_create(user_id=by.pk, defaults=values)


def addresses_of(user_ids: Iterable[int]) -> Mapping[int, Mapping[str, str]]:
    """E-mail, phone and staff number of people; the module that knows them lies above core (settings)."""
    found: Mapping[int, Mapping[str, str]] = import_string(settings.NOTICE_ADDRESSES)(list(user_ids))
    return found


def address_on(channel: str, known: Mapping[str, str], plan: NoticePlan) -> str:
    """Where a message on a channel goes; empty: nowhere."""
    named: dict[str, Any] = {
        DeliveryChannel.EMAIL: known.get("email"),
        DeliveryChannel.SMS: known.get("phone"),
        DeliveryChannel.WECOM: plan.wecom or known.get("number"),
        DeliveryChannel.DINGTALK: plan.dingtalk or known.get("number"),
    }
    return named.get(channel) or ""

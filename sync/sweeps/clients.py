"""A night's work for clients: owners hear before a token ends; messages of a month ago go (sync-api)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.notices import NoticeRow, notice_kind, notify
from crm.core.sweeps import sweep
from sync.models import Token
from sync.webhooks.outbox import forget_old_messages

BEFORE = (30, 7, 1)
"""So many days before its end the owner is told, once each."""

notice_kind("token_ends", _("The token %(prefix)s… of %(client)s ends on %(day)s."), icon="key")


@sweep("tend_clients", label=_("Tokens that end, messages of webhooks"))
def tend_clients(*, today: date, now: datetime) -> dict[str, int]:
    """Tell owners of tokens that end soon, unless another with the same rights lives longer; forget old messages."""
    told = notify(_ending(today, now), now)
    forgotten = forget_old_messages(now)
    return {"rows": told + forgotten, "told": told, "forgotten": forgotten}


def _ending(today: date, now: datetime) -> list[NoticeRow]:
    until = now + timedelta(days=max(BEFORE) + 1)
    live = Token.unscoped.filter(revoked_at=None, expires_at__gt=now, client__is_active=True)
    found: list[NoticeRow] = []
    for token in live.filter(expires_at__lt=until).select_related("client"):
        longer = live.filter(client_id=token.client_id, expires_at__gt=token.expires_at, scopes__contains=token.scopes)
        last_day = timezone.localdate(token.expires_at)
        step = min((days for days in BEFORE if (last_day - today).days <= days), default=None)
        if step is None or longer.exists():
            continue
        found.append(
            NoticeRow(
                user_id=token.client.owner_id, kind="token_ends", subject_table="sync_token", subject_id=token.pk,
                occasion=f"{last_day} {step}",
                params={"prefix": token.prefix, "client": token.client.name, "day": last_day.isoformat()},
                url=reverse("sync:client_detail", args=[token.client_id]),
            )
        )  # fmt: skip
    return found

"""The sync log (CUS-10): what each writing call and each file brought, written in their own transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.db import origin
from crm.core.notices import NoticeRow, notice_kind, notify
from sync.models import Client, SyncEntry

FIELDS_IGNORED = notice_kind(
    "fields_ignored", _("%(client)s sends fields that nobody knows: %(fields)s. They are left out."), icon="plug-x"
)
MOST_NAMES = 20


def note_entry(
    *,
    source: str,
    kind: str,
    counts: Mapping[str, int],
    now: datetime,
    client_id: int | None = None,
    ignored: Collection[str] = (),
    ms: int = 0,
) -> None:
    """One row of the log; a client's owner is told of unknown fields once a day."""
    states = {name: counts.get(name, 0) for name in ("rows", "created", "updated", "unchanged", "stale", "failed")}
    SyncEntry.unscoped.create(
        client_id=client_id, source=source, kind=kind, ignored=list(ignored)[:MOST_NAMES], ms=ms,
        request_id=origin().request_id[:64], at=now, **states,
    )  # fmt: skip
    if ignored and client_id is not None:
        _tell_owner(client_id, list(ignored)[:MOST_NAMES], now)


def _tell_owner(client_id: int, fields: list[str], now: datetime) -> None:
    client = Client.unscoped.get(pk=client_id)
    params = {"client": client.name, "fields": ", ".join(fields)}
    row = NoticeRow(
        user_id=client.owner_id,
        kind=FIELDS_IGNORED.kind,
        subject_table="sync_client",
        subject_id=client.pk,
        occasion=timezone.localdate(now).isoformat(),
        params=params,
        url=f"/settings/clients/{client.pk}/entries/",
    )
    notify([row], now)

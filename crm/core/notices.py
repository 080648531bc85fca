"""Notices: what the system tells a person, once per occasion (design: sweeps don't send, they write notices)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from django.conf import settings
from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext

from crm.core.db import write
from crm.core.models import Notice, User
from crm.core.prepared import run

BATCH = 1000
SHOWN_AT_MOST = 99


@dataclass(frozen=True)
class NoticeRow:
    """One notice to write. The same user, kind, subject and occasion never get a second one."""

    user_id: int
    kind: str
    subject_table: str = ""
    subject_id: int = 0
    occasion: str = ""
    params: Mapping[str, Any] = field(default_factory=dict)
    url: str = ""
    urgent: bool = False


@dataclass(frozen=True)
class NoticeKind:
    """The words of a kind of notice, in the reader's language, and its icon."""

    kind: str
    text: str | Promise
    icon: str = "bell"


@dataclass(frozen=True)
class ShownNotice:
    """A notice as a page shows it."""

    id: int
    text: str
    icon: str
    url: str
    urgent: bool
    created_at: datetime
    is_read: bool


KINDS: dict[str, NoticeKind] = {}


def notice_kind(kind: str, text: str | Promise, *, icon: str = "bell") -> NoticeKind:
    """Register a kind and its words, with %(name)s for parameters; called when an app is ready."""
    KINDS[kind] = NoticeKind(kind, text, icon)
    return KINDS[kind]


_INSERT = """
INSERT INTO core_notice (user_id, kind, subject_table, subject_id, occasion, params, url, urgent, created_at)
SELECT r.user_id, r.kind, r.subject_table, r.subject_id, r.occasion, r.params, r.url, r.urgent, %s
FROM jsonb_to_recordset(%s::jsonb) AS r(user_id bigint, kind text, subject_table text, subject_id bigint,
  occasion text, params jsonb, url text, urgent boolean)
ON CONFLICT (user_id, kind, subject_table, subject_id, occasion) DO NOTHING
"""


def notify(rows: Iterable[NoticeRow], now: datetime) -> int:
    """Write notices; those already given are left alone. Call it inside the transaction of the deed."""
    written = 0
    batch: list[dict[str, Any]] = []
    with write(label="system:notify"), connection.cursor() as cursor:
        for row in rows:
            if row.kind not in KINDS:
                raise KeyError(f"notice kind {row.kind} is not registered")
            batch.append(
                {
                    "user_id": row.user_id,
                    "kind": row.kind,
                    "subject_table": row.subject_table,
                    "subject_id": row.subject_id,
                    "occasion": row.occasion,
                    "params": dict(row.params),
                    "url": row.url,
                    "urgent": row.urgent,
                }
            )
            if len(batch) == BATCH:
                written += _insert(cursor, batch, now)
                batch = []
        if batch:
            written += _insert(cursor, batch, now)
    return written


def _insert(cursor: Any, batch: list[dict[str, Any]], now: datetime) -> int:
    cursor.execute(_INSERT, [now, orjson.dumps(batch, default=str).decode()])
    return int(cursor.rowcount)


def languages_of(user_ids: Iterable[int]) -> dict[int, str]:
    """The language of everybody who can still sign in, for the names of rows that a notice carries."""
    rows = User.objects.filter(pk__in=set(user_ids), is_active=True).values_list("pk", "language")
    return {user_id: language or settings.LANGUAGE_CODE for user_id, language in rows}


_UNREAD = "SELECT count(*) FROM (SELECT 1 FROM core_notice WHERE user_id = %s AND read_at IS NULL LIMIT %s) AS n"


def unread_count(user_id: int) -> int:
    """How many unread notices, counted no further than the bell shows."""
    with connection.cursor() as cursor:
        run(cursor, _UNREAD, [user_id, SHOWN_AT_MOST + 1], ("bigint", "bigint"))
        return int(cursor.fetchone()[0])


def shown(notice: Notice) -> ShownNotice:
    """The notice in the language of the moment; an unknown kind or a missing parameter shows the kind, never fails."""
    known = KINDS.get(notice.kind)
    text = str(known.text) if known else gettext("Notice")
    try:
        text = text % notice.params if notice.params else text
    except (KeyError, TypeError, ValueError):
        text = str(known.kind) if known else text
    return ShownNotice(
        id=notice.pk,
        text=text,
        icon=known.icon if known else "bell",
        url=notice.url,
        urgent=notice.urgent,
        created_at=notice.created_at,
        is_read=notice.read_at is not None,
    )


def notices_of(user_id: int, *, before: int | None = None, limit: int = 50) -> list[ShownNotice]:
    """A person's own notices, newest first, `limit + 1` of them for the page to know whether there are more."""
    rows = Notice.objects.filter(user_id=user_id)
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [shown(notice) for notice in rows.order_by("-id")[: limit + 1]]


def mark_read(*, by: User, now: datetime, notice_ids: Iterable[int] | None = None) -> int:
    """Mark one's own notices as read: these, or all."""
    with write(by=by):
        rows = Notice.objects.filter(user_id=by.pk, read_at__isnull=True)
        if notice_ids is not None:
            rows = rows.filter(pk__in=list(notice_ids))
        return rows.update(read_at=now)

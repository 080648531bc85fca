"""Every ten minutes: which feeds have arrived, which are late (sync-api: nobody is scored silently on old data)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from accounts.choices import Role
from accounts.models import FeedExpectation, Unit
from accounts.queries import feeds
from accounts.queries.staff import users_with_role
from accounts.rules.feeds import late_since
from crm.core import working_days
from crm.core.notices import NoticeRow, languages_of, notice_kind, notify
from crm.core.sweeps import sweep
from sync.kinds import label_of

FEED_LATE = notice_kind(
    "feed_late", _("%(source)s has not sent %(kind)s, expected by %(due)s."), icon="plug-connected-x"
)
_ARRIVED = """
SELECT f.id, (SELECT max(e.at) FROM sync_syncentry e WHERE e.source = f.source AND e.kind = f.kind
              AND e.rows > e.failed)
FROM accounts_feedexpectation f WHERE f.is_active
"""


@sweep("watch_feeds", label=_("Feeds that should have arrived"))
def watch_feeds(*, today: date, now: datetime) -> dict[str, int]:
    """Note what arrived and since when something is late; directors are told of each silence once."""
    with connection.cursor() as cursor:
        cursor.execute(_ARRIVED)
        arrived: dict[int, datetime | None] = dict(cursor.fetchall())
    changed, told = 0, 0
    for row in FeedExpectation.objects.filter(pk__in=arrived):
        found = late_since(
            feeds.rhythm_of(row),
            arrived_at=_local(arrived[row.pk]),
            since=timezone.localtime(row.since),
            now=timezone.localtime(now),
            is_working=working_days.calendar().is_working,
        )
        if (row.arrived_at, row.late_since) != (arrived[row.pk], found):
            changed += 1
            row.arrived_at, row.late_since = arrived[row.pk], found
            row.save(update_fields=["arrived_at", "late_since"])
        if found is not None:
            told += _tell(row, found, today, now)
    if changed:
        feeds.forget()
    return {"rows": changed, "told": told}


def _local(moment: datetime | None) -> datetime | None:
    return None if moment is None else timezone.localtime(moment)


def _tell(row: FeedExpectation, due: datetime, today: date, now: datetime) -> int:
    top = Unit.unscoped.filter(parent=None).order_by("pk").values_list("pk", flat=True).first()
    users = users_with_role(Role.DIRECTOR, top, today) if top else []
    found = []
    for user_id, language in languages_of(users).items():
        with override(language):
            params = {"source": row.source, "kind": label_of(row.kind), "due": f"{due:%Y-%m-%d %H:%M}"}
        found.append(
            NoticeRow(
                user_id=user_id, kind=FEED_LATE.kind, subject_table="accounts_feedexpectation", subject_id=row.pk,
                occasion=due.isoformat(), params=params, url=reverse("sync:feed_list"),
            )
        )  # fmt: skip
    return notify(found, now)

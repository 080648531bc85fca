"""What came in from a client, for the page of its sync log (CUS-10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Max, Sum
from django.utils import timezone

from crm.core import working_days
from crm.core.pages import Keyset
from sync.kinds import label_of
from sync.models import Client, SyncEntry

DAYS = 20
"""So many working days are looked at for silence."""
PAGE = 50


@dataclass(frozen=True, slots=True)
class KindLine:
    """What a client tells of one kind."""

    kind: str
    label: str
    calls: int
    rows: int
    failed: int
    newest: datetime
    silent: int


@dataclass(frozen=True, slots=True)
class EntryLine:
    """One call with its kind in words."""

    row: SyncEntry
    label: str


@dataclass(frozen=True, slots=True)
class EntryPage:
    """One page of the log."""

    rows: list[EntryLine]
    next: str | None


def kinds_of(client: Client, today: date) -> list[KindLine]:
    """The kinds a client told in the last working days, with the days on which it was silent about each."""
    calendar = working_days.calendar()
    first = calendar.add(today, -DAYS)
    start = timezone.make_aware(datetime.combine(first, time.min))
    rows = SyncEntry.unscoped.filter(client=client, at__gte=start)
    found = rows.values("kind").annotate(calls=Count("pk"), all=Sum("rows"), bad=Sum("failed"), newest=Max("at"))
    heard: dict[str, set[date]] = {}
    for kind, at in rows.values_list("kind", "at"):
        heard.setdefault(kind, set()).add(timezone.localdate(at))
    days = [first + timedelta(days=ahead) for ahead in range((today - first).days)]
    expected = [day for day in days if calendar.is_working(day)]
    return [
        KindLine(
            line["kind"], label_of(line["kind"]), line["calls"], line["all"], line["bad"], line["newest"],
            sum(day not in heard[line["kind"]] for day in expected),
        )
        for line in sorted(found, key=lambda line: line["newest"], reverse=True)
    ]  # fmt: skip


def entries_of(client: Client, cursor: str) -> EntryPage:
    """The log of a client, newest first."""
    keyset = Keyset(("-id",), PAGE, (int,))
    rows = SyncEntry.unscoped.filter(client=client)
    if cursor:
        rows = rows.filter(pk__lt=keyset.values(cursor)[0])
    shown, following = keyset.page(list(rows.order_by("-id")[: PAGE + 1]), lambda row: (row.pk,))
    return EntryPage([EntryLine(row, label_of(row.kind)) for row in shown], following)

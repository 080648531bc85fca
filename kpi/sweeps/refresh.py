"""Bring figures up to date: every quarter of an hour those of the people something changed for, every night all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.measures import Nature
from crm.core.sweeps import sweep
from kpi.actions.counting import EVERYONE, Count, Some, count_facts, hold_mark, may_count, open_counts, settle_results
from kpi.sweeps.touched import Reading, read_changes

ROOM = (
    "SELECT set_config('statement_timeout', '0', true), set_config('work_mem', '128MB', true),"
    " set_config('idle_in_transaction_session_timeout', '0', true)"
)
_UNCOUNTED = """
SELECT f.indicator_id, f.period_on FROM unnest(%s::bigint[], %s::date[]) AS f(indicator_id, period_on)
WHERE NOT EXISTS (SELECT 1 FROM kpi_fact k WHERE k.indicator_id = f.indicator_id AND k.period_on = f.period_on)
"""


@sweep("refresh_results", label=_("Bring the figures of the running periods up to date"))
def refresh_results(*, today: date, now: datetime) -> dict[str, int]:
    """Every quarter of an hour: the figures of those for whom something changed."""
    return refresh(today, now)


@sweep("count_results", label=_("Count every figure that is not final"))
def count_results(*, today: date, now: datetime) -> dict[str, int]:
    """Every night: everything; what differs on earlier days of people for whom nothing changed is a difference.

    A night that is made up for leaves it to tonight's: every open period is counted then.
    """
    if today < timezone.localdate(now):
        return {"rows": 0}
    return refresh(today, now, full=True)


def refresh(today: date, now: datetime, *, full: bool = False) -> dict[str, int]:
    """Count again what is stale of every open period; `full`: everybody. One caller at a time.

    Answers the results and facts that were written, the managers it was about, and the differences: facts of days
    before the last count that a full pass found to be others though nothing said they had changed.
    """
    make_room()
    mark = hold_mark()
    counts = open_counts(today)
    first = min((count.bounds.first for count in counts), default=today)
    reading = read_changes(mark.snapshot, first, today)
    before = min(today, timezone.localdate(mark.refreshed_at)) if mark.refreshed_at else today
    new = _uncounted([count for count in counts if mark.counted_on is None or count.bounds.first > mark.counted_on])
    done = _count(counts, reading, new, today=today, now=now, full=full, before=before)
    mark.snapshot, mark.refreshed_at = reading.snapshot, now
    if full or reading.is_from_the_start:
        mark.counted_on = today
    mark.save(update_fields=["snapshot", "refreshed_at", "counted_on"])
    return done


def _count(
    counts: Sequence[Count],
    reading: Reading,
    new: set[tuple[int, date]],
    *,
    today: date,
    now: datetime,
    full: bool,
    before: date,
) -> dict[str, int]:
    """Facts of who is stale, then their results in one go."""
    stale: list[Count] = []
    who, facts, differences = Some(), 0, 0
    for count in counts:
        told = EVERYONE if (count.indicator.id, count.bounds.first) in new else _whose(count, reading)
        whose = EVERYONE if full else told
        if whose.is_nobody or not may_count(count, today=today, now=now):
            continue
        done = count_facts(count, whose, today=today, now=now, told=told, before=before)
        facts += done.written
        differences += done.differences
        stale.append(count)
        who = who.union(whose)
    written = settle_results(stale, who, now=now)
    return {"rows": written, "facts": facts, "managers": len(who.managers), "differences": differences}


def _whose(count: Count, reading: Reading) -> Some:
    """Whose figures something changed for; those of a unit as a whole are counted at night."""
    assert count.measure is not None  # noqa: S101 - open counts have one
    whose = reading.of(count.measure.sources)
    return Some() if count.nature == Nature.UNIT and not whose.is_everyone else whose


def _uncounted(counts: Sequence[Count]) -> set[tuple[int, date]]:
    """Those of these that nobody has counted yet; they are counted whole."""
    with connection.cursor() as cursor:
        cursor.execute(_UNCOUNTED, [[count.indicator.id for count in counts], [count.bounds.first for count in counts]])
        return set(cursor.fetchall())


def make_room() -> None:
    """The limits of a worker's connection are for short work; a full count touches everybody."""
    with connection.cursor() as cursor:
        cursor.execute(ROOM)

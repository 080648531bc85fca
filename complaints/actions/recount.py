"""Set every running clock by the tables of now: after a change of targets or office hours, and each night (CMP-2)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from complaints.actions.clocks import refresh_case, start_clocks
from complaints.choices import CaseState
from complaints.models import Case
from complaints.queries.clockwork import FACTS_OF_CASES, clockwork, targets
from complaints.rules.clock import Clockwork
from complaints.rules.recount import Hands, LiveClock, Moved, recount
from complaints.rules.targets import Asked, Target, best, level_that_counts
from crm.core import parameters

CHUNK = 5000

_LIVE = """
SELECT w.id, w.case_id, w.kind, w.started_at, w.breached_at IS NOT NULL, w.rule_id, w.hours, w.target_minutes, w.due_at,
  w.warn_at, w.remaining_seconds, c.kind, c.category_id, w.tier_id, c.level, coalesce(o.is_urgent, false),
  p.began, p.ended
FROM complaints_caseclock w JOIN complaints_case c ON c.id = w.case_id
LEFT JOIN complaints_ordertype o ON o.id = c.order_type_id
LEFT JOIN LATERAL (SELECT array_agg(began_at ORDER BY began_at) AS began, array_agg(ended_at ORDER BY began_at) AS ended
  FROM complaints_casepause WHERE case_id = w.case_id) p ON true
WHERE w.state IN ('running', 'paused') AND (%(case)s IS NULL OR w.case_id = %(case)s) {lock}
"""
_LOCKED = "FOR NO KEY UPDATE OF c SKIP LOCKED"
_WRITE = """
UPDATE complaints_caseclock w SET rule_id = u.rule, hours = u.hours, target_minutes = u.minutes, due_at = u.due,
  warn_at = u.warn, remaining_seconds = u.remaining,
  breached_at = CASE WHEN u.due > %(now)s OR u.remaining >= 0 THEN NULL ELSE w.breached_at END,
  warned_at = CASE WHEN u.warn > %(now)s THEN NULL ELSE w.warned_at END
FROM unnest(%(ids)s::bigint[], %(rules)s::bigint[], %(hours)s::text[], %(minutes)s::int[], %(dues)s::timestamptz[],
  %(warns)s::timestamptz[], %(remaining)s::int[]) AS u(id, rule, hours, minutes, due, warn, remaining)
WHERE w.id = u.id
"""
_VOID = """
UPDATE complaints_caseclock SET state = 'void', stopped_at = %s, due_at = coalesce(due_at, %s), remaining_seconds = NULL
WHERE id = ANY(%s)
"""
_FACTS = f"""
UPDATE complaints_case c SET next_due_at = x.due, is_breached = x.breached
FROM ({FACTS_OF_CASES} WHERE k.id = ANY(%s) GROUP BY k.id) x
WHERE c.id = x.id AND (c.next_due_at, c.is_breached) IS DISTINCT FROM (x.due, x.breached)
"""


@dataclass(frozen=True, slots=True)
class Recount:
    """What a change does: how many clocks move, how many of them would be late already, how many are let go."""

    clocks: int
    late: int
    void: int
    begun: int = 0


def preview(rows: Sequence[Target], now: datetime, work: Callable[[str], Clockwork] = clockwork) -> Recount:
    """What these targets and hours would do to every clock; nothing is written."""
    return _count(list(_moves(rows, work, now)), now)


def recompute_clocks(now: datetime) -> Recount:
    """Set every clock of an open case by the tables of now, pauses respected; a case that somebody has in hand is
    left to the night. Cases without any clock begin theirs when a target has come."""
    moves = list(_moves(targets(), clockwork, now, lock=_LOCKED))
    _carry_out(moves, now)
    refresh_cases({move.clock.case_id for move in moves})
    return _count(moves, now, begun=_begin(now))


def retarget(case: Case, now: datetime) -> None:
    """Category or level of a case were put right: its running clocks get the targets of what it is now.

    Part of a deed, like everything in `complaints.actions.clocks`.
    """
    _carry_out(list(_moves(targets(case.kind), clockwork, now, lock=_LOCKED, case_id=case.pk)), now)
    refresh_case(case)


def _carry_out(moves: Sequence[Moved], now: datetime) -> None:
    kept = [move for move in moves if move.hands is not None]
    for first in range(0, len(kept), CHUNK):
        _write(kept[first : first + CHUNK], now)
    void = [move.clock.id for move in moves if move.hands is None]
    if void:
        with connection.cursor() as cursor:
            cursor.execute(_VOID, [now, now, void])


def refresh_cases(case_ids: set[int]) -> int:
    """`refresh_case` for many; answers how many differed."""
    if not case_ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, [sorted(case_ids)])
        return int(cursor.rowcount)


def _moves(
    rows: Sequence[Target],
    work: Callable[[str], Clockwork],
    now: datetime,
    *,
    lock: str = "",
    case_id: int | None = None,
) -> Iterator[Moved]:
    share = int(parameters.value("case_warning_share", timezone.localdate(now)))
    chosen: dict[Asked, Target | None] = {}
    for clock in _live(lock, case_id):
        if clock.asked not in chosen:
            chosen[clock.asked] = best(rows, clock.asked)
        moved = recount(clock, chosen[clock.asked], share, work)
        if moved is not None:
            yield moved


def _live(lock: str, case_id: int | None) -> Iterator[LiveClock]:
    zone = timezone.get_default_timezone()
    with connection.cursor() as cursor:
        cursor.execute(_LIVE.format(lock=lock), {"case": case_id})
        while rows := cursor.fetchmany(CHUNK):
            for number, case, clock, started, late, *rest in rows:
                *hands, kind, category, tier, level, urgent, began, ended = rest
                level = level_that_counts(level, is_urgent=urgent)
                asked = Asked(kind, category, tier, level, started.astimezone(zone).date())
                pauses = tuple(zip(began or (), ended or (), strict=True))
                yield LiveClock(number, case, clock, started, late, Hands(*hands), asked, pauses)


def _write(moves: Sequence[Moved], now: datetime) -> None:
    hands: list[Hands] = [move.hands for move in moves if move.hands is not None]
    params: dict[str, Any] = {
        "now": now, "ids": [move.clock.id for move in moves], "rules": [hand.rule_id for hand in hands],
        "hours": [hand.hours for hand in hands], "minutes": [hand.target_minutes for hand in hands],
        "dues": [hand.due_at for hand in hands], "warns": [hand.warn_at for hand in hands],
        "remaining": [hand.remaining_seconds for hand in hands],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, params)


_WITHOUT = """
SELECT c.id FROM complaints_case c WHERE c.state = ANY(%s)
  AND NOT EXISTS (SELECT FROM complaints_caseclock w WHERE w.case_id = c.id AND w.round = c.round)
ORDER BY c.id LIMIT %s FOR NO KEY UPDATE OF c SKIP LOCKED
"""


def _begin(now: datetime) -> int:
    """Open cases nobody had set a target for begin their clocks now that there is one."""
    waiting = [CaseState.RECEIVED.value, CaseState.HANDLING.value]
    with connection.cursor() as cursor:
        cursor.execute(_WITHOUT, [waiting, CHUNK])
        ids = [row[0] for row in cursor.fetchall()]
    cases = Case.unscoped.select_related("customer", "order_type").filter(pk__in=ids)
    return sum(bool(start_clocks(case, now)) for case in cases)


def _count(moves: Sequence[Moved], now: datetime, begun: int = 0) -> Recount:
    late = sum(move.is_late_already(now) for move in moves)
    return Recount(sum(move.is_another_time for move in moves), late, sum(move.hands is None for move in moves), begun)

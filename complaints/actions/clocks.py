"""The three clocks of a case as stored deadlines (CMP-2, CON-32): begun, stopped, paused and taken up again by deeds.

Every function here is part of a deed: it is called inside its transaction, with the case's row locked, and leaves
`next_due_at` and `is_breached` of the case as they are now, in the row and in the object that was given.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from complaints.actions.late_clocks import mark_late
from complaints.choices import ClockKind, ClockState
from complaints.models import Case, CaseClock
from complaints.queries.clockwork import FACTS_OF_CASES, clockwork, level_of, target_of
from complaints.queries.concerned import users_concerned
from complaints.queries.dispatched import ORIGIN as TABLE
from complaints.rules.clock import deadlines, seconds_of_warning
from complaints.rules.targets import Asked, Target
from crm.core import parameters
from crm.core.notices import NoticeRow, notify

LIVE = (ClockState.RUNNING, ClockState.PAUSED)
_FACTS = f"""
UPDATE complaints_case c SET next_due_at = x.due, is_breached = x.breached
FROM ({FACTS_OF_CASES} WHERE k.id = %s GROUP BY k.id) x WHERE c.id = x.id RETURNING c.next_due_at, c.is_breached
"""


def start_clocks(case: Case, now: datetime) -> list[CaseClock]:
    """Begin what does not run: a round's clocks, or, when a told result did not do, the next run of the solution's.

    The first round counts from the moment the customer came; a later one from `now`. The first reply has one clock a
    round. Without a target the supervisor is told: silence would look like time enough (issue: the desk).
    """
    is_new, ran = _runs(case)
    started_at = case.received_at if is_new and case.round == 1 else now
    tier_id = case.customer.tier_id
    target = _target(case, started_at, tier_id=tier_id)
    made: list[CaseClock] = []
    if target is None:
        _tell_no_target(case, now)
    else:
        for kind in ClockKind:
            turn = ran.get(kind, 0)
            minutes = target.minutes(kind)
            if minutes is None or turn is None or (turn and kind == ClockKind.FIRST_REPLY):
                continue
            made.append(_new(case, kind, turn + 1, target, minutes, started_at, tier_id))
        CaseClock.unscoped.bulk_create(made)
    refresh_case(case)
    return made


def _runs(case: Case) -> tuple[bool, dict[str, int | None]]:
    """Whether the round has no clock yet, and of each kind its last turn; None where one runs or stands still."""
    rows = CaseClock.unscoped.filter(case=case, round=case.round).values_list("kind", "turn", "state")
    ran: dict[str, int | None] = {}
    for kind, turn, state in rows:
        before = ran.get(kind, 0)
        ran[kind] = None if state in LIVE or before is None else max(before, turn)
    return not ran, ran


def _target(case: Case, started_at: datetime, *, tier_id: int | None) -> Target | None:
    day = timezone.localdate(started_at)
    return target_of(Asked(case.kind, case.category_id, tier_id, level_of(case), day))


def _new(
    case: Case, kind: str, turn: int, target: Target, minutes: int, started_at: datetime, tier_id: int | None
) -> CaseClock:
    share = int(parameters.value("case_warning_share", timezone.localdate(started_at)))
    due = deadlines(clockwork(target.hours), started_at, minutes * 60, seconds_of_warning(minutes, share))
    return CaseClock(
        case=case, round=case.round, kind=kind, turn=turn, tier_id=tier_id, rule_id=target.id, hours=target.hours,
        target_minutes=minutes, started_at=started_at, due_at=due.due_at, warn_at=due.warn_at,
    )  # fmt: skip


def stop_clock(case: Case, kind: str, now: datetime) -> CaseClock | None:
    """Stop the clock of a kind: in time or too late. None: none runs."""
    clock = _live(case, kind)
    if clock is None:
        return None
    _stop(clock, now)
    refresh_case(case)
    return clock


def _live(case: Case, kind: str) -> CaseClock | None:
    return CaseClock.unscoped.filter(case=case, kind=kind, state__in=LIVE).first()


def _stop(clock: CaseClock, now: datetime, state: ClockState | None = None) -> None:
    """Stop at `now` by what is left; a clock that was told late or in time stays so. `state` overrules (not needed)."""
    if clock.due_at is None:
        clock.due_at = clockwork(clock.hours).deadline(now, clock.remaining_seconds or 0)
    is_late = now > clock.due_at
    clock.state = state or (ClockState.LATE if is_late else ClockState.MET)
    if is_late and state is None and clock.breached_at is None:
        clock.breached_at = now
    clock.remaining_seconds, clock.stopped_at = None, now
    clock.save(update_fields=["state", "due_at", "remaining_seconds", "stopped_at", "breached_at"])


def restart_update(case: Case, now: datetime) -> CaseClock | None:
    """The customer heard from us: the clock of the next update begins anew. None: this case has none."""
    old = _live(case, ClockKind.UPDATE)
    if old is None:
        return None
    was_paused = old.state == ClockState.PAUSED
    _stop(old, now)
    target = _target(case, now, tier_id=old.tier_id)
    minutes = target.minutes(ClockKind.UPDATE) if target is not None else None
    clock = None
    if target is not None and minutes is not None:
        clock = _new(case, ClockKind.UPDATE, _last_turn(case) + 1, target, minutes, now, old.tier_id)
        if was_paused:
            clock.state, clock.due_at, clock.warn_at = ClockState.PAUSED, None, None
            clock.remaining_seconds = minutes * 60
        clock.save(force_insert=True)
    refresh_case(case)
    return clock


def _last_turn(case: Case) -> int:
    turns = CaseClock.unscoped.filter(case=case, round=case.round, kind=ClockKind.UPDATE)
    return turns.aggregate(n=Max("turn"))["n"] or 0


def pause_clocks(case: Case, now: datetime) -> None:
    """Let every clock of a case stand still with the time it has left; one that is late is reported late first."""
    mark_late(now, case_id=case.pk)
    clocks = list(CaseClock.unscoped.filter(case=case, state=ClockState.RUNNING))
    for clock in clocks:
        if clock.due_at is not None:
            clock.remaining_seconds = clockwork(clock.hours).elapsed(now, clock.due_at)
        clock.state, clock.due_at, clock.warn_at = ClockState.PAUSED, None, None
    _write(clocks)
    refresh_case(case)


def resume_clocks(case: Case, now: datetime) -> None:
    """Take the time up again that was left when the clocks began to stand still."""
    clocks = list(CaseClock.unscoped.filter(case=case, state=ClockState.PAUSED))
    share = int(parameters.value("case_warning_share", timezone.localdate(now)))
    for clock in clocks:
        warning = seconds_of_warning(clock.target_minutes, share)
        due = deadlines(clockwork(clock.hours), now, clock.remaining_seconds or 0, warning)
        clock.state, clock.due_at, clock.warn_at = ClockState.RUNNING, due.due_at, due.warn_at
        clock.remaining_seconds = None
    _write(clocks)
    refresh_case(case)


def _write(clocks: Sequence[CaseClock]) -> None:
    CaseClock.unscoped.bulk_update(clocks, ["state", "due_at", "warn_at", "remaining_seconds"])


def void_clocks(case: Case, now: datetime) -> None:
    """What still runs is not needed any more: the case was closed, or put into another one."""
    for clock in CaseClock.unscoped.filter(case=case, state__in=LIVE):
        _stop(clock, now, ClockState.VOID)
    refresh_case(case)


def revive_clocks(case: Case, now: datetime) -> None:
    """A merge was undone: what it made needless runs again, with the deadline it had; the time went on meanwhile."""
    last = CaseClock.unscoped.filter(case=case, round=case.round, state=ClockState.VOID).aggregate(at=Max("stopped_at"))
    rows = CaseClock.unscoped.filter(case=case, round=case.round, state=ClockState.VOID, stopped_at=last["at"])
    rows.update(state=ClockState.RUNNING, stopped_at=None)
    refresh_case(case)


def refresh_case(case: Case) -> None:
    """The nearest running deadline, and whether one was missed in this round (derived: no version, no history)."""
    with connection.cursor() as cursor:
        cursor.execute(_FACTS, [case.pk])
        case.next_due_at, case.is_breached = cursor.fetchone()


def _tell_no_target(case: Case, now: datetime) -> None:
    today = timezone.localdate(now)
    told = users_concerned([case.pk], today, above=True, only_above=True)[case.pk]
    params = {"number": case.number, "customer": case.customer.name}
    notify(
        [
            NoticeRow(
                user_id, "case_no_target", TABLE, case.pk, f"{case.round}", params, f"/cases/{case.pk}/", urgent=True
            )
            for user_id in told
        ],
        now,
    )

"""What a list shows of a customer's promise: next due, state, overdue (decisions 1)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.choices import DutyState as Shown
from accounts.choices import Purpose
from accounts.rules import period_end
from visits.choices import DutyState
from visits.rules.states import DutyFacts
from visits.rules.windows import next_due_on

NO_DATE = date(9999, 12, 31)
NEVER_OPENED = date(1900, 1, 1)
MISSED = (DutyState.PROVISIONAL, DutyState.MISSED)


@dataclass(frozen=True, slots=True)
class Promise:
    """What is owed to the customer today: the periods of the two rules, "" when nothing."""

    contact_period: str = ""
    face_to_face_period: str = ""


@dataclass(frozen=True, slots=True)
class StandingFacts:
    """The facts of a standing that the ledger owns."""

    next_due_on: date = NO_DATE
    suggested_on: date = NO_DATE
    duty_state: str = Shown.NONE
    is_overdue: bool = False
    face_to_face_due_on: date = NO_DATE


def latest(duties: Iterable[DutyFacts], purpose: str) -> list[DutyFacts]:
    """Duties of a purpose that still mean something, oldest due day first; only the highest revision of each."""
    best: dict[tuple[date, date], DutyFacts] = {}
    for duty in sorted(duties, key=lambda duty: duty.revision):
        if duty.purpose == purpose and duty.state != DutyState.VOID:
            best[duty.due_on, duty.starts_on] = duty
    return [best[key] for key in sorted(best)]


def standing_of(
    promise: Promise,
    duties: Sequence[DutyFacts],
    *,
    last_visit_on: date | None,
    opened_through: date,
    today: date,
    soon_days: int,
) -> StandingFacts:
    """Decisions 1, CON-1 and CON-4: everything the ledger tells the lists about one customer."""
    rows = latest(duties, Purpose.CONTACT)
    open_rows = [duty for duty in rows if duty.state == DutyState.OPEN]
    overdue = bool(promise.contact_period) and is_overdue(rows, last_visit_on, today)
    if open_rows:
        due_on = open_rows[0].due_on
    elif rows and promise.contact_period:
        due_on = next_due_on(promise.contact_period, opened_through)
    else:
        due_on = NO_DATE
    owed = [duty.suggested_on for duty in duties if duty.state == DutyState.OPEN and duty.suggested_on]
    return StandingFacts(
        next_due_on=due_on,
        suggested_on=min(owed, default=NO_DATE),
        duty_state=_shown(rows, open_rows, overdue, today + timedelta(days=soon_days)),
        is_overdue=overdue,
        face_to_face_due_on=face_to_face_due_on(promise.face_to_face_period, duties, today),
    )


def _shown(rows: list[DutyFacts], open_rows: list[DutyFacts], overdue: bool, soon: date) -> str:
    if overdue:
        return Shown.OVERDUE
    if open_rows:
        return Shown.DUE_SOON if open_rows[0].due_on <= soon else Shown.OPEN
    return Shown.MET if rows and rows[-1].state == DutyState.MET else Shown.NONE


def is_overdue(rows: Sequence[DutyFacts], last_visit_on: date | None, today: date) -> bool:
    """The newest ended period was missed and no valid visit since, or an open row's due day has passed."""
    ended = [duty for duty in rows if duty.due_on < today]
    if any(duty.state == DutyState.OPEN for duty in ended):
        return True
    if not ended or ended[-1].state not in MISSED:
        return False
    return last_visit_on is None or last_visit_on <= ended[-1].due_on


def face_to_face_due_on(period: str, duties: Iterable[DutyFacts], today: date) -> date:
    """CON-4: the separate flag. In the past: overdue (missed and not seen since); the far future: nothing owed."""
    rows = latest(duties, Purpose.FACE_TO_FACE)
    if not rows or not period:
        return NO_DATE
    ended = [duty for duty in rows if duty.due_on < today]
    running = [duty for duty in rows if duty.due_on >= today]
    silent = all(duty.state == DutyState.OPEN for duty in running)
    if ended and silent and ended[-1].state in (*MISSED, DutyState.OPEN):
        return ended[-1].due_on
    open_rows = [duty for duty in rows if duty.state == DutyState.OPEN]
    if open_rows:
        return open_rows[0].due_on
    return period_end(period, rows[-1].due_on + timedelta(days=1))

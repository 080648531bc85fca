"""What a duty is: met, missed or still owed, and whose it is (CON-1, CON-4, CON-8; decisions 1, 2, 6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from accounts.choices import Purpose
from visits.choices import DutyState


@dataclass(frozen=True, slots=True)
class VisitFacts:
    """What the ledger knows of a visit. `counts` is the answer of the counting rule of its day."""

    id: int
    occurred_at: datetime
    occurred_on: date
    counts: bool
    is_face_to_face: bool = False
    manager_id: int | None = None


@dataclass(frozen=True, slots=True)
class DutyFacts:
    """What the rules need of a duty."""

    purpose: str
    starts_on: date
    owed_from: date
    due_on: date
    state: str = DutyState.OPEN
    is_frozen: bool = False
    is_excused: bool = False
    suggested_on: date | None = None
    revision: int = 1


@dataclass(frozen=True, slots=True)
class Holding:
    """Somebody held the customer on [valid_from, valid_to)."""

    staff_id: int
    valid_from: date
    valid_to: date | None = None


def settles(visit: VisitFacts, duty: DutyFacts) -> bool:
    """CON-8: only a contact that counts; CON-4: a face-to-face duty needs a face-to-face channel; in the window."""
    if not visit.counts or not duty.owed_from <= visit.occurred_on <= duty.due_on:
        return False
    return duty.purpose == Purpose.CONTACT or visit.is_face_to_face


def settling_visit(duty: DutyFacts, visits: Iterable[VisitFacts]) -> VisitFacts | None:
    """Decisions 2: of the period's valid visits the earliest wins."""
    valid = [visit for visit in visits if settles(visit, duty)]
    return min(valid, key=lambda visit: (visit.occurred_at, visit.id), default=None)


def state_of(duty: DutyFacts, visits: Iterable[VisitFacts], today: date) -> str:
    """Decisions 2: until the freeze recomputed from the visits, either way; after it a row never changes."""
    if duty.is_frozen or duty.state == DutyState.VOID:
        return duty.state
    if settling_visit(duty, visits) is not None:
        return DutyState.MET
    if duty.is_excused:
        return DutyState.EXCUSED
    return DutyState.PROVISIONAL if duty.due_on < today else DutyState.OPEN


def credit_of_miss(owed_from: date, due_on: date, holdings: Iterable[Holding]) -> int | None:
    """Decisions 6: a miss counts for who held the customer longest in the window; tie: the last; nobody: the unit."""
    after = due_on + timedelta(days=1)
    days: dict[int, int] = defaultdict(int)
    last: dict[int, date] = {}
    for holding in holdings:
        begin = max(holding.valid_from, owed_from)
        end = min(holding.valid_to or after, after)
        if end > begin:
            days[holding.staff_id] += (end - begin).days
            last[holding.staff_id] = max(last.get(holding.staff_id, end), end)
    return max(days, key=lambda staff_id: (days[staff_id], last[staff_id], -staff_id), default=None)

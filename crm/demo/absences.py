"""Leave and cover (代管) of the demo operator: a year of it, somebody away today, a cover for next week."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from accounts.choices import LeaveKind
from accounts.models import Cover, Leave
from crm.core.rules import Calendar
from crm.demo.bulk import copy_rows
from crm.demo.organisation import Member, Organisation


@dataclass
class Absences:
    """What was written: who stands in for whom on which day."""

    substitutes: dict[tuple[int, date], Member] = field(default_factory=dict)
    leaves: list[tuple[int, str, date, date, str]] = field(default_factory=list)
    covers: list[tuple[int, int, date, date, str, int, datetime]] = field(default_factory=list)


def build_absences(
    random: Random, organisation: Organisation, calendar: Calendar, *, live_from: date, today: date, now: datetime
) -> Absences:
    """Write leaves and covers; every manager had his holiday, some were ill."""
    absences = Absences()
    members = organisation.members
    stand_ins = _stand_ins(organisation)
    span = (today - live_from).days
    for member in organisation.managers:
        start = live_from + timedelta(days=random.randint(20, span - 40))
        _away(absences, organisation, member, LeaveKind.ANNUAL, start, 6, stand_ins[member.id], now)
        if random.random() < 0.5:
            start = live_from + timedelta(days=random.randint(20, span - 40))
            _away(absences, organisation, member, LeaveKind.SICK, start, random.randint(1, 2), None, now)
        if random.random() < 0.4:
            start = live_from + timedelta(days=random.randint(20, span - 40))
            _away(absences, organisation, member, LeaveKind.TRAINING, start, 2, None, now)
    ill = calendar.next_working(today)
    _away(
        absences, organisation, members["M1004"], LeaveKind.ANNUAL, today - timedelta(days=1), 5, members["M1002"], now
    )
    _away(absences, organisation, members["M2003"], LeaveKind.SICK, ill, 0, None, now)
    monday = today + timedelta(days=7 - today.weekday())
    _away(absences, organisation, members["M1003"], LeaveKind.ANNUAL, monday, 2, members["M1001"], now)
    copy_rows(Leave, ("staff", "kind", "starts_on", "ends_on", "note"), absences.leaves)
    columns = ("absent", "substitute", "starts_on", "ends_on", "reason", "arranged_by", "arranged_at")
    copy_rows(Cover, columns, absences.covers)
    return absences


def _stand_ins(organisation: Organisation) -> dict[int, Member]:
    """The backup of each manager, as the organisation has them."""
    members = organisation.members
    pairs = {"001": "003", "003": "001", "002": "004", "004": "002", "005": "003"}
    return {
        member.id: members[member.seat.number[:2] + pairs[member.seat.number[2:]]] for member in organisation.managers
    }


def _away(
    absences: Absences,
    organisation: Organisation,
    member: Member,
    kind: LeaveKind,
    start: date,
    days: int,
    substitute: Member | None,
    now: datetime,
) -> None:
    end = start + timedelta(days=days)
    if any(first <= end and start <= last for first, last in member.leaves):
        return
    member.leaves.append((start, end))
    absences.leaves.append((member.id, kind, start, end, ""))
    if substitute is None or any(first <= end and start <= last for first, last in substitute.leaves):
        return
    boss = organisation.supervisor_of(member)
    arranged = min(now, datetime.combine(start - timedelta(days=3), now.timetz()))
    absences.covers.append((member.id, substitute.id, start, end, str(kind.label), boss.user_id, arranged))
    for offset in range(days + 1):
        absences.substitutes[member.id, start + timedelta(days=offset)] = substitute

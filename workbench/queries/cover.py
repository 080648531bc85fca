"""Who can stand in for an absent manager, and for which days (screens 1b)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Leave, Staff
from accounts.queries import names
from accounts.queries.portfolio import managers
from crm.core import working_days
from crm.core.errors import NotFound
from crm.core.scope import Scope
from workbench.queries.brief import short_day

DAYS = 3


@dataclass(frozen=True, slots=True)
class CoverPage:
    """The form's choices and what it begins with."""

    staff_id: int
    name: str
    choices: list[tuple[int, str]]
    first: dict[str, Any]
    leave: str
    today: str


def cover_page(scope: Scope, staff_id: int, *, today: date) -> CoverPage:
    """For somebody inside the scope; the B角 comes first, then the own unit."""
    card = names.staff_card(staff_id)
    if card is None or not scope.allows(unit_id=card.unit_id, manager_id=card.id):
        raise NotFound
    people = [person for person in managers(scope, today) if person.pk != staff_id]
    people.sort(key=lambda person: (person.pk != card.backup_id, person.unit_id != card.unit_id))
    leave = Leave.unscoped.filter(staff_id=staff_id, ends_on__gte=today).order_by("starts_on").first()
    starts, ends = _days(leave, today)
    absent = _absent([person.pk for person in people], starts, ends)
    backup = _("backup")
    choices = [
        (person.pk, _words(person, backup if person.pk == card.backup_id else person.unit.name, absent))
        for person in people
    ]
    present = [person.pk for person in people if person.pk not in absent]
    return CoverPage(
        staff_id=staff_id,
        name=card.name,
        choices=choices,
        first={"substitute_id": present[0] if present else card.backup_id, "starts_on": starts, "ends_on": ends},
        leave=f"{short_day(leave.starts_on)} – {short_day(leave.ends_on)}" if leave else "",
        today=today.isoformat(),
    )


def _absent(staff_ids: Sequence[int], starts: date, ends: date) -> set[int]:
    """Who of them is away on one of these days, and so no choice to begin with."""
    away = Leave.unscoped.filter(staff_id__in=staff_ids, starts_on__lte=ends, ends_on__gte=starts)
    return set(away.values_list("staff_id", flat=True))


def _words(person: Staff, where: str, absent: set[int]) -> str:
    words = f"{person.name} · {where}"
    return f"{words} · {_('away')}" if person.pk in absent else words


def _days(leave: Leave | None, today: date) -> tuple[date, date]:
    """The leave that is known, else three working days from today on."""
    if leave is not None:
        return max(leave.starts_on, today), leave.ends_on
    calendar = working_days.calendar()
    first = calendar.next_working(today)
    return first, calendar.add(first, DAYS - 1)

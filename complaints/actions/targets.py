"""Headquarters sets the targets in time and the office hours, from a day on, seeing first what it does (CMP-2)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import must
from complaints.actions.recount import Recount, preview, recompute_clocks
from complaints.choices import Hours
from complaints.models import SlaRule
from complaints.queries.clockwork import ALWAYS, targets
from complaints.rules.clock import Clockwork, OfficeTime
from complaints.rules.targets import Target
from crm.core.db import write
from crm.core.errors import Invalid
from crm.core.hours import check_hours, office_hours, set_office_hours
from crm.core.rules import DayHours
from crm.core.working_days import calendar

if TYPE_CHECKING:
    from crm.core.models import User

MAY = "configure"
BACK = timedelta(days=92)
AHEAD = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Cell:
    """A row of the table as somebody enters it."""

    kind: str
    category_id: int | None
    tier_id: int | None
    level: str
    first_reply_minutes: int | None
    update_minutes: int | None
    solution_minutes: int | None
    hours: str
    effective_from: date


def preview_target(cell: Cell, *, by: User, now: datetime) -> Recount:
    """What a target would do to the clocks that run; nothing is written."""
    must(by, MAY)
    _check_cell(cell, now)
    rows = [row for row in targets() if not _is_same_cell(row, cell)]
    values = {name: getattr(cell, name) for name in Cell.__slots__}
    return preview([*rows, Target(id=0, **values)], now)


def set_target(cell: Cell, *, by: User, now: datetime) -> tuple[SlaRule, Recount]:
    """CMP-2: a target from a day on. Open cases that began on or after it get it at once; what is closed stays."""
    _check_cell(cell, now)
    with write(by=by):
        must(by, MAY)
        values = {name: getattr(cell, name) for name in Cell.__slots__}
        key = {name: values.pop(name) for name in ("kind", "category_id", "tier_id", "level", "effective_from")}
        rule, _made = SlaRule.objects.update_or_create(**key, defaults=values | {"set_by": by, "set_at": now})
        return rule, recompute_clocks(now)


def _is_same_cell(row: Target, cell: Cell) -> bool:
    return all(
        getattr(row, name) == getattr(cell, name)
        for name in ("kind", "category_id", "tier_id", "level", "effective_from")
    )


def _check_cell(cell: Cell, now: datetime) -> None:
    _check_day(cell.effective_from, now)
    if cell.first_reply_minutes is None and cell.update_minutes is None and cell.solution_minutes is None:
        raise Invalid(_("A target names at least one time."), code="required", field="solution_minutes")
    if None not in (cell.first_reply_minutes, cell.solution_minutes) and (
        (cell.first_reply_minutes or 0) > (cell.solution_minutes or 0)
    ):
        raise Invalid(_("The first reply comes before the solution."), code="out_of_order", field="first_reply_minutes")


def _check_day(day: date, now: datetime) -> None:
    """Old periods keep their numbers: a change reaches back no further than a quarter, to cases still open."""
    today = timezone.localdate(now)
    if not today - BACK <= day <= today + AHEAD:
        raise Invalid(
            _("A change holds from a day between three months ago and a year ahead."),
            code="out_of_range", field="effective_from",
        )  # fmt: skip


def preview_office_hours(row: DayHours, *, by: User, now: datetime) -> Recount:
    """What other office hours would do to the clocks that run; nothing is written."""
    must(by, MAY)
    _check_hours(row, now)
    rows = [other for other in office_hours() if other.effective_from != row.effective_from]
    return preview(targets(), now, _work([*rows, row]))


def _work(rows: list[DayHours]) -> Callable[[str], Clockwork]:
    office = OfficeTime(calendar(), rows, timezone.get_default_timezone())
    return lambda hours: ALWAYS if hours == Hours.ALWAYS else office


def change_office_hours(row: DayHours, *, by: User, now: datetime) -> Recount:
    """CMP-2: other office hours from a day on; clocks that run are set by them at once."""
    _check_hours(row, now)
    with write(by=by):
        must(by, MAY)
        set_office_hours(row, by=by)
        return recompute_clocks(now)


def _check_hours(row: DayHours, now: datetime) -> None:
    _check_day(row.effective_from, now)
    check_hours(row)

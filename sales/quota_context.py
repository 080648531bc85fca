"""What the grid of quotas and its form are given: every number with the address of its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.forms import BoundField, Form
from django.urls import reverse

from accounts.models import Unit
from accounts.queries import names
from accounts.queries.portfolio import managers
from crm.core.abilities import Access
from crm.core.asked import Asked
from crm.core.scope import Scope
from crm.core.working_days import calendar
from sales.addresses import BRINGS, SEES, SETS, Month, home_url, month_in, orders_url, quotas_url, thing_in, unit_in
from sales.queries.quotas import Cell, Grid, Line, quota_grid, units_in
from sales.queries.things import Thing, things
from sales.tabs import sales_tabs


@dataclass(frozen=True, slots=True)
class Pace:
    """How far a month is, in working days."""

    gone: int
    all: int

    @property
    def share(self) -> float:
        """Part of the month that is over."""
        return self.gone / self.all if self.all else 1.0

    @property
    def left(self) -> int:
        """Working days that are left, today among them."""
        return max(0, self.all - self.gone)

    def look(self, target: int | None, done: int) -> str:
        """Met, on pace (nothing), or behind; a month that is over is met or late."""
        if not target:
            return ""
        if done >= target:
            return "met"
        if not self.left:
            return "late"
        return "soon" if done < target * self.share else ""


def pace_of(month: Month, today: date) -> Pace:
    """Working days gone before today, of all of the month."""
    days = list(calendar().days(month.first, month.last))
    return Pace(sum(day < today for day in days), len(days))


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One month of a line: its number, its bar, and where its rows are."""

    month: date
    cell: Cell
    look: str
    url: str

    @property
    def bar(self) -> int:
        """Length of the bar."""
        return min(100, round(self.cell.per_cent or 0))


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line of the grid."""

    line: Line
    url: str
    cells: list[ShownCell]

    @property
    def now(self) -> ShownCell:
        """The month that is looked at."""
        return self.cells[-1]

    @property
    def before(self) -> list[ShownCell]:
        """The months before it, the oldest first."""
        return self.cells[:-1]


def quota_context(request: Asked, given: dict[str, str], today: date) -> dict[str, Any]:
    """The grid of a unit for a month and one thing."""
    scope = request.access.scope_for(SEES)
    units = units_in(scope)
    unit_id = unit_in(given.get("unit", ""), scope, units)
    month, thing = month_in(given.get("month", ""), today), thing_in(given.get("what", ""))
    grid = quota_grid(scope, unit_id, thing, month.history, today=today)
    sets = request.access.scope_for(SETS)
    about = {"month": month.key, "what": thing.code}
    return {
        "unit_id": unit_id,
        "units": units,
        "above": [(pk, names.unit_name(pk)) for pk in names.units_above(unit_id)[:-1] if scope.allows(unit_id=pk)],
        "month": month,
        "thing": thing,
        "things": _thing_links(scope, month, thing, unit_id),
        "pace": pace_of(month, today),
        "can_set": sets.allows(unit_id=unit_id) and month.first >= today.replace(day=1),
        "can_bring": request.access.can(BRINGS),
        "set_url": f"{reverse('sales:quota_set')}?unit={unit_id}&month={month.key}&what={thing.code}",
        "query": f"&unit={unit_id}&what={thing.code}",
        "all_orders_url": orders_url(unit=unit_id, **about),
        "tabs": sales_tabs(request.access, "home"),
    } | _grid(grid, month, thing, today)


def _grid(grid: Grid, month: Month, thing: Thing, today: date) -> dict[str, Any]:
    lines = [_line(line, month, thing, today) for line in grid.lines]
    return {"total": _line(grid.unit, month, thing, today), "lines": lines, "months": month.history[:-1]}


def _line(line: Line, month: Month, thing: Thing, today: date) -> ShownLine:
    who: dict[str, Any] = {"unit": line.unit_id} if line.is_unit else {"staff": line.staff_id}
    cells = []
    for first in month.history:
        shown = month_in(f"{first:%Y-%m}", today)
        cell = line.cells[first]
        url = orders_url(**who, month=shown.key, what=thing.code, state="effective")
        cells.append(ShownCell(first, cell, pace_of(shown, today).look(cell.target, cell.done), url))
    url = quotas_url(**who, month=month.key, what=thing.code) if line.is_unit else home_url(**who, month=month.key)
    return ShownLine(line, url, cells)


def _thing_links(scope: Scope, month: Month, thing: Thing, unit_id: int) -> list[tuple[Thing, str, bool]]:
    found = things(scope, first=month.history[0], last=month.last, also=(thing.code,))
    return [(one, quotas_url(unit=unit_id, month=month.key, what=one.code), one == thing) for one in found]


@dataclass(frozen=True, slots=True)
class FormLine:
    """Somebody whose quota is set: his field, what he has, what he had and sold the month before."""

    name: str
    label: str
    is_unit: bool
    target: int | None
    last_target: int | None
    last_done: int


@dataclass(frozen=True, slots=True)
class Setting:
    """The form that gives a unit's quota on."""

    unit_id: int
    unit_name: str
    month: Month
    thing: Thing
    target: int | None
    lines: list[FormLine]

    @property
    def fields(self) -> list[tuple[str, str, int | None]]:
        """What the form asks."""
        return [(line.name, line.label, line.target) for line in self.lines]

    @property
    def about(self) -> dict[str, Any]:
        """What the action is told beside the numbers."""
        product = self.thing.code if self.thing.product_id else ""
        return {
            "unit_id": self.unit_id, "month": self.month.first, "metric": self.thing.metric, "product": product
        }  # fmt: skip

    @property
    def url(self) -> str:
        """Back to the grid."""
        return quotas_url(unit=self.unit_id, month=self.month.key, what=self.thing.code)

    def rows(self, form: Form) -> list[tuple[FormLine, BoundField]]:
        """The lines with their fields."""
        return [(line, form[line.name]) for line in self.lines]


def setting_of(access: Access, given: dict[str, str], today: date) -> Setting:
    """Every unit and manager one level below a unit, whether he has a quota yet or not."""
    scope = access.scope_for(SETS)
    unit_id = unit_in(given.get("unit", ""), scope, units_in(scope))
    month, thing = month_in(given.get("month", ""), today), thing_in(given.get("what", ""))
    grid = quota_grid(scope, unit_id, thing, month.history, today=today)
    known = {(line.is_unit, line.unit_id if line.is_unit else line.staff_id): line for line in grid.lines}
    below = Unit.visible_to(scope).filter(parent_id=unit_id, is_active=True).order_by("path")
    subjects: list[tuple[bool, int, str]] = [(True, pk, name) for pk, name in below.values_list("id", "name")]
    subjects += [(False, staff.pk, staff.name) for staff in managers(scope, today) if staff.unit_id == unit_id]
    lines = [_form_line(subject, known.get(subject[:2]), month) for subject in subjects]
    return Setting(unit_id, names.unit_name(unit_id), month, thing, grid.unit.cells[month.first].target, lines)


def _form_line(subject: tuple[bool, int, str], line: Line | None, month: Month) -> FormLine:
    is_unit, pk, name = subject
    now = line.cells[month.first] if line else Cell(None, 0)
    last = line.cells[month.history[-2]] if line else Cell(None, 0)
    return FormLine(f"{'u' if is_unit else 's'}{pk}", name, is_unit, now.target, last.target, last.done)

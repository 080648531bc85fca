"""What the page of the churn budget is given: what is left, month by month, unit by unit (RET-1, RET-2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.queries import names
from accounts.queries.names import units_in
from crm.core.abilities import Access
from crm.core.addresses import Chip, given_of, unknown_value, with_values, without
from crm.core.measures import Time
from crm.core.pages import place_of
from retention.filters import NONE, read_manager, read_unit, read_year
from retention.queries import budget as queries
from retention.queries.losses import SEES
from retention.rules import budget as rules
from retention.rules.budget import MONTHS, Limit
from retention.tabs import churn_tabs
from retention.unit_lines import unit_lines

SHOWN = 50
WIDTH, HEIGHT, LEFT, TOP, FOOT = 560, 240, 40, 16, 28
Count = queries.BaseCount | queries.LostCount


def title_of(of: str) -> str:
    """The two budgets in words."""
    return _("All VIPs") if of == "vips" else _("Diamond and gold")


@dataclass(frozen=True, slots=True)
class Budget:
    """One budget of one subject."""

    of: str
    base: int
    lost: int
    limit: Limit
    month: int
    base_url: str
    lost_url: str

    @property
    def allowed(self) -> int:
        """How many losses of the year meet the target."""
        return rules.most_losses(self.base, self.limit)

    @property
    def left(self) -> int:
        """How many more; negative: so many too many."""
        return self.allowed - self.lost

    @property
    def over(self) -> int:
        """So many too many."""
        return max(-self.left, 0)

    @property
    def light(self) -> str:
        """late, soon or met; nothing without a base."""
        return rules.light(self.base, self.lost, self.limit, self.month) if self.base else ""

    @property
    def rate(self) -> Decimal | None:
        """Per cent with two decimals."""
        return round(Decimal(100 * self.lost) / self.base, 2) if self.base else None

    @property
    def used(self) -> int:
        """The share of the budget that is used up, per cent, 100 at most."""
        return min(100, round(100 * self.lost / self.allowed)) if self.allowed else 100 if self.lost else 0


@dataclass(frozen=True, slots=True)
class Step:
    """A month of the burn-down: what was lost in it, what was left after it, what an even year would have left."""

    month: int
    label: str
    lost: int | None
    left: int | None
    planned: Decimal
    url: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Chart:
    """A burn-down with its table."""

    steps: Sequence[Step]
    points: str
    plan: str
    zero_y: float
    ticks: Sequence[tuple[int, float]]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - 12


class Addresses:
    """Addresses of the rows behind a number: those of the year and unit the page is about."""

    def __init__(self, year: int, unit_id: int | None) -> None:
        self.year = {"year": year}
        self.unit = {"unit": unit_id} if unit_id is not None else {}

    def base(self, of: str, **more: Any) -> str:
        """Those of 1 January."""
        return f"{reverse('retention:base_list')}?{urlencode({'of': of} | self.year | self.unit | more)}"

    def lost(self, of: str, **more: Any) -> str:
        """Those of them who were lost."""
        return f"{reverse('retention:loss_list')}?{urlencode({'base': of} | self.year | self.unit | more)}"

    def lost_in(self, of: str, month: str) -> str:
        """Those lost in one month."""
        return f"{reverse('retention:loss_list')}?{urlencode({'base': of, 'month': month} | self.unit)}"


@dataclass(frozen=True)
class Counted:
    """What was counted for the page, cut into budgets of its parts."""

    base: Sequence[queries.BaseCount]
    lost: Sequence[queries.LostCount]
    limits: Mapping[str, Limit]
    month: int
    to: Addresses

    @property
    def rows(self) -> list[Count]:
        """Both, for what they concern."""
        return [*self.base, *self.lost]

    def budgets(self, members: Callable[[Count], bool], **more: Any) -> list[Budget]:
        """The budgets of the rows that a test picks out; `more` stands in their addresses."""
        base, lost = [row for row in self.base if members(row)], [row for row in self.lost if members(row)]
        return [
            Budget(
                of, _sum(base, of), _sum(lost, of), limit, self.month, self.to.base(of, **more),
                self.to.lost(of, **more),
            )
            for of, limit in self.limits.items()
        ]  # fmt: skip

    def by_unit(self, query: QueryDict) -> list[dict[str, Any]]:
        """A line for each unit; a single one needs no table."""
        lines = unit_lines({row.unit_id for row in self.rows})
        return [
            {
                "label": line.label,
                "url": "" if line.is_alone else with_values(query, unit=str(line.unit_id)),
                "budgets": self.budgets(lambda row, line=line: row.unit_id in line.members, **line.params),  # type: ignore[misc]
            }
            for line in (lines if len(lines) > 1 else [])
        ]

    def by_manager(self) -> list[dict[str, Any]]:
        """A line for each manager, what nobody has last."""
        people = {row.manager_id for row in self.rows}
        return [
            {
                "label": names.staff_name(key) or _("Without a manager"),
                "url": "",
                "budgets": self.budgets(lambda row, key=key: row.manager_id == key, manager=key or NONE),  # type: ignore[misc]
            }
            for key in sorted(people, key=lambda key: (key is None, names.staff_name(key)))
        ]


def budget_context(request: HttpRequest, *, now: datetime) -> dict[str, Any]:
    """The whole page: one year, everything in sight or one unit of it."""
    access: Access = request.access  # type: ignore[attr-defined]
    scope, today = access.scope_for(SEES), timezone.localdate(now)
    given = dict(given_of(request.GET, ("year", "unit")))
    year = _year(given, today)
    unit_id = read_unit(given["unit"]) if "unit" in given else None
    unit_ids = names.subtree(unit_id) if unit_id is not None else ()
    until = min(date(year, 12, 31), today)
    base = queries.base_counts(scope, year, unit_ids)
    lost = queries.lost_counts(scope, year, until, unit_ids) if base else []
    counted = Counted(base, lost, queries.limits(until), until.month, Addresses(year, unit_id))
    whole = counted.budgets(lambda row: True)
    by_manager = counted.by_manager() if unit_id is not None or not scope.everything else []
    return {
        "tabs": churn_tabs(access, "budget"),
        "year": year,
        "years": sorted({*queries.years(scope), year}, reverse=True),
        "unit_id": unit_id,
        "unit": names.unit_name(unit_id),
        "units": units_in(scope),
        "is_told": bool(base) and queries.is_told(year),
        "cards": [
            {
                "budget": one,
                "title": title_of(one.of),
                "chart": _chart(one, lost, counted.to, until),
                "pace": _pace(one, until),
            }
            for one in whole
            if one.base
        ],
        "by_units": counted.by_unit(request.GET),
        "by_managers": by_manager if len(by_manager) > 1 else [],
        "whole": whole,
        "titles": [title_of(of) for of in counted.limits],
    }


def losses_left(access: Access, today: date) -> list[tuple[str, Budget]]:
    """The two budgets of everything in sight, for pages that say how many losses are left (screens 8)."""
    scope = access.scope_for(SEES)
    base = queries.base_counts(scope, today.year)
    lost = queries.lost_counts(scope, today.year, today) if base else []
    counted = Counted(base, lost, queries.limits(today), today.month, Addresses(today.year, None))
    return [(title_of(one.of), one) for one in counted.budgets(lambda row: True) if one.base]


def _year(given: Mapping[str, str], today: date) -> int:
    """The year asked for, this one without; never one that has not begun."""
    year = read_year(given["year"]) if "year" in given else today.year
    if year > today.year:
        raise unknown_value("year")
    return year


def _sum(rows: Iterable[Count], of: str) -> int:
    return sum(row.vips if of == "vips" else row.diamond_gold for row in rows)


def _pace(one: Budget, until: date) -> int:
    """How many would be lost by the end of the year at the pace so far."""
    days = (until - date(until.year, 1, 1)).days + 1
    whole = (date(until.year, 12, 31) - date(until.year, 1, 1)).days + 1
    return -(-one.lost * whole // days)


def _chart(one: Budget, lost: Sequence[queries.LostCount], to: Addresses, until: date) -> Chart:
    """Losses left at the end of every month so far, beside the line of an even year."""
    by_month = {month: _sum([row for row in lost if row.month == month], one.of) for month in range(1, MONTHS + 1)}
    left, after = one.allowed, {}
    for month in range(1, until.month + 1):
        left -= by_month[month]
        after[month] = left
    top, bottom = max(one.allowed, 1), min(0, *after.values())

    def x(month: float) -> float:
        return round(LEFT + (WIDTH - LEFT - 12) * month / MONTHS, 1)

    def y(value: float) -> float:
        return round(TOP + (HEIGHT - TOP - FOOT) * (top - value) / (top - bottom), 1)

    steps = [
        Step(
            month, date_format(date(until.year, month, 1), "YEAR_MONTH_FORMAT"),
            by_month[month] if month in after else None, after.get(month),
            round(Decimal(rules.planned_left(one.allowed, month).numerator)
                  / rules.planned_left(one.allowed, month).denominator, 1),
            to.lost_in(one.of, f"{until.year}-{month:02}"), x(month), y(after.get(month, 0)),
        )
        for month in range(1, MONTHS + 1)
    ]  # fmt: skip
    points = f"{x(0)},{y(one.allowed)} " + " ".join(f"{step.x},{step.y}" for step in steps if step.left is not None)
    plan = f"{x(0)},{y(one.allowed)} {x(MONTHS)},{y(0)}"
    return Chart(steps, points, plan, y(0), [(value, y(value)) for value in _ticks(bottom, top)])


def _ticks(bottom: int, top: int) -> list[int]:
    """A few round numbers from the lowest to the highest."""
    step = max(1, -(-(top - bottom) // 4))
    found = list(range(0, top + 1, step))
    return found + ([bottom] if bottom < 0 else [])


def base_context(request: HttpRequest, *, now: datetime) -> dict[str, Any]:
    """The customers of 1 January behind a number of the budget."""
    access: Access = request.access  # type: ignore[attr-defined]
    today = timezone.localdate(now)
    given = dict(given_of(request.GET, ("of", "year", "unit", "only", "manager", "before")))
    of = given.get("of", "vips")
    if of not in queries.MEASURES:
        raise unknown_value("of")
    year = _year(given, today)
    narrowed, chips = _narrowed(request, given)
    last = date(year, 12, 31)
    time = Time(date(year, 1, 1), last, today, now)
    rows = queries.base_rows(
        access.scope_for(SEES), access.scope, of, time, narrowed=narrowed, after=place_of(request) or 0, limit=SHOWN
    )
    return {
        "rows": [
            {"row": row, "tier": names.tier(row.tier_id), "manager": names.staff_name(row.manager_id),
             "unit": names.unit_name(row.unit_id)}
            for row in rows[:SHOWN]
        ],
        "more_url": with_values(request.GET, before=str(rows[SHOWN - 1].id)) if len(rows) > SHOWN else "",
        "chips": chips,
        "title": title_of(of),
        "year": year,
        "until": time.until,
        "clear_url": f"?{urlencode({'of': of, 'year': year})}",
    }  # fmt: skip


def _narrowed(request: HttpRequest, given: dict[str, str]) -> tuple[dict[str, Any], list[Chip]]:
    found: dict[str, Any] = {}
    chips = []
    for name in ("unit", "only"):
        if name in given:
            unit_id = read_unit(given[name])
            found["unit_ids"] = list(names.subtree(unit_id)) if name == "unit" else [unit_id]
            chips.append(Chip(names.unit_name(unit_id), without(request.GET, name, "before")))
    if "manager" in given:
        found["manager_id"] = read_manager(given["manager"])
        label = names.staff_name(found["manager_id"]) or _("Without a manager")
        chips.append(Chip(f"{_('Manager')}: {label}", without(request.GET, "manager", "before")))
    return found, chips

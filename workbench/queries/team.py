"""Team, ready to show (screens 1b, ORG-28): one row per manager, the figures of the whole, the units of a director."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from urllib.parse import urlencode

from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.choices import Line
from accounts.queries import names
from accounts.queries.staff import units_without_handler
from complaints.queries.board import open_per_manager
from crm.core import parameters
from crm.core.abilities import Access
from crm.core.marks import dated
from crm.core.scope import Scope
from crm.core.ui import mark, tier_badge
from visits.queries.team import TeamRow, team_rows
from workbench.queries.addresses import address
from workbench.queries.brief import ago_words, short_day
from workbench.queries.duty_list import duties_url


@dataclass(frozen=True, slots=True)
class ManagerLine:
    """One manager as the page shows him."""

    row: TeamRow
    last_logged: str
    is_silent: bool
    look: str
    marks: tuple[SafeString, ...]
    capacity: str
    mix: str
    line: str
    urls: dict[str, str]
    open_cases: int = 0
    late_cases: int = 0

    @property
    def per_cent(self) -> int:
        """Share of the month's duties that is met."""
        return 100 * self.row.met // self.row.owed if self.row.owed else 100


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One unit of a director's home."""

    unit_id: int
    name: str
    managers: int
    customers: int
    owed: int
    met: int
    at_risk: int
    overdue: int
    waiting: int
    url: str

    @property
    def per_cent(self) -> int:
        """Share of the month's duties that is met."""
        return 100 * self.met // self.owed if self.owed else 100


@dataclass(frozen=True, slots=True)
class Mix:
    """How many customers of one tier the team has."""

    tier: SafeString
    count: int
    url: str


@dataclass(slots=True)
class TeamPage:
    """Everything Team shows."""

    date_text: str
    lines: list[ManagerLine]
    units: list[UnitLine] = field(default_factory=list)
    mix: list[Mix] = field(default_factory=list)
    owed: int = 0
    met: int = 0
    at_risk: int = 0
    overdue: int = 0
    waiting: int = 0
    customers: int = 0
    open_cases: int = 0
    late_cases: int = 0
    unit_name: str = ""
    without_handler: str = ""
    urls: dict[str, str] = field(default_factory=dict)
    can_urge: bool = False
    can_cover: bool = False
    can_assign: bool = False
    can_decide: bool = False
    here: str = ""

    @property
    def per_manager(self) -> int:
        """Customers per manager (ORG-28)."""
        return self.customers // len(self.lines) if self.lines else 0


def team_page(access: Access, *, now: datetime, unit_id: int | None = None) -> TeamPage:
    """The managers of the scope, of one unit when asked for; five statements however many they are."""
    today = timezone.localdate(now)
    scope = access.scope_for("view_team")
    rows = team_rows(scope, today)
    units = _units(rows)
    if unit_id is not None:
        within = set(names.subtree(unit_id))
        rows = [row for row in rows if row.unit_id in within]
    mixes = tier_mix(scope, [row.staff_id for row in rows])
    cases = open_per_manager(access.scope_for("view_cases"), [row.staff_id for row in rows], now)
    page = TeamPage(
        date_text=dated(today, "DATE_FORMAT", "l"),
        lines=[_line(row, mixes.get(row.staff_id, {}), cases.get(row.staff_id, (0, 0)), today) for row in rows],
        units=units if scope.everything and unit_id is None else [],
        mix=_mix(mixes),
        owed=sum(row.owed for row in rows),
        met=sum(row.met for row in rows),
        at_risk=sum(row.at_risk for row in rows),
        overdue=sum(row.overdue for row in rows),
        waiting=sum(row.waiting for row in rows),
        customers=sum(row.customers for row in rows),
        open_cases=sum(number for number, _late in cases.values()),
        late_cases=sum(late for _number, late in cases.values()),
        unit_name=names.unit_name(unit_id) if unit_id is not None and rows else "",
        without_handler=", ".join(unit.name for unit in units_without_handler(scope)),
        urls=_urls(unit_id),
    )
    page.can_urge, page.can_cover = access.can("urge"), access.can("arrange_cover")
    page.can_assign, page.can_decide = access.can("assign_customers"), access.can_any("decide_excuses", "decide_tiers")
    return page


_MIX = """
SELECT c.manager_id, c.tier_id, count(*) FROM accounts_customer c
WHERE c.manager_id = ANY(%s) AND {scope} GROUP BY 1, 2
"""


def tier_mix(scope: Scope, staff_ids: Sequence[int]) -> dict[int, dict[int | None, int]]:
    """Manager → tier → number of customers (ORG-28: load by tier)."""
    condition, params = scope.sql("c")
    found: dict[int, dict[int | None, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_MIX.format(scope=condition), [list(staff_ids), *params])
        for manager_id, tier_id, count in cursor.fetchall():
            found.setdefault(manager_id, {})[tier_id] = count
    return found


def _mix(mixes: dict[int, dict[int | None, int]]) -> list[Mix]:
    totals: dict[int | None, int] = {}
    for mix in mixes.values():
        for tier_id, count in mix.items():
            totals[tier_id] = totals.get(tier_id, 0) + count
    customers = reverse("accounts:customer_list")
    return [
        Mix(
            tier_badge(tier.code, tier.label()),
            totals[tier.id],
            f"{customers}?{urlencode({'tier': tier.code, 'kind': tier.kind})}",
        )
        for tier in names.tiers()
        if tier.id in totals
    ]


def _mix_words(mix: dict[int | None, int]) -> str:
    parts = [f"{tier.label()} {mix[tier.id]}" for tier in names.tiers() if tier.id in mix]
    return " · ".join(parts)


def _line(row: TeamRow, mix: dict[int | None, int], cases: tuple[int, int], today: date) -> ManagerLine:
    last_on = timezone.localdate(row.last_logged_at) if row.last_logged_at else None
    silent_days = parameters.value("silent_manager_days", today)
    is_away = row.away_until is not None
    return ManagerLine(
        row=row,
        last_logged=_last_logged(row, today),
        is_silent=not is_away and (last_on is None or (today - last_on).days > silent_days),
        look="soon" if not row.fits else "met" if row.met >= row.owed else "",
        marks=_marks(row),
        capacity=_capacity(row),
        mix=_mix_words(mix),
        line=str(Line(row.line).label) if row.line else "",
        urls=_row_urls(row.staff_id, today),
        open_cases=cases[0],
        late_cases=cases[1],
    )


def _last_logged(row: TeamRow, today: date) -> str:
    if row.last_logged_at is None:
        return _("never")
    local = timezone.localtime(row.last_logged_at)
    day = ago_words(local.date(), today)
    return f"{day} {local:%H:%M}" if (today - local.date()).days < 2 else day


def _marks(row: TeamRow) -> tuple[SafeString, ...]:
    """Leave and cover; ti-plane-departure ti-user-shield ti-calendar-event"""
    marks = []
    if row.away_until is not None:
        marks.append(mark(_("away until %(day)s") % {"day": short_day(row.away_until)}, "soon", "plane-departure"))
    elif row.next_leave_on is not None:
        marks.append(mark(_("away from %(day)s") % {"day": short_day(row.next_leave_on)}, "", "calendar-event"))
    if row.covered_by is not None:
        marks.append(mark(_("covered by %(name)s") % {"name": row.covered_by.name}, "info", "user-shield"))
    elif row.away_until is not None:
        marks.append(mark(_("nobody covers"), "soon", "alert-triangle"))
    marks += [mark(_("covers %(name)s") % {"name": cover.name}, "", "user-shield") for cover in row.covers]
    return tuple(marks)


def _capacity(row: TeamRow) -> str:
    """「欠 12,可排 72」."""
    values = {"left": row.left, "slots": row.slots_left}
    if row.fits:
        return _("%(left)d owed, %(slots)d slots") % values
    return _("%(left)d owed, only %(slots)d slots") % values


def _cases_url(**more: int) -> str:
    return f"{reverse('complaints:case_list')}?{urlencode({'view': 'list', **more})}"


def _row_urls(staff_id: int, today: date) -> dict[str, str]:
    customers = reverse("accounts:customer_list")
    return {
        "customers": f"{customers}?{urlencode({'manager': staff_id})}",
        "owed": duties_url(manager=staff_id, state="owed"),
        "met": duties_url(manager=staff_id, state="met"),
        "left": duties_url(manager=staff_id, state="left"),
        "at_risk": duties_url(manager=staff_id, state="at_risk"),
        "provisional": duties_url(manager=staff_id, state="provisional"),
        "overdue": f"{customers}?{urlencode({'manager': staff_id, 'overdue': 1})}",
        "visits": f"{address('visits:visit_list')}?{urlencode({'staff': staff_id})}",
        "cases": _cases_url(manager=staff_id),
        "late_cases": _cases_url(manager=staff_id, late=1),
        "remark": f"{address('visits:visit_list')}?{urlencode({'staff': staff_id, 'unremarked': 1})}",
        "approvals": f"{reverse('workbench:approvals')}?{urlencode({'manager': staff_id})}",
        "movements": f"{reverse('workbench:movements')}?{urlencode({'manager': staff_id})}",
        "urge": reverse("workbench:urge", args=[staff_id]),
        "cover": reverse("workbench:cover", args=[staff_id]),
        "reassign": f"{address('accounts:handover_new')}?{urlencode({'from': staff_id})}",
    }


def _units(rows: Sequence[TeamRow]) -> list[UnitLine]:
    """The units of the managers, those furthest behind first (a director's home)."""
    by_unit: dict[int, list[TeamRow]] = {}
    for row in rows:
        by_unit.setdefault(row.unit_id, []).append(row)
    team = reverse("workbench:team")
    lines = [
        UnitLine(
            unit_id=unit_id,
            name=own[0].unit_name,
            managers=len(own),
            customers=sum(row.customers for row in own),
            owed=sum(row.owed for row in own),
            met=sum(row.met for row in own),
            at_risk=sum(row.at_risk for row in own),
            overdue=sum(row.overdue for row in own),
            waiting=sum(row.waiting for row in own),
            url=f"{team}?unit={unit_id}",
        )
        for unit_id, own in by_unit.items()
    ]
    return sorted(lines, key=lambda line: (line.per_cent, -line.overdue, line.name))


def _urls(unit_id: int | None) -> dict[str, str]:
    more = {"unit": unit_id} if unit_id is not None else {}
    customers = reverse("accounts:customer_list")
    return {
        "self": reverse("workbench:team"),
        "owed": duties_url(state="owed", **more),
        "met": duties_url(state="met", **more),
        "at_risk": duties_url(state="at_risk", **more),
        "overdue": f"{customers}?{urlencode({'overdue': 1, **more})}",
        "customers": f"{customers}?{urlencode(more)}" if more else customers,
        "approvals": reverse("workbench:approvals"),
        "cases": _cases_url(**more),
        "late_cases": _cases_url(late=1, **more),
        "unassigned": f"{customers}?unassigned=1",
        "compliance": f"{reverse('workbench:compliance')}?{urlencode({'by': 'manager', **more})}",
        "units": reverse("accounts:unit_list"),
    }

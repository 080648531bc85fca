"""What the pages of structure and archive quality are given: every number with the address of its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.choices import CustomerKind
from accounts.models import Unit
from accounts.queries import names
from accounts.queries.archive import LOOK_DAYS, QUALITIES, archive_quality, bad_looks, failing_customers
from accounts.queries.names import TierView
from accounts.queries.reports import DIMENSIONS, Load, customer_structure, team_load
from accounts.queries.revenue import Curve, revenue_curve, top_customers
from accounts.report_context import DIMENSION_LABELS, structure_rows
from accounts.rules import add_months
from crm.core import parameters
from crm.core.abilities import Access
from crm.core.addresses import given_of, unknown_value, with_values, without
from crm.core.errors import Invalid, NotFound
from crm.core.models.logs import AccessKind
from crm.core.pages import decode_cursor
from crm.core.scope import Scope

SEES = "view_team"
WIDTH, HEIGHT = 560, 280
TABLE_AT = (1, 5, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100)

QUALITY_WORDS: dict[str, tuple[str | Promise, str | Promise, str | Promise]] = {
    "true": (_("True"), _("confirmed or changed within the last %(months)s months"), _("not confirmed for long")),
    "accurate": (
        _("Accurate"), _("the phone number belongs to nobody else"), _("no number, or one of several customers")
    ),
    "complete": (_("Complete"), _("required fields that are filled"), _("profiles with gaps")),
    "standard": (_("Standard"), _("numbers and codes in their form"), _("numbers or codes out of form")),
    "secret": (
        _("Secret"), _("looks at full data that name a reason, last %(days)s days"), _("without a reason, or refused")
    ),
}  # fmt: skip


def _id_of(raw: str, name: str) -> int:
    if not (raw.isascii() and raw.isdigit() and len(raw) <= 18):
        raise Invalid(_("This is not a number."), code="not_a_number", field=name)
    return int(raw)


@dataclass(frozen=True, slots=True)
class View:
    """Whose base is looked at: everything in sight, or one unit with all below it."""

    scope: Scope
    unit_id: int | None
    units: list[tuple[int, str]]

    @property
    def unit_name(self) -> str:
        """The unit, when one was chosen."""
        return names.unit_name(self.unit_id)


def view_of(access: Access, given: dict[str, str]) -> View:
    """The scope of an address; a unit out of sight is not there."""
    scope = access.scope_for(SEES)
    units = list(Unit.visible_to(scope).filter(is_active=True).order_by("path").values_list("id", "name"))
    if not given.get("unit"):
        return View(scope, None, units)
    unit_id = _id_of(given["unit"], "unit")
    if unit_id not in {pk for pk, _name in units}:
        raise NotFound
    return View(scope.narrowed_to_units(names.subtree(unit_id)), unit_id, units)


# --- Structure (CUS-15, CUS-22, ORG-28)


def structure_context(request: HttpRequest, today: date, *, is_part: bool) -> dict[str, Any]:
    """The curve, its top fifth, the base by dimensions, the load of the team."""
    access: Access = request.access  # type: ignore[attr-defined]
    given = dict(given_of(request.GET, ("unit", "by", "after")))
    view = view_of(access, given)
    after = _id_of(given["after"], "after") if given.get("after") else 0
    top, more = top_customers(view.scope, today, after=after)
    about = {
        "view": view,
        "top": [(row, names.tier(row.tier_id), names.staff_name(row.manager_id)) for row in top],
        "more_url": with_values(request.GET, after=str(more)) if more else "",
        "today": today,
    }
    if after and is_part:
        return about
    chosen = [name for name in request.GET.getlist("by") if name in DIMENSIONS][:2] or ["kind", "tier"]
    cells = customer_structure(view.scope, chosen, today=today)
    curve, loads = revenue_curve(view.scope, today), team_load(view.scope)
    return about | {
        "curve": curve,
        "chart": chart_of(curve),
        "dimensions": [(name, label, name in chosen) for name, label in DIMENSION_LABELS.items()],
        "chosen": [DIMENSION_LABELS[name] for name in chosen],
        "rows": structure_rows(cells, chosen),
        "total": sum(cell.customers for cell in cells),
        "team": team_rows(loads),
        "mean": round(mean_load(loads)),
    }


@dataclass(frozen=True, slots=True)
class Chart:
    """The curve drawn, and the table behind it."""

    line: str
    top_x: float
    top_y: float
    rows: list[tuple[int, float]]


def chart_of(curve: Curve) -> Chart:
    """From nothing to everything, the greatest customers first."""
    points = [(0, 0.0), *curve.points]
    line = " ".join(f"{WIDTH * x / 100:.1f},{HEIGHT - HEIGHT * y / 100:.1f}" for x, y in points)
    known = dict(curve.points)
    share = float(curve.per_cent or 0)
    top = 100 * curve.top_customers / curve.customers if curve.customers else 20
    rows = [(at, known[at]) for at in TABLE_AT if at in known]
    return Chart(line, round(WIDTH * top / 100, 1), round(HEIGHT - HEIGHT * share / 100, 1), rows)


@dataclass(frozen=True, slots=True)
class TeamRow:
    """One manager's portfolio: how many, of which tiers, compared with the mean."""

    name: str
    unit: str
    customers: int
    bar: int
    look: str
    url: str
    tiers: list[tuple[TierView, int, str]]
    others: int


def team_rows(loads: list[Load]) -> list[TeamRow]:
    """ORG-28: the fullest first; a fifth above or below the mean is named."""
    if not loads:
        return []
    most = loads[0].customers
    return [_team_row(load, most, mean_load(loads)) for load in loads]


def mean_load(loads: list[Load]) -> float:
    """Customers per manager."""
    return sum(load.customers for load in loads) / len(loads) if loads else 0.0


def _team_row(load: Load, most: int, mean: float) -> TeamRow:
    card = names.staff_card(load.manager_id)
    base = {"manager": load.manager_id, "state": "active"}
    tiers = []
    for view in names.tiers(CustomerKind.VIP):
        if load.by_tier.get(view.id):
            query = urlencode(base | {"kind": view.kind, "tier": view.code})
            tiers.append((view, load.by_tier[view.id], f"{reverse('accounts:customer_list')}?{query}"))
    look = "over" if load.customers > 1.2 * mean else "under" if load.customers < 0.8 * mean else ""
    return TeamRow(
        card.name if card else "",
        names.unit_name(card.unit_id) if card else "",
        load.customers,
        round(100 * load.customers / most),
        look,
        f"{reverse('accounts:customer_list')}?{urlencode(base)}",
        tiers,
        load.customers - sum(count for _view, count, _url in tiers),
    )


# --- Quality of the archive (CUS-13)


@dataclass(frozen=True, slots=True)
class QualityLine:
    """One of the five: its name, how it is measured, its share, and the rows that lack it."""

    code: str
    name: str | Promise
    how: str
    lack: str | Promise
    per_cent: float | None
    failing: int
    url: str
    is_on: bool


def quality_context(request: HttpRequest, now: datetime, *, is_part: bool) -> dict[str, Any]:
    """The five qualities, and the rows that lack the chosen one."""
    access: Access = request.access  # type: ignore[attr-defined]
    given = dict(given_of(request.GET, ("unit", "quality", "cursor")))
    view, chosen = view_of(access, given), given.get("quality", "")
    if chosen and chosen not in QUALITIES:
        raise unknown_value("quality")
    if given.get("cursor"):
        decode_cursor(given["cursor"], 1, (int,))
    today = timezone.localdate(now)
    months = int(parameters.value("not_updated_months", today))
    since = timezone.make_aware(datetime.combine(add_months(today, -months), datetime.min.time()))
    about: dict[str, Any] = {"view": view, "chosen": chosen, "months": months}
    if chosen:
        find = bad_looks if chosen == "secret" else failing_customers
        how: dict[str, Any] = {"now": now} if chosen == "secret" else {"quality": chosen, "since": since}
        rows, following = find(view.scope, **how, cursor=given.get("cursor", ""))
        about |= {"found": [_shown(row) for row in rows]}
        about |= {"more_url": with_values(request.GET, cursor=following) if following else ""}
    if given.get("cursor") and is_part:
        return about
    quality = archive_quality(view.scope, since=since, now=now)
    words = {"months": months, "days": LOOK_DAYS}
    lines = [
        QualityLine(
            code, name, str(measured) % words, lack, quality.per_cent(code), quality.failing(code),
            f"{with_values(request.GET, quality=code)}#rows" if code != chosen else without(request.GET, "quality"),
            code == chosen,
        )
        for code, (name, measured, lack) in QUALITY_WORDS.items()
    ]  # fmt: skip
    return about | {"quality": quality, "lines": lines, "line": next((one for one in lines if one.is_on), None)}


def _shown(row: Any) -> dict[str, Any]:
    kind = AccessKind(row.kind).label if hasattr(row, "kind") else ""
    return {"row": row, "tier": names.tier(getattr(row, "tier_id", None)), "kind": kind}

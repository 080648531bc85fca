"""What the dashboards are given (KPI-49): one month of a unit, or of a manager."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.queries import names
from kpi.asking import Asking, asking_of, one_of
from kpi.choices import Light
from kpi.faces import Subject, owners_of
from kpi.matrix import matrix_html, matrix_of
from kpi.menu import menu_of
from kpi.models import Score
from kpi.queries import results
from kpi.queries.boards import Mark, mark_of, own_ranks, seen_manager, units_to_choose
from kpi.queries.cards import score_of_manager
from kpi.queries.results import Cell
from kpi.tiles import Tile, by_category, by_goal, lights_of, tiles_of, warnings_of
from kpi.value_words import plain_number, rank_words

CUTS = ("", "units", "managers")
LIGHTS = ("", "red", "amber", "green")
SHOWN_WARNINGS = 6


def dashboard_context(request: HttpRequest, *, now: datetime) -> dict[str, Any]:
    """The dashboard of the unit that is asked for; for who sees his own figures only his own page."""
    asking = asking_of(request, now=now, also=("by", "light"))
    if asking.unit_id is None:
        return manager_context(asking, asking.access.staff_id or 0)
    return unit_context(asking, asking.unit_id)


def unit_context(asking: Asking, unit_id: int) -> dict[str, Any]:
    """Tiles, warnings and the heat map of a unit with all below it."""
    by = one_of(asking, "by", CUTS, "") or ("units" if len(children_of(unit_id)) > 1 else "managers")
    is_by_unit = by == "units"
    cells = cells_below(asking, unit_id, by_unit=is_by_unit)
    subject = Subject(asking.first, unit_id)
    past = results.history(asking.access, asking.first, unit_id=unit_id)
    tiles = tiles_of(past, subject, asking.today, owners=owners_of(cells), by_unit=is_by_unit)
    matrix = matrix_of(cells, asking.first, unit_id, asking.today, by_unit=is_by_unit)
    return {
        **frame_context(asking, unit_id=unit_id),
        **tiles_context(asking, tiles, subject),
        "groups": by_category(narrowed(asking, tiles)),
        "subject": names.unit_name(unit_id),
        "unit_id": unit_id,
        "above": above_of(asking, unit_id),
        "matrix": matrix,
        "matrix_html": matrix_html(matrix, by_unit=is_by_unit) if matrix.lines else "",
        "is_by_unit": is_by_unit,
        "cuts": [
            (_("By unit"), asking.address(by="units"), is_by_unit),
            (_("By account manager"), asking.address(by="managers"), not is_by_unit),
        ]
        if children_of(unit_id)
        else [],
    }


def cells_below(asking: Asking, unit_id: int, *, by_unit: bool) -> list[Cell]:
    """The cells of the heat map."""
    read = results.units_below if by_unit else results.manager_results
    return read(asking.access, unit_id, asking.first)


def manager_context(asking: Asking, manager_id: int) -> dict[str, Any]:
    """KPI-52, ORG-32: one manager, six categories and sales; his place among colleagues without their figures."""
    card = seen_manager(asking.scope, manager_id)
    subject = Subject(asking.first, None, manager_id)
    past = results.history(asking.access, asking.first, manager_id=manager_id)
    ranks = own_ranks(card.unit_id, manager_id, asking.first)
    tiles = tiles_of(past, subject, asking.today, ranks=ranks)
    is_own = asking.access.staff_id == manager_id
    score = score_of_manager(asking.access, manager_id, asking.first)
    return {
        **frame_context(asking, manager_id=manager_id),
        **tiles_context(asking, tiles, subject),
        "goals": [(goal, by_category(goal.tiles)) for goal in by_goal(narrowed(asking, tiles))],
        "subject": card.name,
        "manager": card,
        "manager_unit": names.unit_name(card.unit_id),
        "is_own": is_own,
        "card": _card(score, is_own=is_own, month=f"{asking.first:%Y-%m}") if score is not None else None,
        "board_unit": card.unit_id if asking.scope.allows(unit_id=card.unit_id) else None,
    }


def _card(score: Score, *, is_own: bool, month: str) -> dict[str, str]:
    """The scorecard of the month: points and place."""
    url = reverse("kpi:card_mine") if is_own else reverse("kpi:card_manager", args=[score.staff_id])
    place = rank_words(score.rank, score.of) if score.rank else ""
    return {
        "total": "–" if score.total is None else plain_number(score.total, 1),
        "text": " · ".join(part for part in (_("points of the scorecard"), place) if part),
        "url": f"{url}?month={month}",
    }


def frame_context(asking: Asking, *, unit_id: int | None = None, manager_id: int | None = None) -> dict[str, Any]:
    """Month, units to choose, how fresh it is, what else can be done."""
    mark = mark_of(asking.access, asking.first)
    return {
        "asking": asking,
        "month": asking.month,
        "month_key": f"{asking.first:%Y-%m}",
        "units": units_to_choose(asking.scope),
        "mark": mark,
        "mark_text": mark_words(mark, asking),
        "is_frozen": mark.frozen_at is not None,
        "is_running": asking.month.last >= asking.today,
        "prev_url": asking.address(month=asking.month.before),
        "next_url": asking.address(month=asking.month.after) if asking.month.after else "",
        "menu": menu_of(
            asking.access, month=f"{asking.first:%Y-%m}", unit_id=unit_id, manager_id=manager_id, waiting=mark.waiting
        ),
    }


def tiles_context(asking: Asking, tiles: Sequence[Tile], subject: Subject) -> dict[str, Any]:
    """The lights as filters, and what is in danger."""
    lights = lights_of(tiles)
    chosen = one_of(asking, "light", LIGHTS, "")
    warnings = warnings_of(tiles, subject)
    labels = {Light.RED: _("missed or out of reach"), Light.AMBER: _("on the way"), Light.GREEN: _("met")}
    return {
        "has_figures": bool(tiles),
        "lights": [
            {
                "light": light.value,
                "label": labels[light],
                "count": count,
                "is_on": chosen == light.value,
                "url": asking.address(light="" if chosen == light.value else light.value),
            }
            for light, count in lights.items()
        ],
        "all_count": len(tiles),
        "all_url": asking.address(light=""),
        "light": chosen,
        "warnings": warnings[:SHOWN_WARNINGS],
        "more_warnings": warnings[SHOWN_WARNINGS:],
    }


def narrowed(asking: Asking, tiles: Sequence[Tile]) -> list[Tile]:
    """The tiles of the light that is asked for."""
    chosen = asking.given.get("light", "")
    return [tile for tile in tiles if not chosen or tile.face.light == chosen]


def mark_words(mark: Mark, asking: Asking) -> str:
    """Running, ended or frozen, and since when."""
    if mark.frozen_at is not None:
        return _("Frozen on %(day)s") % {"day": date_format(timezone.localtime(mark.frozen_at), "SHORT_DATE_FORMAT")}
    when = timezone.localtime(mark.refreshed_at) if mark.refreshed_at else None
    if asking.month.last < asking.today:
        return _("Ended, not frozen yet")
    if when is None:
        return _("Running")
    shape = "TIME_FORMAT" if when.date() == asking.today else "SHORT_DATETIME_FORMAT"
    return _("Running, counted at %(at)s") % {"at": date_format(when, shape)}


def children_of(unit_id: int) -> list[int]:
    """The units directly below."""
    path = names.unit_path(unit_id)
    level = path.count("/") + 1
    return [found for found in names.subtree(unit_id) if names.unit_path(found).count("/") == level]


def above_of(asking: Asking, unit_id: int) -> list[tuple[str, str]]:
    """The units above it that are in sight, as a way back."""
    return [
        (names.unit_name(found), asking.address(unit=str(found)))
        for found in names.units_above(unit_id)
        if found != unit_id and asking.scope.allows(unit_id=found)
    ]

"""The month on paper: every indicator in a line, what was missed in sentences, the managers or units (screens 10)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from accounts.queries import names
from kpi.asking import Asking, asking_of
from kpi.board_context import cells_below, children_of, frame_context
from kpi.choices import Light
from kpi.faces import Subject, owners_of, sentence_text
from kpi.matrix import Matrix, matrix_of
from kpi.queries import results
from kpi.queries.boards import own_ranks, seen_manager
from kpi.tiles import Group, Tile, by_category, lights_of, tiles_of

COLUMNS = 10
"""Indicators beside each other on a sheet; the rest follows in another table."""


def month_context(request: HttpRequest, raw: str, *, now: datetime) -> dict[str, Any]:
    """One unit, or one manager when named or when there is no unit in sight."""
    asking = asking_of(request, now=now, raw_month=raw)
    if asking.manager_id is not None or asking.unit_id is None:
        return _of_manager(asking, asking.manager_id or asking.access.staff_id or 0)
    return _of_unit(asking, asking.unit_id)


def _of_unit(asking: Asking, unit_id: int) -> dict[str, Any]:
    is_by_unit = len(children_of(unit_id)) > 1
    cells = cells_below(asking, unit_id, by_unit=is_by_unit)
    past = results.history(asking.access, asking.first, unit_id=unit_id)
    tiles = tiles_of(past, Subject(asking.first, unit_id), asking.today, owners=owners_of(cells), by_unit=is_by_unit)
    matrix = matrix_of(cells, asking.first, unit_id, asking.today, by_unit=is_by_unit)
    return {
        **_sheet(asking, tiles),
        "subject": names.unit_name(unit_id),
        "unit_id": unit_id,
        "is_by_unit": is_by_unit,
        "groups": _groups(tiles, owners_of(cells), is_by_unit),
        "tables": _tables(matrix),
        "back_query": f"unit={unit_id}",
    }


def _of_manager(asking: Asking, manager_id: int) -> dict[str, Any]:
    card = seen_manager(asking.scope, manager_id)
    past = results.history(asking.access, asking.first, manager_id=manager_id)
    ranks = own_ranks(card.unit_id, manager_id, asking.first)
    tiles = tiles_of(past, Subject(asking.first, None, manager_id), asking.today, ranks=ranks)
    return {
        **_sheet(asking, tiles),
        "subject": f"{card.name} {card.number} · {names.unit_name(card.unit_id)}",
        "manager": card,
        "groups": _groups(tiles, {}, by_unit=False),
        "tables": [],
        "back_query": "",
    }


def _sheet(asking: Asking, tiles: list[Tile]) -> dict[str, Any]:
    lights = lights_of(tiles)
    return {
        **frame_context(asking),
        "has_figures": bool(tiles),
        "red": lights[Light.RED],
        "amber": lights[Light.AMBER],
        "green": lights[Light.GREEN],
    }


def _groups(tiles: list[Tile], owners: dict[str, int], by_unit: bool) -> list[tuple[Group, list[tuple[Tile, str]]]]:
    """Each line with its sentence as plain text."""
    return [
        (
            group,
            [
                (tile, sentence_text(tile.face, owners=owners.get(tile.face.code, 0), by_unit=by_unit))
                for tile in group.tiles
            ],
        )
        for group in by_category(tiles)
    ]


def _tables(matrix: Matrix) -> list[dict[str, Any]]:
    """The heat map cut into tables that fit a sheet."""
    found = []
    for start in range(0, len(matrix.heads), COLUMNS):
        part = slice(start, start + COLUMNS)
        found.append(
            {
                "heads": [row for row, _url in matrix.heads[part]],
                "lines": [(line, line.spots[part]) for line in matrix.lines],
            }
        )
    return found

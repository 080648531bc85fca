"""The heat map: managers × indicators, or units × indicators; every cell opens its rows (screens 10)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.queries import names
from crm.core.pages import render_rows
from kpi.choices import Light
from kpi.faces import Face, Subject, face_of
from kpi.queries.indicators import IndicatorRow
from kpi.queries.results import Cell, merged

MOST_LINES = 100


@dataclass(frozen=True, slots=True)
class Spot:
    """One cell; without a face nothing was counted."""

    face: Face | None
    url: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class MatrixLine:
    """One manager or unit."""

    key: int | None
    name: str
    sub: str
    url: str
    behind: int
    spots: Sequence[Spot]


@dataclass(frozen=True, slots=True)
class Matrix:
    """The heat map; `left_out`: so many lines more."""

    heads: Sequence[tuple[IndicatorRow, str]]
    lines: Sequence[MatrixLine]
    left_out: int = 0


def matrix_of(cells: Sequence[Cell], month: date, unit_id: int, today: date, *, by_unit: bool) -> Matrix:
    """The lines, the worst first; the order of the indicators is theirs."""
    heads = _heads(cells)
    groups: dict[int | None, list[Cell]] = {}
    for cell in cells:
        groups.setdefault(cell.unit_id if by_unit else cell.manager_id, []).append(cell)
    lines = [_line(key, group, heads, month, unit_id, today, by_unit) for key, group in groups.items()]
    lines.sort(key=lambda line: (line.key is None, -line.behind, line.name))
    subject = Subject(month, unit_id)
    return Matrix([(row, subject.page(row.code)) for row in heads], lines[:MOST_LINES], max(len(lines) - MOST_LINES, 0))


def _heads(cells: Iterable[Cell]) -> list[IndicatorRow]:
    return sorted(
        {cell.indicator.id: cell.indicator for cell in cells}.values(), key=lambda row: (row.position, row.id)
    )


def _line(
    key: int | None,
    cells: Sequence[Cell],
    heads: Sequence[IndicatorRow],
    month: date,
    unit_id: int,
    today: date,
    by_unit: bool,
) -> MatrixLine:
    found = merged(cells)
    subject = Subject(month, key) if by_unit else Subject(month, unit_id, key if key is not None else 0)
    name, sub, url = _who(key, month, by_unit)
    spots = [_spot(found.get(row.code), subject, today, name) for row in heads]
    behind = sum(1 for spot in spots if spot.face is not None and spot.face.light == Light.RED)
    return MatrixLine(key, name, sub, url, behind, spots)


def _who(key: int | None, month: date, by_unit: bool) -> tuple[str, str, str]:
    """Name, second line and page of whose line it is."""
    asked = f"?month={month:%Y-%m}"
    if key is None:
        return _("nobody responsible"), "", ""
    if by_unit:
        return names.unit_name(key), "", f"{reverse('kpi:dashboard')}{asked}&unit={key}"
    card = names.staff_card(key)
    if card is None:
        return "–", "", ""
    return card.name, names.unit_name(card.unit_id), f"{reverse('kpi:manager', args=[key])}{asked}"


def _spot(cell: Cell | None, subject: Subject, today: date, name: str) -> Spot:
    if cell is None:
        return Spot(None)
    face = face_of(cell, today)
    return Spot(face, subject.rows(face.code), face.title(name))


def matrix_html(matrix: Matrix, *, by_unit: bool) -> SafeString:
    """The table, drawn at once."""
    shown: dict[str, Any] = {
        "matrix": matrix,
        "t": {
            "who": _("Unit") if by_unit else _("Account manager"),
            "behind": _("Behind"),
            "none": _("nothing counted"),
        },
    }
    return render_rows("kpi/matrix.html", shown)

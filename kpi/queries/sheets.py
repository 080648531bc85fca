"""Tables to take along: the heat map of a unit (KPI-49)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from accounts.queries import names
from crm.core.abilities import Access
from kpi.queries import results
from kpi.queries.indicators import IndicatorRow
from kpi.queries.results import Cell, merged


def matrix_table(
    access: Access, unit_id: int, month: date, *, by_unit: bool
) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    """(header, rows): one line per manager or unit, the unit itself last; one column per indicator."""
    read = results.units_below if by_unit else results.manager_results
    cells = read(access, unit_id, month)
    total = results.unit_results(access, unit_id, month)
    heads = _heads([*cells, *total.values()])
    groups: dict[int | None, list[Cell]] = {}
    for cell in cells:
        groups.setdefault(cell.unit_id if by_unit else cell.manager_id, []).append(cell)
    rows = [(*_who(key, by_unit), *_values(merged(group), heads)) for key, group in groups.items()]
    rows.sort(key=lambda row: (row[0] == "", row[2], row[0]))
    own = (names.unit_code(unit_id), _("Total"), names.unit_name(unit_id))
    header = (_("Number"), _("Name"), _("Unit"), *(f"{row.code} {row.label()}" for row in heads))
    return header, [*rows, (*own, *_values(total, heads))] if rows or total else []


def _heads(cells: Sequence[Cell]) -> list[IndicatorRow]:
    found = {cell.indicator.id: cell.indicator for cell in cells}
    return sorted(found.values(), key=lambda row: (row.position, row.id))


def _values(cells: Mapping[str, Cell], heads: Sequence[IndicatorRow]) -> list[Decimal | str]:
    """Values as they are counted; an empty cell: nothing was."""
    found = [cells.get(row.code) for row in heads]
    return ["" if cell is None or cell.value is None else round(cell.value, 2) for cell in found]


def _who(key: int | None, by_unit: bool) -> tuple[str, str, str]:
    if key is None:
        return "", _("nobody responsible"), ""
    if by_unit:
        return names.unit_code(key), names.unit_name(key), names.unit_name(key)
    card = names.staff_card(key)
    return (card.number, card.name, names.unit_name(card.unit_id)) if card else ("", "–", "")

"""Which line and unit has which part of the work on which day, from a small process cache (issue 3)."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from accounts.choices import Line
from accounts.queries import names
from visits.choices import Feature
from visits.models import LineSwitch
from visits.rules.switches import SwitchRow
from visits.rules.switches import is_on as holds

CACHE_SECONDS = 30.0
LINES: tuple[str, ...] = (Line.VIP, Line.GROUP, Line.CHANNEL)
"""Lines that hold customers; a customer's kind is the line it belongs to."""


@dataclass
class _Cache:
    loaded_at: float = float("-inf")
    rows: list[SwitchRow] = field(default_factory=list)


_cache = _Cache()


def forget() -> None:
    """Read the table again at the next question (after a change, and between tests)."""
    _cache.loaded_at = float("-inf")


def switch_rows() -> list[SwitchRow]:
    """Every row, at most 30 seconds old; the table is small."""
    if time.monotonic() - _cache.loaded_at > CACHE_SECONDS:
        found = LineSwitch.objects.values_list("feature", "line", "unit__path", "is_on", "effective_from")
        _cache.rows = [SwitchRow(row[0], row[1], row[2] or "", row[3], row[4]) for row in found]
        _cache.loaded_at = time.monotonic()
    return _cache.rows


def is_on(feature: str, *, line: str, unit_id: int, on: date) -> bool:
    """Whether this part of the work is on for the line in the unit on the day.

    Set-based statements ask the same of the SQL function `visits_is_on(feature, line, unit_id, day)`.
    """
    return holds(switch_rows(), feature, line=line, unit_path=names.unit_path(unit_id), on=on)


@dataclass(frozen=True, slots=True)
class SwitchCell:
    """One feature of one line: what holds on the day, and whether the unit says so itself."""

    name: str
    feature: str
    line: str
    is_on: bool
    is_own: bool
    planned: tuple[date, bool] | None

    @property
    def label(self) -> str:
        """Feature and line in words."""
        return f"{Feature(self.feature).label} · {Line(self.line).label}"


@dataclass(frozen=True, slots=True)
class SwitchLine:
    """One feature with a cell for each line."""

    label: str
    cells: tuple[SwitchCell, ...]


@dataclass(frozen=True, slots=True)
class PlannedSwitch:
    """A change that begins later."""

    label: str
    unit: str
    is_on: bool
    effective_from: date


def switch_table(unit_id: int | None, on: date) -> list[SwitchLine]:
    """Every feature and line, for the whole house or one unit with its subtree."""
    path = names.unit_path(unit_id)
    rows = switch_rows()
    return [
        SwitchLine(str(Feature(feature).label), tuple(_cell(rows, feature, line, path, on) for line in LINES))
        for feature in Feature.values
    ]


def _cell(rows: Sequence[SwitchRow], feature: str, line: str, path: str, on: date) -> SwitchCell:
    own = [row for row in rows if (row.feature, row.line, row.unit_path) == (feature, line, path)]
    later = sorted((row.effective_from, row.is_on) for row in own if row.effective_from > on)
    return SwitchCell(
        cell_name(feature, line),
        feature,
        line,
        holds(rows, feature, line=line, unit_path=path, on=on),
        any(row.effective_from <= on for row in own),
        later[0] if later else None,
    )


def cell_name(feature: str, line: str) -> str:
    """The name of a switch in the form."""
    return f"{feature}.{line}"


def known_cells() -> list[tuple[str, str]]:
    """Every (feature, line) there is."""
    return [(feature, line) for feature in Feature.values for line in LINES]


def planned_switches(today: date) -> list[PlannedSwitch]:
    """Changes that begin after today, the nearest first."""
    rows = LineSwitch.objects.filter(effective_from__gt=today).order_by("effective_from", "id")
    return [
        PlannedSwitch(f"{Feature(feature).label} · {Line(line).label}", unit or "", is_on, starts)
        for feature, line, unit, is_on, starts in rows.values_list(
            "feature", "line", "unit__name", "is_on", "effective_from"
        )
    ]

"""Which part of the work is on for a line: the nearest unit decides, there the newest row (issue 3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class SwitchRow:
    """One row of the table; `unit_path` is empty for the whole house."""

    feature: str
    line: str
    unit_path: str
    is_on: bool
    effective_from: date


def is_on(rows: Iterable[SwitchRow], feature: str, *, line: str, unit_path: str, on: date) -> bool:
    """Whether a feature is on for a line in a unit on a day; no row at all is off."""
    fitting = [
        row
        for row in rows
        if row.feature == feature
        and row.line == line
        and row.effective_from <= on
        and unit_path.startswith(row.unit_path)
    ]
    if not fitting:
        return False
    return max(fitting, key=lambda row: (len(row.unit_path), row.effective_from)).is_on

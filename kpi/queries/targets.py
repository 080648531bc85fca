"""Targets for the pages of lower apps, which ask through the settings (MEASURE_TARGETS)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from kpi.queries.indicators import active_indicators, targets_on


def targets_of_measures(day: date) -> dict[str, tuple[Decimal, bool]]:
    """Measure → the target that holds on a day, and whether it is strict; one without a target is not there."""
    targets = targets_on(day)
    found = {}
    for row in active_indicators(day):
        value, is_strict = targets.get(row.id, (None, False))
        if row.measure is not None and value is not None:
            found[row.measure.name] = (value, is_strict)
    return found

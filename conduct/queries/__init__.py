"""Every read of conduct: a scope (or an object already visible) comes first."""

from .outings import DayPlan, OutingFilters, OutingRow, OutingStrip, day_plan, outing_row, outing_strip, outings
from .reconciliation import EmptyOuting, OutingShare, UncoveredVisit, empty_outings, outing_shares, uncovered_visits

__all__ = [
    "DayPlan",
    "EmptyOuting",
    "OutingFilters",
    "OutingRow",
    "OutingShare",
    "OutingStrip",
    "UncoveredVisit",
    "day_plan",
    "empty_outings",
    "outing_row",
    "outing_shares",
    "outing_strip",
    "outings",
    "uncovered_visits",
]

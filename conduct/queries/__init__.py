"""Every read of conduct: a scope (or an object already visible) comes first."""

from .day_plans import DayPlan, day_plan
from .outings import OutingFilters, OutingRow, outing_row, outings
from .reconciliation import EmptyOuting, OutingShare, UncoveredVisit, empty_outings, outing_shares, uncovered_visits

__all__ = [
    "DayPlan",
    "EmptyOuting",
    "OutingFilters",
    "OutingRow",
    "OutingShare",
    "UncoveredVisit",
    "day_plan",
    "empty_outings",
    "outing_row",
    "outing_shares",
    "outings",
    "uncovered_visits",
]

"""Every read of conduct: a scope (or an object already visible) comes first."""

from .call_details import (
    PrintRow,
    authorisation_of,
    months_back,
    print_row,
    print_rows,
    waiting_prints,
)
from .day_plans import DayPlan, day_plan
from .outings import OutingFilters, OutingRow, outing_row, outings
from .reconciliation import EmptyOuting, OutingShare, UncoveredVisit, empty_outings, outing_shares, uncovered_visits

__all__ = [
    "DayPlan",
    "EmptyOuting",
    "OutingFilters",
    "OutingRow",
    "OutingShare",
    "PrintRow",
    "UncoveredVisit",
    "authorisation_of",
    "day_plan",
    "empty_outings",
    "months_back",
    "outing_row",
    "outing_shares",
    "outings",
    "print_row",
    "print_rows",
    "uncovered_visits",
    "waiting_prints",
]

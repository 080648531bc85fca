"""Everything the clock does to the ledger: set-based, safe to repeat, one business date at a time."""

from .closing import close_periods, flag_overdue_contacts
from .digests import morning_digests
from .freezing import freeze_months, frozen_through, months_to_freeze
from .missed_calls import pass_on_missed_calls
from .opening import open_duties
from .pacing import suggest_days
from .standings import rebuild_standings

__all__ = [
    "close_periods",
    "flag_overdue_contacts",
    "freeze_months",
    "frozen_through",
    "months_to_freeze",
    "morning_digests",
    "open_duties",
    "pass_on_missed_calls",
    "rebuild_standings",
    "suggest_days",
]

"""Steps of the clock that belong to assessment: set-based, safe to repeat (design 4)."""

from .freezing import freeze_month, freeze_results, months_to_freeze
from .refresh import count_results, refresh, refresh_results
from .scores import count_scores
from .warning import warn_of_targets

__all__ = [
    "count_results",
    "count_scores",
    "freeze_month",
    "freeze_results",
    "months_to_freeze",
    "refresh",
    "refresh_results",
    "warn_of_targets",
]

"""Assessment: indicators, facts, results."""

from .indicators import (
    Correction,
    Evidence,
    Fact,
    FrozenMonth,
    Indicator,
    IndicatorTarget,
    RefreshMark,
    Result,
)
from .scorecards import CompetencyReview, EnteredResult, Score, ScorecardLine, ScorecardVersion

__all__ = [
    "CompetencyReview",
    "Correction",
    "EnteredResult",
    "Evidence",
    "Fact",
    "FrozenMonth",
    "Indicator",
    "IndicatorTarget",
    "RefreshMark",
    "Result",
    "Score",
    "ScorecardLine",
    "ScorecardVersion",
]

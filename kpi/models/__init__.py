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

__all__ = [
    "Correction",
    "Evidence",
    "Fact",
    "FrozenMonth",
    "Indicator",
    "IndicatorTarget",
    "RefreshMark",
    "Result",
]

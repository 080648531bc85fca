"""Why a customer is at risk, in a sentence per reason: points, raw fact, date (RET-3; screens 8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class ReasonLine:
    """One reason."""

    code: str
    label: str
    points: int
    fact: str
    on: date | None
    advice: str = ""

    @property
    def size(self) -> int:
        """How much it weighs, whichever way."""
        return abs(self.points)

    @property
    def short(self) -> str:
        """For a list."""
        return f"{self.label} {self.fact}".strip()


def reason_lines(reasons: Sequence[Any]) -> list[ReasonLine]:
    """[[code, points, value, date], …] in words, the largest first."""
    return [
        ReasonLine(str(code), str(code), int(points), str(value or ""), None) for code, points, value, _on in reasons
    ]


def missing_words(missing: Sequence[str]) -> list[str]:
    """Signals nothing is known of: shown as "no data", never as healthy."""
    return [str(code) for code in missing]

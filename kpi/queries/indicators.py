"""The indicators and their targets (KPI-3): read once in half a minute by each process."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import get_language

from crm.core.errors import NotFound
from crm.core.measures import MEASURES, Measure
from kpi.rules.periods import Bounds, period_of

CACHE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator as pages use it."""

    id: int
    code: str
    category: int
    sub_no: int
    method: str
    measure_name: str
    direction: str
    period: str
    display: str
    label_zh: str
    label_en: str
    source: str
    position: int

    @property
    def measure(self) -> Measure | None:
        """What it counts; None: its results are entered."""
        return MEASURES.get(self.measure_name)

    @property
    def accrues(self) -> bool:
        """Whether the numerator grows towards a denominator that stands (a quota)."""
        return self.measure is not None and self.measure.accrues

    def label(self, language: str | None = None) -> str:
        """The label in a language, that of the moment without one."""
        return self.label_en if (language or get_language() or "").startswith("en") else self.label_zh

    def bounds(self, month: date) -> Bounds:
        """The period that a dashboard of this month shows."""
        return period_of(self.period, month)

    def __str__(self) -> str:
        return self.label()


_INDICATORS = """
SELECT id, code, category, sub_no, method, measure, direction, period, display, label_zh, label_en, source, position
FROM kpi_indicator WHERE is_active ORDER BY position, id
"""
_ENTERED = """
SELECT i.id FROM kpi_indicator i WHERE i.is_active AND EXISTS (
    SELECT 1 FROM kpi_result r WHERE r.indicator_id = i.id AND r.source = 'entered')
"""


@dataclass
class _Known:
    loaded_at: float = float("-inf")
    rows: tuple[IndicatorRow, ...] = ()
    entered: frozenset[int] = frozenset()


_known = _Known()


def forget() -> None:
    """Read the indicators again at the next question (after a change, and in tests)."""
    _known.loaded_at = float("-inf")


def _load() -> _Known:
    if time.monotonic() - _known.loaded_at > CACHE_SECONDS:
        _known.rows = read_indicators()
        _known.entered = frozenset(row[0] for row in run(_ENTERED, {}))
        _known.loaded_at = time.monotonic()
    return _known


def read_indicators() -> tuple[IndicatorRow, ...]:
    """The same as they are now: what counts figures does not rest on a cache."""
    return tuple(IndicatorRow(*row) for row in run(_INDICATORS, {}))


def all_indicators() -> tuple[IndicatorRow, ...]:
    """Every active indicator, with a source of data or without, in their order."""
    return _load().rows


def active_indicators(today: date) -> tuple[IndicatorRow, ...]:
    """Those with a source: a measure that is known, or results that were entered. Others are absent, not zero."""
    known = _load()
    return tuple(row for row in known.rows if row.measure is not None or row.id in known.entered)


def indicator_of(code: str) -> IndicatorRow:
    """The indicator of a code; not there is not found."""
    found = next((row for row in _load().rows if row.code == code), None)
    if found is None:
        raise NotFound
    return found


def targets_on(day: date) -> dict[int, tuple[Decimal | None, bool]]:
    """The target of each indicator on a day, and whether it is strict."""
    rows = run(
        "SELECT DISTINCT ON (indicator_id) indicator_id, value, is_strict FROM kpi_indicatortarget"
        " WHERE effective_from <= %(day)s ORDER BY indicator_id, effective_from DESC",
        {"day": day},
    )
    return {row[0]: (row[1], row[2]) for row in rows}


def run(sql: str, params: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of a statement."""
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())

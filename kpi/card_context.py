"""A scorecard as its pages show it: categories, sub-items, lines, the weight that was spread (KPI-1, KPI-2)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpi import value_words as words
from kpi.choices import Category
from kpi.models import Score
from kpi.queries.indicators import IndicatorRow, all_indicators
from kpi.sub_items import SUB_ITEMS

FAR, NEAR = Decimal(60), Decimal(85)
"""Points that look bad and points that look good: for colours only."""


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One indicator of a card."""

    code: str
    label: str
    sub_no: int
    sub_item: str | Promise
    weight: Decimal
    value: str
    target: str
    points: Decimal | None
    carries: Decimal
    earned: Decimal
    rows_url: str
    has_source: bool

    @property
    def look(self) -> str:
        """Late, soon or met; empty without data."""
        return look_of(self.points)


@dataclass(slots=True)
class ShownCategory:
    """One of the six categories."""

    number: int
    label: str | Promise
    lines: list[ShownLine] = field(default_factory=list)

    @property
    def weight(self) -> Decimal:
        """What it weighs by the rules."""
        return sum((line.weight for line in self.lines), Decimal(0))

    @property
    def carries(self) -> Decimal:
        """What it weighs this time."""
        return sum((line.carries for line in self.lines), Decimal(0))

    @property
    def earned(self) -> Decimal:
        """What it earned."""
        return sum((line.earned for line in self.lines), Decimal(0))

    @property
    def assessed(self) -> list[ShownLine]:
        """The lines that have data."""
        return [line for line in self.lines if line.points is not None]

    @property
    def without(self) -> list[ShownLine]:
        """The lines that have none: they are named, with the weight they leave to others."""
        return [line for line in self.lines if line.points is None]

    @property
    def is_assessed(self) -> bool:
        """Whether anything of it has data; else 不适用."""
        return bool(self.carries)

    @property
    def share(self) -> Decimal | None:
        """Per cent of what could be earned."""
        return round(100 * self.earned / self.carries, 1) if self.carries else None

    @property
    def look(self) -> str:
        """Late, soon or met."""
        return look_of(self.share)


def look_of(points: Decimal | None) -> str:
    """How good points of 100 look; always beside the number."""
    if points is None:
        return ""
    return "late" if points < FAR else "soon" if points < NEAR else "met"


def categories_of(score: Score) -> list[ShownCategory]:
    """The six categories with their lines, in order; a category without a line is left out."""
    known = {row.code: row for row in all_indicators()}
    found: dict[int, ShownCategory] = {}
    for line in score.lines:
        row = known.get(line["code"])
        if row is not None:
            category = found.setdefault(row.category, ShownCategory(row.category, Category(row.category).label))
            category.lines.append(_line(row, line, score))
    return [found[number] for number in sorted(found)]


def _line(row: IndicatorRow, line: Mapping[str, Any], score: Score) -> ShownLine:
    value = None if line["value"] is None else Decimal(line["value"])
    target = None if line["target"] is None else Decimal(line["target"])
    return ShownLine(
        code=row.code, label=row.label(), sub_no=row.sub_no,
        sub_item=SUB_ITEMS.get((row.category, row.sub_no), ""), weight=Decimal(line["weight"]),
        value="" if value is None else words.value_words(value, row.display, target=target),
        target=words.target_words(target, row.display, row.direction, is_strict=line["strict"]),
        points=None if line["points"] is None else Decimal(line["points"]),
        carries=Decimal(line["carries"]), earned=Decimal(line["earned"]),
        rows_url=_rows_url(row, score) if row.measure is not None and line["value"] is not None else "",
        has_source=row.measure is not None or not row.measure_name,
    )  # fmt: skip


def _rows_url(row: IndicatorRow, score: Score) -> str:
    asked: dict[str, Any] = {"month": f"{score.month:%Y-%m}"}
    asked |= {"manager": score.staff_id} if score.staff_id else {"unit": score.unit_id}
    return f"{reverse('kpi:rows', args=[row.code])}?{urlencode(asked)}"


def explained(categories: Sequence[ShownCategory]) -> list[str]:
    """What was not assessed, and that its weight was spread: the stated rule in the words of this card."""
    without = [str(category.label) for category in categories if not category.is_assessed]
    lines = sum(1 for category in categories if category.is_assessed for line in category.lines if line.points is None)
    said = []
    if without:
        said.append(
            _("Not applicable this time: %(names)s. Their weight goes to the other categories in proportion.")
            % {"names": _(", ").join(without)}
        )
    if lines:
        said.append(
            ngettext(
                "%(n)d line without data leaves its weight to the others of its category in proportion.",
                "%(n)d lines without data leave their weight to the others of their category in proportion.",
                lines,
            )
            % {"n": lines}
        )
    return said


@dataclass(frozen=True, slots=True)
class TrendPoint:
    """One month of the trend, placed in the little chart."""

    month: date
    total: Decimal | None
    rank: int | None
    of: int
    x: float
    y: float


def trend_points(rows: Iterable[Score], *, width: int = 320, height: int = 64) -> list[TrendPoint]:
    """The totals of the months over 0…100, from left to right."""
    rows = list(rows)
    step = width / max(len(rows) - 1, 1)
    return [
        TrendPoint(row.month, row.total, row.rank, row.of, round(place * step, 1),
                   round(height * (1 - float(row.total or 0) / 100), 1))
        for place, row in enumerate(rows)
    ]  # fmt: skip


def polyline(points: Iterable[TrendPoint]) -> str:
    """The points of the line."""
    return " ".join(f"{point.x},{point.y}" for point in points if point.total is not None)

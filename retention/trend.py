"""The small pictures of an alert: months as bars, points as a line; drawn by the server, a table says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

WIDTH, HEIGHT, FOOT, GAP = 360, 96, 16, 4
LINE_WIDTH, LINE_HEIGHT, EDGE = 220, 48, 4


@dataclass(frozen=True, slots=True)
class Bar:
    """A month; without a value there is no bar."""

    x: float
    y: float
    width: float
    height: float
    month: date
    value: Decimal | None
    is_last: bool

    @property
    def middle(self) -> float:
        """Where its month stands."""
        return self.x + self.width / 2


@dataclass(frozen=True, slots=True)
class Bars:
    """Months side by side."""

    bars: Sequence[Bar]
    mean_y: float | None
    width: int = WIDTH
    height: int = HEIGHT
    text_y: int = HEIGHT - 4


def bars_of(months: Sequence[tuple[date, Decimal | None]]) -> Bars:
    """Bars to the scale of the largest; the line is the mean of the three months before the last."""
    most = max((value for _month, value in months if value), default=Decimal(1))
    step = WIDTH / len(months)
    room = HEIGHT - FOOT

    def height(value: Decimal | None) -> float:
        return round(float(room * (value or 0) / most), 1)

    bars = [
        Bar(round(place * step + GAP / 2, 1), round(room - height(value), 1), round(step - GAP, 1), height(value),
            month, value, place == len(months) - 1)
        for place, (month, value) in enumerate(months)
    ]  # fmt: skip
    before = [value for _month, value in months[-4:-1] if value is not None]
    mean = sum(before, Decimal(0)) / len(before) if before else None
    return Bars(bars, round(room - height(mean), 1) if mean is not None else None)


@dataclass(frozen=True, slots=True)
class Line:
    """Points over days."""

    points: str
    last: tuple[float, float]
    first_value: Decimal
    last_value: Decimal
    first_on: date
    last_on: date
    width: int = LINE_WIDTH
    height: int = LINE_HEIGHT


def line_of(values: Sequence[tuple[date, Decimal]]) -> Line:
    """A line in steps: a value holds until the next one."""
    days = max((values[-1][0] - values[0][0]).days, 1)
    low, high = min(value for _day, value in values), max(value for _day, value in values)
    spread = max(high - low, Decimal(1))

    def at(day: date, value: Decimal) -> tuple[float, float]:
        x = EDGE + (LINE_WIDTH - 2 * EDGE) * (day - values[0][0]).days / days
        y = EDGE + float((LINE_HEIGHT - 2 * EDGE) * (high - value) / spread)
        return round(x, 1), round(y, 1)

    places: list[tuple[float, float]] = []
    for day, value in values:
        here = at(day, value)
        if places:
            places.append((here[0], places[-1][1]))
        places.append(here)
    return Line(
        " ".join(f"{x},{y}" for x, y in places), places[-1], values[0][1], values[-1][1], values[0][0], values[-1][0]
    )

"""The geometry of a plot of two numbers against each other, drawn by the server: no script, and it prints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 480, 300
LEFT, RIGHT, TOP, FOOT = 52, 14, 12, 34
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)
TICKS = 4


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid: where it stands and what it says."""

    at: float
    value: float


@dataclass(frozen=True, slots=True)
class Plot:
    """Axes up to round numbers, and where a pair of numbers stands between them."""

    most_x: float
    most_y: float
    least_y: float = 0.0
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    foot: int = HEIGHT - FOOT
    foot_label: int = HEIGHT - 12

    def x(self, value: float) -> float:
        """How far to the right."""
        return round(self.left + (self.right - self.left) * min(max(value / self.most_x, 0.0), 1.0), 1)

    def y(self, value: float) -> float:
        """How far down."""
        return round(
            self.foot
            - (self.foot - self.top) * min(max((value - self.least_y) / (self.most_y - self.least_y), 0.0), 1.0),
            1,
        )

    def line(self, points: Sequence[tuple[float, float]]) -> str:
        """The points of a polyline."""
        return " ".join(f"{self.x(x)},{self.y(y)}" for x, y in points)

    def ticks_x(self) -> tuple[Tick, ...]:
        """Round numbers on the lower edge."""
        return tuple(Tick(self.x(value), value) for value in _steps(self.most_x))

    def ticks_y(self) -> tuple[Tick, ...]:
        """Round numbers on the left edge."""
        values = [self.least_y + value for value in _steps(self.most_y - self.least_y)]
        return tuple(Tick(self.y(value), value) for value in values)


def plot_of(xs: Sequence[float], ys: Sequence[float], *, square: bool = False, least_y: float = 0.0) -> Plot:
    """Axes that hold all values.

    `square`: both alike, as for what was foretold against what happened; `least_y`: where the upright one begins.

    >>> plot_of([0.1, 0.23], [0.31]).most_y
    0.4
    """
    most_x, most_y = (_round_up(max(values, default=0.0)) for values in (xs, ys))
    if square:
        most_x = most_y = max(most_x, most_y)
    return Plot(most_x, most_y, least_y)


def _step(most: float) -> float:
    """The step of the grid: 1, 2, 2.5, 5 times a power of ten."""
    power, raw = 1.0, most / TICKS
    while power > raw:
        power /= 10
    while power * 10 <= raw:
        power *= 10
    return next((times * power for times in STEPS if raw <= times * power * (1 + 1e-9)), raw)


def _round_up(most: float) -> float:
    if most <= 0:
        return 1.0
    step = _step(most)
    return round(step * -(-most // step), 10)


def _steps(most: float) -> list[float]:
    step = _step(most)
    return [round(step * place, 10) for place in range(round(most / step) + 1)]

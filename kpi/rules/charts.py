"""The geometry of the charts of results: drawn by the server, so they print, need no script and follow the theme."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil, floor, log10

Value = Decimal | None

SPARK_WIDTH, SPARK_HEIGHT, SPARK_EDGE = 96, 30, 3
WIDTH, HEIGHT = 720, 240
LEFT, RIGHT, TOP, FOOT = 46, 12, 14, 30
TICKS = 4
MOST_LABELS = 13


@dataclass(frozen=True, slots=True)
class Spark:
    """A small line: its pieces (a month without a value leaves a gap), its last point, the target's height."""

    pieces: tuple[str, ...]
    last: tuple[float, float] | None
    target_y: float | None
    width: int = SPARK_WIDTH
    height: int = SPARK_HEIGHT


@dataclass(frozen=True, slots=True)
class Point:
    """One period of a trend."""

    x: float
    y: float
    place: int


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid with its number."""

    y: float
    value: Decimal


@dataclass(frozen=True, slots=True)
class Trend:
    """A line over periods with the target as a line of its own, stepping where the target changed."""

    points: tuple[Point, ...]
    pieces: tuple[str, ...]
    targets: tuple[str, ...]
    target_y: float | None
    ticks: tuple[Tick, ...]
    labels: tuple[tuple[float, int], ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    foot: int = HEIGHT - FOOT
    foot_label: int = HEIGHT - 10


@dataclass(frozen=True, slots=True)
class Column:
    """One day: the part that counts for the figure, and the rest of what was counted, on top of it."""

    x: float
    width: float
    part_y: float
    part_height: float
    rest_y: float
    rest_height: float
    place: int


@dataclass(frozen=True, slots=True)
class Columns:
    """Days beside each other."""

    columns: tuple[Column, ...]
    ticks: tuple[Tick, ...]
    labels: tuple[tuple[float, int], ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    foot: int = HEIGHT - FOOT
    foot_label: int = HEIGHT - 10


@dataclass(frozen=True, slots=True)
class Scale:
    """From values to heights."""

    low: float
    high: float
    top: float
    bottom: float
    steps: tuple[Decimal, ...] = field(default=())

    def y(self, value: Decimal) -> float:
        """The height of a value, inside the chart."""
        share = (float(value) - self.low) / (self.high - self.low)
        return round(self.bottom - min(max(share, 0.0), 1.0) * (self.bottom - self.top), 1)


def scale_of(values: Sequence[Decimal], top: float, bottom: float, *, from_zero: bool, cap: Decimal | None) -> Scale:
    """A scale with round steps that holds all values; `cap`: what cannot be more, as 100 per cent.

    >>> scale = scale_of([Decimal(0), Decimal(83)], 0, 100, from_zero=True, cap=Decimal(100))
    >>> [int(step) for step in scale.steps]
    [0, 25, 50, 75, 100]
    """
    known = [float(value) for value in values] or [0.0, 1.0]
    low, high = min(known), max(known)
    low = min(low, 0.0) if from_zero else low
    if high - low < 1e-9:
        high, low = high + 1.0, low - (0.0 if from_zero and low == 0 else 1.0)
    step = _round_step((high - low) / TICKS)
    low, high = floor(low / step + 1e-9) * step, ceil(high / step - 1e-9) * step
    if cap is not None and max(known) <= float(cap) < high:
        high = float(cap)
    count = max(round((high - low) / step), 1)
    steps = tuple(Decimal(str(round(low + place * step, 6))) for place in range(count + 1))
    return Scale(low, high, top, bottom, tuple(step for step in steps if float(step) <= high + 1e-9))


def _round_step(raw: float) -> float:
    """The next of 1, 2, 2.5, 5, 10 times a power of ten."""
    power = 10.0 ** floor(log10(raw))
    return next((times * power for times in (1.0, 2.0, 2.5, 5.0, 10.0) if raw <= times * power * (1 + 1e-9)), raw)


def spark_of(values: Sequence[Value], target: Value = None) -> Spark:
    """The line of a tile, oldest first; nothing of it without two values."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return Spark((), None, None)
    wide = [*known, target] if target is not None else known
    low, high = float(min(wide)), float(max(wide))
    if high - low < 1e-9:
        low, high = low - 1.0, high + 1.0
    scale = Scale(low, high, SPARK_EDGE, SPARK_HEIGHT - SPARK_EDGE)
    step = (SPARK_WIDTH - 2 * SPARK_EDGE) / max(len(values) - 1, 1)
    points = [
        None if value is None else (round(SPARK_EDGE + place * step, 1), scale.y(value))
        for place, value in enumerate(values)
    ]
    last = next((point for point in reversed(points) if point is not None), None)
    return Spark(_pieces(points), last, scale.y(target) if target is not None else None)


def trend_of(values: Sequence[Value], targets: Sequence[Value], *, cap: Decimal | None = None) -> Trend:
    """A trend of periods, oldest first, with the target of each."""
    known = [value for value in (*values, *targets) if value is not None]
    is_far_up = cap is not None and known and min(known) > cap * Decimal("0.6")
    scale = scale_of(known, TOP, HEIGHT - FOOT, from_zero=not is_far_up, cap=cap)
    step = (WIDTH - LEFT - RIGHT) / max(len(values), 1)
    middles = [round(LEFT + step * (place + 0.5), 1) for place in range(len(values))]
    found = [None if value is None else (middles[place], scale.y(value)) for place, value in enumerate(values)]
    points = tuple(Point(*point, place) for place, point in enumerate(found) if point is not None)
    lines = tuple(
        f"{round(LEFT + step * place, 1)},{scale.y(target)} {round(LEFT + step * (place + 1), 1)},{scale.y(target)}"
        for place, target in enumerate(targets)
        if target is not None
    )
    last = next((target for target in reversed(targets) if target is not None), None)
    return Trend(
        points,
        _pieces(found),
        lines,
        scale.y(last) if last is not None else None,
        tuple(Tick(scale.y(value), value) for value in scale.steps),
        _labels(middles),
    )


def columns_of(parts: Sequence[Decimal], wholes: Sequence[Decimal]) -> Columns:
    """Days: what met below, the rest of what was counted above it."""
    highest = [max(part, whole, Decimal(0)) for part, whole in zip(parts, wholes, strict=True)]
    scale = scale_of(highest or [Decimal(1)], TOP, HEIGHT - FOOT, from_zero=True, cap=None)
    step = (WIDTH - LEFT - RIGHT) / max(len(parts), 1)
    columns = []
    for place, (part, high) in enumerate(zip(parts, highest, strict=True)):
        part_y, rest_y = scale.y(max(part, Decimal(0))), scale.y(high)
        columns.append(
            Column(
                round(LEFT + step * place + step * 0.14, 1), round(step * 0.72, 1), part_y,
                round(HEIGHT - FOOT - part_y, 1), rest_y, round(part_y - rest_y, 1), place,
            )
        )  # fmt: skip
    middles = [round(LEFT + step * (place + 0.5), 1) for place in range(len(parts))]
    return Columns(tuple(columns), tuple(Tick(scale.y(value), value) for value in scale.steps), _labels(middles))


def _labels(middles: Sequence[float]) -> tuple[tuple[float, int], ...]:
    """Where labels stand, at most so many that they do not run into each other; the last one always."""
    every = max(ceil(len(middles) / MOST_LABELS), 1)
    last = len(middles) - 1
    return tuple((x, place) for place, x in enumerate(middles) if (last - place) % every == 0)


def _pieces(points: Sequence[tuple[float, float] | None]) -> tuple[str, ...]:
    """The line without its gaps, as lists of points."""
    pieces: list[list[tuple[float, float]]] = [[]]
    for point in points:
        if point is None:
            pieces.append([])
        else:
            pieces[-1].append(point)
    return tuple(" ".join(f"{x},{y}" for x, y in piece) for piece in pieces if len(piece) > 1)

"""The table of points: what each signal is worth, and the score of one customer from it (RET-3; churn.md).

Pure Python, so that a web process scores one customer without NumPy (T11). The same table is scored set-based by SQL
(retention.queries.scoring) and by NumPy (retention.science); a test holds the three against each other on every row.

Points are whole numbers; a capped group counts its largest item in full and the other positive ones by half, so a total
is counted in halves and rounded up once. Missing data is a bin of its own, never silently healthy.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

NUMERIC, CATEGORICAL = "numeric", "categorical"
MAX_PLUS_HALF = "max_plus_half"
STAGES = ("expert", "hybrid", "scorecard")
POINTS_DOUBLE_THE_ODDS = 20
SLOPE = math.log(2) / POINTS_DOUBLE_THE_ODDS
"""Twenty points double the odds."""
FARTHEST = 30.0
"""Log odds are cut there: beyond it nothing can be told apart, and no exponential runs over."""
MOST_POINTS = 1000
Value = float | int | str | None


@dataclass(frozen=True)
class Bin:
    """Values below `below`, and not below the bin before; null: all the rest."""

    below: float | None
    points: int


@dataclass(frozen=True)
class Feature:
    """One signal: bins of a number, or the points of each category; `other` for categories not named."""

    code: str
    group: str
    kind: str = NUMERIC
    bins: tuple[Bin, ...] = ()
    values: Mapping[str, int] = field(default_factory=dict)
    other: int = 0
    missing: int = 0
    # Mean points over the portfolio it was made for: reasons are told against it.
    average: float = 0.0

    def __post_init__(self) -> None:
        edges = tuple(each.below for each in self.bins if each.below is not None)
        object.__setattr__(self, "edges", edges)
        object.__setattr__(self, "steps", tuple(each.points for each in self.bins))

    edges: tuple[float, ...] = field(init=False, repr=False, compare=False)
    steps: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def points(self, value: Value) -> int:
        """What a value is worth; None and not-a-number are missing."""
        if value is None:
            return self.missing
        if self.kind == CATEGORICAL:
            return self.values.get(str(value), self.other)
        number = float(value)
        return self.missing if number != number else self.steps[bisect_right(self.edges, number)]

    def to_json(self) -> dict[str, Any]:
        """As it is stored."""
        told: dict[str, Any] = {"code": self.code, "group": self.group, "kind": self.kind, "missing": self.missing}
        if self.kind == CATEGORICAL:
            told |= {"values": dict(self.values), "other": self.other}
        else:
            told["bins"] = [{"below": each.below, "points": each.points} for each in self.bins]
        return told | ({"average": self.average} if self.average else {})


@dataclass(frozen=True)
class PointTable:
    """A version of the model: everything a score needs."""

    stage: str
    intercept: float
    features: tuple[Feature, ...]
    slope: float = SLOPE
    # Group → its cap; groups that are not named are added up.
    groups: Mapping[str, str] = field(default_factory=dict)
    # Platt: logit of the answer = a + b · logit of the points.
    calibration: tuple[float, float] | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> PointTable:
        """The table that is stored; ValueError when it is not one."""
        try:
            calibration = data.get("calibration")
            table = cls(
                stage=str(data["stage"]),
                intercept=float(data["intercept"]),
                slope=float(data.get("slope") or SLOPE),
                features=tuple(_feature(each) for each in data["features"]),
                groups={group: str(cap["cap"]) for group, cap in (data.get("groups") or {}).items() if cap},
                calibration=(float(calibration["a"]), float(calibration["b"])) if calibration else None,
            )
        except (KeyError, TypeError, AttributeError) as wrong:
            raise ValueError(f"not a table of points: {wrong}") from wrong
        _check(table)
        return table

    def to_json(self) -> dict[str, Any]:
        """As it is stored in RiskModel.table; `from_json` gives the very same table back."""
        return {
            "stage": self.stage,
            "intercept": self.intercept,
            "slope": self.slope,
            "features": [feature.to_json() for feature in self.features],
            "groups": {group: {"cap": cap} for group, cap in self.groups.items()},
            "calibration": {"a": self.calibration[0], "b": self.calibration[1]} if self.calibration else None,
        }


@dataclass(frozen=True)
class Reason:
    """One signal of a score: its points by the table, and the value they rest on."""

    code: str
    points: int
    value: Value


@dataclass(frozen=True)
class Score:
    """The score of one customer: `risk` = round(100 p) (decisions 26); reasons largest first; signals without data."""

    points: int
    probability: float
    risk: int
    reasons: tuple[Reason, ...]
    missing: tuple[str, ...]


def score_one(values: Mapping[str, Value], table: PointTable) -> Score:
    """Score one customer from the values of his features; a feature that is not named has no data."""
    reasons: list[Reason] = []
    missing: list[str] = []
    doubled = 0
    capped: dict[str, list[int]] = {}
    for feature in table.features:
        value = values.get(feature.code)
        points = feature.points(value)
        if value is None or value != value:
            missing.append(feature.code)
        if points:
            reasons.append(Reason(feature.code, points, value))
        if points > 0 and feature.group in table.groups:
            capped.setdefault(feature.group, []).append(points)
        else:
            doubled += 2 * points
    doubled += sum(max(items) + sum(items) for items in capped.values())
    total = (doubled + 1) // 2
    chance = probability(total, table)
    reasons.sort(key=lambda reason: (-reason.points, reason.code))
    return Score(total, chance, risk_of(chance), tuple(reasons), tuple(missing))


def probability(points: int, table: PointTable) -> float:
    """The chance to lose him that a total of points means."""
    odds = table.intercept + table.slope * points
    if table.calibration is not None:
        odds = table.calibration[0] + table.calibration[1] * odds
    return sigmoid(odds)


def sigmoid(log_odds: float) -> float:
    """1 / (1 + e^-x), cut at ±FARTHEST."""
    return 1.0 / (1.0 + math.exp(-max(-FARTHEST, min(FARTHEST, log_odds))))


def logit(chance: float) -> float:
    """The log odds of a probability, cut at ±FARTHEST."""
    if chance <= 0.0 or chance >= 1.0:
        return FARTHEST if chance >= 1.0 else -FARTHEST
    return max(-FARTHEST, min(FARTHEST, math.log(chance / (1.0 - chance))))


def risk_of(chance: float) -> int:
    """What a page shows: round(100 p), halves up."""
    return math.floor(100.0 * chance + 0.5)


def counted(points: Mapping[str, int], table: PointTable) -> dict[str, float]:
    """What each signal adds to the total: in a capped group the largest in full, other positive ones by half."""
    shares: dict[str, float] = {}
    full: set[str] = set()
    for feature in sorted(table.features, key=lambda each: -points.get(each.code, 0)):
        own = points.get(feature.code, 0)
        if own > 0 and feature.group in table.groups:
            shares[feature.code] = own / 2 if feature.group in full else float(own)
            full.add(feature.group)
        elif own:
            shares[feature.code] = float(own)
    return shares


def main_reasons(score: Score, table: PointTable, *, most: int = 3) -> tuple[Reason, ...]:
    """The signals that lift this customer most above the average of the portfolio."""
    average = {feature.code: feature.average for feature in table.features}
    lifting = [reason for reason in score.reasons if reason.points > average[reason.code]]
    lifting.sort(key=lambda reason: (average[reason.code] - reason.points, reason.code))
    return tuple(lifting[:most])


def solve_intercept(
    counts: Mapping[int, int],
    base_rate: float,
    *,
    slope: float = SLOPE,
    calibration: tuple[float, float] | None = None,
) -> float:
    """The intercept with which the mean chance of a portfolio is the base rate; `counts`: points → customers."""
    total = sum(counts.values())
    if not total or not 0.0 < base_rate < 1.0:
        raise ValueError("no portfolio, or a base rate that is none")
    a, b = calibration or (0.0, 1.0)
    low, high = -200.0, 200.0
    for _turn in range(100):
        middle = (low + high) / 2
        mean = sum(n * sigmoid(a + b * (middle + slope * points)) for points, n in counts.items()) / total
        low, high = (middle, high) if mean < base_rate else (low, middle)
    return round((low + high) / 2, 6)


def total_points(items: Iterable[tuple[str, int]], groups: Mapping[str, str]) -> int:
    """The total of (group, points), as `score_one` adds them up."""
    plain, capped = 0, dict[str, list[int]]()
    for group, points in items:
        if points > 0 and group in groups:
            capped.setdefault(group, []).append(points)
        else:
            plain += 2 * points
    return (plain + sum(max(each) + sum(each) for each in capped.values()) + 1) // 2


def _feature(data: Mapping[str, Any]) -> Feature:
    return Feature(
        code=str(data["code"]),
        group=str(data["group"]),
        kind=str(data.get("kind", NUMERIC)),
        bins=tuple(
            Bin(None if each["below"] is None else float(each["below"]), _whole(each["points"]))
            for each in data.get("bins") or ()
        ),
        values={str(value): _whole(points) for value, points in (data.get("values") or {}).items()},
        other=_whole(data.get("other", 0)),
        missing=_whole(data.get("missing", 0)),
        average=float(data.get("average") or 0.0),
    )


def _whole(points: Any) -> int:
    if isinstance(points, bool) or int(points) != points or abs(int(points)) > MOST_POINTS:
        raise ValueError(f"points are whole numbers up to {MOST_POINTS}: {points}")
    return int(points)


def _check(table: PointTable) -> None:
    if table.stage not in STAGES:
        raise ValueError(f"unknown stage {table.stage}")
    numbers = (table.intercept, table.slope, *(table.calibration or ()))
    if not all(math.isfinite(number) for number in numbers) or table.slope <= 0:
        raise ValueError("intercept, slope and calibration are numbers, the slope a positive one")
    codes = [feature.code for feature in table.features]
    if len(set(codes)) != len(codes):
        raise ValueError("a feature stands in the table twice")
    if any(cap != MAX_PLUS_HALF for cap in table.groups.values()):
        raise ValueError("unknown cap of a group")
    for feature in table.features:
        if feature.kind not in (NUMERIC, CATEGORICAL):
            raise ValueError(f"{feature.code}: unknown kind {feature.kind}")
        if feature.kind == NUMERIC:
            edges = list(feature.edges)
            ends_open = bool(feature.bins) and feature.bins[-1].below is None
            if not ends_open or len(edges) != len(feature.bins) - 1 or edges != sorted(set(edges)):
                raise ValueError(f"{feature.code}: bins rise, and the last one is open")

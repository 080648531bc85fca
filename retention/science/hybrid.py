"""Expert points that a few events correct: what the expert says stands, each correction is held back (stage 1; T4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from retention.rules.points import CATEGORICAL, MOST_POINTS, NUMERIC, SLOPE, Bin, Feature, PointTable
from retention.science.binning import Binning, bins_of
from retention.science.columns import Column, Floats
from retention.science.metrics import platt
from retention.science.scorecard import calibrated, feature_of
from retention.science.scoring import totals_of
from retention.science.solver import Term, fit

HYBRID = "hybrid"
FEW_BINS = 6
STIFFNESS = 12.0
"""Prior strength of a correction: a bin moves by about 1/sqrt(12), six points, unless the events insist."""
SLOPE_PRIOR_EVENTS = 25.0
ANCHOR = 0.3
"""How much of that holds each bin to the expert's own points, not only to its neighbours."""


def fit_hybrid(
    expert: PointTable, columns: Sequence[Column], lost: NDArray[np.bool_], *, stiffness: float = STIFFNESS
) -> PointTable:
    """The expert's table with every bin corrected by what happened, as one table of whole points."""
    odds = (expert.slope * totals_of(expert, columns)).astype(float)
    a, b = _held_line(lost, odds)
    binnings = [bins_of(column, most=FEW_BINS) for column in columns]
    terms = []
    for binning, column in zip(binnings, columns, strict=True):
        terms.append(Term(binning.code(column), binning.levels, binning.ordered, anchor=ANCHOR))
    fitted = fit(terms, lost, offset=a + b * odds, strengths=np.full(len(terms), stiffness))
    known = {feature.code: feature for feature in expert.features}
    features = []
    for binning, term, curve in zip(binnings, terms, fitted.coefficients, strict=True):
        weight = np.bincount(term.codes, minlength=term.levels)
        curve = np.where(weight > 0, curve - float((curve * weight).sum() / weight.sum()), 0.0)
        feature = _corrected(known.get(binning.column), binning, curve, b)
        if feature is not None:
            features.append(feature)
    return calibrated_softly(PointTable(HYBRID, 0.0, tuple(features), groups=expert.groups), columns, lost)


def _held_line(lost: NDArray[np.bool_], odds: Floats) -> tuple[float, float]:
    """Platt's line, its slope held near one as long as events are few."""
    _a, b = platt(lost, odds)
    events = float(min(lost.sum(), (~lost).sum()))
    share = events / (events + SLOPE_PRIOR_EVENTS)
    slope = min(max(share * b + (1 - share), 0.3), 2.0)
    rate = float(lost.mean())
    low, high = -60.0, 60.0
    for _turn in range(60):
        middle = (low + high) / 2
        mean = float((1 / (1 + np.exp(-np.clip(middle + slope * odds, -30, 30)))).mean())
        low, high = (middle, high) if mean < rate else (low, middle)
    return (low + high) / 2, slope


def calibrated_softly(table: PointTable, columns: Sequence[Column], lost: NDArray[np.bool_]) -> PointTable:
    """Platt with a held slope: few events would make it too sure of itself."""
    a, b = _held_line(lost, (table.slope * totals_of(table, columns)).astype(float))
    return replace(calibrated(table, columns, lost), calibration=(round(a, 6), round(b, 6)))


def _corrected(expert: Feature | None, binning: Binning, curve: Floats, slope: float) -> Feature | None:
    """Expert points times the slope plus the correction, on the bins of both."""
    moved = curve / SLOPE
    if expert is None:
        points = np.clip(np.rint(moved), -MOST_POINTS, MOST_POINTS).astype(int)
        return feature_of(binning, points, "other") if points.any() else None
    missing = _whole(slope * expert.missing + moved[-1])
    if expert.kind == CATEGORICAL or not binning.is_numeric:
        levels = [*dict.fromkeys([*expert.values, *binning.kept])]
        place = {level: number for number, level in enumerate(binning.kept)}
        other = float(moved[len(binning.kept)]) if not binning.is_numeric else 0.0
        values = {
            level: _whole(
                slope * expert.values.get(level, expert.other) + (moved[place[level]] if level in place else other)
            )
            for level in levels
        }
        return Feature(
            expert.code, expert.group, CATEGORICAL, (), values, _whole(slope * expert.other + other), missing
        )
    edges = sorted({*expert.edges, *map(float, binning.edges)})
    bins = []
    for below, inside in zip(
        [*edges, None], [*(edge - 1e-9 * max(abs(edge), 1) for edge in edges), np.inf], strict=True
    ):
        own = moved[int(np.searchsorted(binning.edges, inside, side="right"))]
        bins.append(Bin(below, _whole(slope * expert.points(inside) + own)))
    merged = [one for one, two in zip(bins, [*bins[1:], None], strict=True) if two is None or one.points != two.points]
    return Feature(expert.code, expert.group, NUMERIC, tuple(merged), missing=missing)


def _whole(points: float) -> int:
    return int(np.clip(np.rint(points), -MOST_POINTS, MOST_POINTS))

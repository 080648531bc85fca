"""Whole points with monotone bins: the curves of an additive model as a table anybody can add up (churn.md, stage 2).

Curves are fitted on fine bins (weights of evidence, shrunk together), made monotone by pooling neighbours that
contradict the direction of the whole, rounded to whole points (20 double the odds); equal neighbours become one bin.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from retention.rules.points import CATEGORICAL, MOST_POINTS, NUMERIC, SLOPE, Bin, Feature, PointTable
from retention.science.additive import Additive, fit_additive
from retention.science.binning import Binning
from retention.science.columns import Codes, Column, Floats
from retention.science.metrics import platt
from retention.science.scoring import Scorer, points_of

SCORECARD = "scorecard"


def fit_scorecard(
    columns: Sequence[Column],
    lost: NDArray[np.bool_],
    *,
    curves: Additive | None = None,
    groups: Mapping[str, str] | None = None,
) -> PointTable:
    """Learn a table of points; `curves`: an additive model of the same rows, if there is one; `groups`: of features."""
    curves = curves or fit_additive(list(columns), lost)
    codes = curves.codes(list(columns))
    features = []
    for place, binning in enumerate(curves.binnings):
        weight = np.bincount(codes[place], minlength=binning.levels).astype(float)
        curve = _to_points(curves.fitted.coefficients[place], weight, binning)
        group = (groups or {}).get(binning.column, "other")
        feature = feature_of(binning, curve, group)
        if any(points_of(feature)):
            features.append(feature)
    if not features:
        features = [feature_of(curves.binnings[0], np.zeros(curves.binnings[0].levels, dtype=int), "other")]
    return calibrated(PointTable(SCORECARD, 0.0, tuple(features)), columns, lost)


def _to_points(curve: Floats, weight: Floats, binning: Binning) -> NDArray[np.int_]:
    """Points of every level: monotone where there is an order, nought on average."""
    curve = curve.copy()
    if binning.ordered > 1:
        own = slice(0, binning.ordered)
        curve[own] = monotone(curve[own], weight[own])
    curve -= float((curve * weight).sum() / max(weight.sum(), 1.0))
    curve[weight == 0] = 0.0
    found: NDArray[np.int_] = np.clip(np.rint(curve / SLOPE), -MOST_POINTS, MOST_POINTS).astype(int)
    if binning.ordered:
        held = np.flatnonzero(weight[: binning.ordered])
        if len(held):
            for place in np.flatnonzero(weight[: binning.ordered] == 0):
                found[place] = found[held[np.abs(held - place).argmin()]]
    return found


def monotone(curve: Floats, weight: Floats) -> Floats:
    """The nearest rising or falling curve, whichever is nearer (pool adjacent violators)."""
    up, down = _rising(curve, weight), -_rising(-curve, weight)
    worse_up, worse_down = (float((weight * (curve - fitted) ** 2).sum()) for fitted in (up, down))
    return up if worse_up <= worse_down else down


def _rising(curve: Floats, weight: Floats) -> Floats:
    """Pool adjacent violators."""
    blocks: list[tuple[float, float, int]] = []
    for value, own in zip(curve, np.maximum(weight, 1e-9), strict=True):
        blocks.append((float(value), float(own), 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (first, one, many), (second, two, more) = blocks[-2:]
            blocks[-2:] = [((first * one + second * two) / (one + two), one + two, many + more)]
    return np.concatenate([np.full(many, value) for value, _own, many in blocks])


def feature_of(binning: Binning, points: NDArray[np.int_], group: str) -> Feature:
    """A feature of the table; neighbouring bins with the same points become one."""
    missing = int(points[-1])
    if not binning.is_numeric:
        values = {level: int(points[place]) for place, level in enumerate(binning.kept)}
        return Feature(binning.column, group, CATEGORICAL, (), values, int(points[len(binning.kept)]), missing)
    bins = []
    for place in range(binning.ordered):
        below = float(binning.edges[place]) if place < len(binning.edges) else None
        if below is not None and points[place] == points[place + 1]:
            continue
        bins.append(Bin(below, int(points[place])))
    return Feature(binning.column, group, NUMERIC, tuple(bins), missing=missing)


def calibrated(table: PointTable, columns: Sequence[Column], lost: NDArray[np.bool_]) -> PointTable:
    """The table with its intercept, with Platt's slope where it is not one, and the average of every signal."""
    scorer = Scorer(table)
    levels: list[Codes] = scorer.encode({column.name: column for column in columns}, len(lost))  # type: ignore[assignment]
    totals = scorer.totals(levels)  # type: ignore[arg-type]
    a, b = platt(lost, (table.slope * totals).astype(float))
    averages = [float(points_of(feature)[own].mean()) for feature, own in zip(table.features, levels, strict=True)]
    features = tuple(
        replace(feature, average=round(average, 3)) for feature, average in zip(table.features, averages, strict=True)
    )
    b = max(b, 0.05)
    return replace(table, intercept=0.0, features=features, calibration=(round(a, 6), round(b, 6)))

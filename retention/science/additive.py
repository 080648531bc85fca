"""The additive model: one curve per feature, and – where the data insist – a few tables of two features together.

Explainable to the last point: a score is a sum of looked-up numbers. Pairs are looked for in what the curves leave
over, and each is shrunk by the same rule as a curve, so a pair that says nothing adds nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from retention.science.binning import MOST_BINS, Binning, bins_of
from retention.science.columns import Codes, Column, Floats
from retention.science.solver import Fit, Term, fit, sigmoid

MOST_PAIRS = 10
MOST_LEVELS_TOGETHER = 600
FEWEST_BINS, MOST_CURVES = 6, 80
COARSE_BINS = 6
COARSE_LEAST = 30
PAIR_START = 20.0
SEARCH_ROWS = 60_000
MOST_SEARCHED = 60


@dataclass(frozen=True, eq=False)
class Pair:
    """Two features together, each cut coarsely."""

    first: Binning
    second: Binning
    gain: float = 0.0

    @property
    def levels(self) -> int:
        """Cells of the table."""
        return self.first.levels * self.second.levels

    def code(self, first: Column, second: Column) -> Codes:
        """The cell of every row."""
        found: Codes = self.first.code(first) * np.int32(self.second.levels) + self.second.code(second)
        return found


@dataclass(frozen=True, eq=False)
class Additive:
    """A fitted additive model."""

    binnings: list[Binning]
    pairs: list[Pair]
    fitted: Fit

    def codes(self, columns: list[Column]) -> list[Codes]:
        """Levels of every row for every curve, then cells for every pair."""
        by_name = {column.name: column for column in columns}
        found = [binning.code(by_name[binning.column]) for binning in self.binnings]
        found += [pair.code(by_name[pair.first.column], by_name[pair.second.column]) for pair in self.pairs]
        return found

    def chance(self, columns: list[Column]) -> Floats:
        """The chance to be lost of every row."""
        return sigmoid(self.fitted.odds(self.codes(columns)))


def fit_additive(
    columns: list[Column], lost: NDArray[np.bool_], *, pairs: int = 0, base: Additive | None = None
) -> Additive:
    """Fit the curves; then look for pairs, and fit all together. `base`: the curves, when they are there already."""
    if base is None:
        columns = most_telling(columns, lost)
        most = min(max(MOST_LEVELS_TOGETHER // max(len(columns), 1), FEWEST_BINS), MOST_BINS)
        binnings = [bins_of(column, most=most) for column in columns]
        codes = [binning.code(column) for binning, column in zip(binnings, columns, strict=True)]
        base = Additive(binnings, [], fit([_term(*each) for each in zip(codes, binnings, strict=True)], lost))
    if not pairs:
        return base
    codes = base.codes(columns)
    fitted = sigmoid(base.fitted.odds(codes))
    found = find_pairs(columns, lost, fitted, base, pairs)
    if not found:
        return base
    by_name = {column.name: column for column in columns}
    terms = [_term(*each) for each in zip(codes, base.binnings, strict=True)]
    terms += [
        Term(pair.code(by_name[pair.first.column], by_name[pair.second.column]), pair.levels, 0, PAIR_START)
        for pair in found
    ]
    return Additive(base.binnings, found, fit(terms, lost))


def _term(codes: Codes, binning: Binning) -> Term:
    return Term(codes, binning.levels, binning.ordered)


def find_pairs(columns: list[Column], lost: NDArray[np.bool_], fitted: Floats, base: Additive, most: int) -> list[Pair]:
    """Pairs whose table explains more of what is left over than chance would (score test, held against many)."""
    named = {binning.column for binning in base.binnings}
    columns = _most_moving([column for column in columns if column.name in named], base)
    rows = np.arange(0, len(lost), max(len(lost) // SEARCH_ROWS, 1))
    left = (lost - fitted)[rows]
    weight = (fitted * (1 - fitted))[rows]
    coarse = [bins_of(column, most=COARSE_BINS, least=COARSE_LEAST) for column in columns]
    codes = [binning.code(column)[rows] for binning, column in zip(coarse, columns, strict=True)]
    found = []
    for one, two in combinations(range(len(columns)), 2):
        pair = Pair(coarse[one], coarse[two])
        cells = codes[one] * np.int32(coarse[two].levels) + codes[two]
        shape = (coarse[one].levels, coarse[two].levels)
        score = np.bincount(cells, weights=left, minlength=pair.levels).reshape(shape).astype(float)
        curve = np.bincount(cells, weights=weight, minlength=pair.levels).reshape(shape).astype(float)
        gain = _gain(score, curve)
        found.append((gain, one, two))
    limit = _limit(len(found))
    found = sorted((each for each in found if each[0] > limit), reverse=True)[:most]
    return [Pair(coarse[one], coarse[two], round(gain, 1)) for gain, one, two in found]


def _gain(score: Floats, curve: Floats) -> float:
    """How many standard deviations the cells' score statistic lies above what pure noise gives."""
    full = curve > 1.0
    if not full.any():
        return 0.0
    rows = score.sum(axis=1, keepdims=True) / np.maximum(curve.sum(axis=1, keepdims=True), 1.0)
    down = (score - curve * rows).sum(axis=0, keepdims=True) / np.maximum(curve.sum(axis=0, keepdims=True), 1.0)
    rest = score - curve * (rows + down)
    freedom = max(int(full.sum()) - full.any(axis=1).sum() - full.any(axis=0).sum() + 1, 1)
    statistic = float((rest[full] ** 2 / curve[full]).sum())
    return float((statistic - freedom) / np.sqrt(2 * freedom))


def _limit(tests: int) -> float:
    """Above this a pair is no accident among so many."""
    return float(2.0 + np.sqrt(2 * np.log(max(tests, 2))))


def most_telling(columns: list[Column], lost: NDArray[np.bool_], most: int = MOST_CURVES) -> list[Column]:
    """Of very many features those that tell most by themselves, judged on training rows only."""
    if len(columns) <= most:
        return columns
    gains = []
    for column in columns:
        binning = bins_of(column, most=10)
        code = binning.code(column)
        counts = np.bincount(code, minlength=binning.levels).astype(float)
        events = np.bincount(code, weights=lost, minlength=binning.levels)
        rate = float(lost.mean())
        statistic = ((events - counts * rate) ** 2 / np.maximum(counts * rate * (1 - rate), 1e-9)).sum()
        gains.append(float(statistic - (counts > 0).sum()))
    return [columns[place] for place in sorted(np.argsort(gains, kind="stable")[::-1][:most])]


def _most_moving(columns: list[Column], base: Additive) -> list[Column]:
    """With very many features only those whose curves move most are paired."""
    if len(columns) <= MOST_SEARCHED:
        return columns
    spread = [float(own.max() - own.min()) for own in base.fitted.coefficients[: len(columns)]]
    return [columns[place] for place in sorted(np.argsort(spread)[::-1][:MOST_SEARCHED])]

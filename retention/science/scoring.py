"""A table of points over many customers at once: the same numbers as retention.rules.points, in NumPy (T9, T11)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retention.rules.points import CATEGORICAL, FARTHEST, Feature, PointTable
from retention.science.columns import Column, Floats

Levels = NDArray[np.uint8]
Points = NDArray[np.int16]
PLACES, BLOCK = 1024, 65_536


def encode(feature: Feature, column: Column | None, rows: int) -> Levels:
    """The place of every row in a feature's bins or categories; the last one is for missing data."""
    if column is None:
        return np.full(rows, len(points_of(feature)) - 1, dtype=np.uint8)
    last = len(points_of(feature)) - 1
    if feature.kind == CATEGORICAL:
        known = {value: place for place, value in enumerate(feature.values)}
        if column.is_numeric:
            named = [known.get(str(_whole(number)), last - 1) for number in column.numbers]
            found = np.asarray(named, dtype=np.uint8)
        else:
            book = np.array([known.get(level, last - 1) for level in column.levels] + [0], dtype=np.uint8)
            found = book[column.codes]
    else:
        found = np.searchsorted(np.asarray(feature.edges), column.numbers, side="right").astype(np.uint8)
    found[column.missing()] = last
    return found


def _whole(number: float) -> float | int:
    return int(number) if number == number and number == int(number) else number


def points_of(feature: Feature) -> Points:
    """The points of every level of a feature, as `encode` numbers them."""
    if feature.kind == CATEGORICAL:
        return np.array([*feature.values.values(), feature.other, feature.missing], dtype=np.int16)
    return np.array([*feature.steps, feature.missing], dtype=np.int16)


@dataclass(frozen=True, eq=False)
class Scorer:
    """A table ready for many rows; levels are column-major, one array a feature."""

    table: PointTable

    def encode(self, columns: Mapping[str, Column], rows: int) -> list[Levels]:
        """Levels of every feature of the table; one that is not named has no data."""
        return [encode(feature, columns.get(feature.code), rows) for feature in self.table.features]

    def totals(self, levels: Sequence[Levels]) -> NDArray[np.int32]:
        """Points of every row: groups that are capped count their largest item and half of the rest."""
        rows = len(levels[0])
        capped: dict[str, tuple[Points, Points]] = {}
        plain = np.zeros(rows, dtype=np.int16)
        for feature, own in zip(self.table.features, levels, strict=True):
            points = points_of(feature)
            if feature.group not in self.table.groups:
                plain += points.take(own)
                continue
            up = np.maximum(points, 0).take(own)
            if points.min() < 0:
                plain += np.minimum(points, 0).take(own)
            if feature.group in capped:
                most, total = capped[feature.group]
                np.maximum(most, up, out=most)
                total += up
            else:
                capped[feature.group] = (up.copy(), up)
        if not capped:
            return plain.astype(np.int32)
        doubled = 2 * plain.astype(np.int32)
        for most, total in capped.values():
            doubled += most
            doubled += total
        return (doubled + 1) // 2

    def chances(self, totals: NDArray[np.int32]) -> Floats:
        """The chance of every total; each distinct total is reckoned once."""
        low, high = int(totals.min()), int(totals.max())
        odds = self.table.intercept + self.table.slope * np.arange(low, high + 1)
        if self.table.calibration is not None:
            odds = self.table.calibration[0] + self.table.calibration[1] * odds
        book = 1 / (1 + np.exp(-np.clip(odds, -FARTHEST, FARTHEST)))
        found: Floats = book.take(totals - low)
        return found

    def reasons(self, levels: Sequence[Levels], most: int = 3) -> list[tuple[NDArray[np.int16], NDArray[np.int32]]]:
        """For every row the features that lift it most above the average: place (-1: none), sixteenths of points above.

        Points and place are one number, so that a running top list is a few maxima and minima: no row is sorted.
        """
        rows = len(levels[0])
        books = []
        for place, feature in enumerate(self.table.features):
            above = np.rint((points_of(feature) - feature.average) * 16).astype(np.int32)
            books.append(np.where(above > 0, above * PLACES + (PLACES - 1 - place), 0).astype(np.int32))
        best = [np.zeros(rows, dtype=np.int32) for _ in range(most)]
        for start in range(0, rows, BLOCK):
            part = slice(start, start + BLOCK)
            tops = [one[part] for one in best]
            for book, own in zip(books, levels, strict=True):
                left = book.take(own[part])
                for top in tops:
                    lower = np.minimum(top, left)
                    np.maximum(top, left, out=top)
                    left = lower
        return [(_places(one), one // PLACES) for one in best]


def _places(best: NDArray[np.int32]) -> NDArray[np.int16]:
    return np.where(best > 0, PLACES - 1 - best % PLACES, -1).astype(np.int16)


def chances_of(table: PointTable, columns: Sequence[Column]) -> Floats:
    """The chance of every row of some columns."""
    scorer = Scorer(table)
    levels = scorer.encode({column.name: column for column in columns}, len(columns[0]))
    return scorer.chances(scorer.totals(levels))


def totals_of(table: PointTable, columns: Sequence[Column]) -> NDArray[np.int32]:
    """The points of every row of some columns."""
    scorer = Scorer(table)
    return scorer.totals(scorer.encode({column.name: column for column in columns}, len(columns[0])))

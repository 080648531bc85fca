"""Bins of a training fold: quantiles of numbers, frequent levels of categories, missing data as its own (churn.md)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from retention.science.columns import Codes, Column, Floats

MOST_BINS = 20
LEAST_IN_BIN = 15
MOST_LEVELS = 40
LEAST_IN_LEVEL = 10


@dataclass(frozen=True, eq=False)
class Binning:
    """How a column becomes levels: `ordered` bins of numbers or `kept` categories and "other"; then the missing one."""

    column: str
    edges: Floats
    kept: tuple[str, ...]
    is_numeric: bool

    @property
    def ordered(self) -> int:
        """Bins in an order."""
        return len(self.edges) + 1 if self.is_numeric else 0

    @property
    def levels(self) -> int:
        """All of them, with the one for missing data (the last)."""
        return (self.ordered if self.is_numeric else len(self.kept) + 1) + 1

    def code(self, column: Column) -> Codes:
        """The level of every row."""
        if self.is_numeric:
            found = np.searchsorted(self.edges, column.numbers, side="right").astype(np.int32)
        else:
            place = {level: number for number, level in enumerate(self.kept)}
            book = np.array([place.get(level, len(self.kept)) for level in column.levels] + [0], dtype=np.int32)
            found = book[column.codes]
        found[column.missing()] = self.levels - 1
        return found

    def name(self, level: int) -> str:
        """What a level is called in a report."""
        if level == self.levels - 1:
            return "no data"
        if not self.is_numeric:
            return self.kept[level] if level < len(self.kept) else "other"
        low = f"{self.edges[level - 1]:g}" if level else ""
        high = f"{self.edges[level]:g}" if level < len(self.edges) else ""
        return f"{low} to {high}" if low and high else (f"below {high}" if high else f"{low} and more")


def bins_of(column: Column, *, most: int = MOST_BINS, least: int = LEAST_IN_BIN) -> Binning:
    """Bins from the rows of a training fold; nothing else is looked at."""
    if not column.is_numeric:
        counts = np.bincount(column.codes[column.codes >= 0], minlength=len(column.levels))
        order = np.argsort(-counts, kind="stable")[:MOST_LEVELS]
        kept = tuple(column.levels[place] for place in order if counts[place] >= LEAST_IN_LEVEL)
        return Binning(column.name, np.zeros(0), kept, is_numeric=False)
    known = column.numbers[~column.missing()]
    return Binning(column.name, edges_of(known, most=most, least=least), (), is_numeric=True)


def edges_of(values: Floats, *, most: int, least: int) -> Floats:
    """Cuts between distinct values, so that bins hold about as many rows as each other."""
    if not len(values):
        return np.zeros(0)
    distinct, counts = np.unique(values, return_counts=True)
    if len(distinct) < 2:
        return np.zeros(0)
    wanted = max(len(values) / most, least)
    edges, held = [], 0.0
    for place in range(len(distinct) - 1) if len(distinct) <= 4 * most else _quantile_places(counts, most):
        held += counts[place] if len(distinct) <= 4 * most else wanted
        if held >= wanted * 0.75 and (len(distinct) <= most or held >= wanted * 0.9):
            edges.append((distinct[place] + distinct[place + 1]) / 2)
            held = 0.0
    return np.asarray(edges, dtype=float)


def _quantile_places(counts: NDArray[np.intp], most: int) -> list[int]:
    ends = np.cumsum(counts)
    wanted = ends[-1] * np.arange(1, most) / most
    places = np.unique(np.searchsorted(ends, wanted))
    return [int(place) for place in places if place < len(counts) - 1]

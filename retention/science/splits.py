"""How rows are parted into training and test: stratified, by customer, by time (churn.md, protocol)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SEEDS = (100, 101, 102)
FOLDS = 5
WINDOWS = 6
Rows = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Fold:
    """One pair of training and test rows, and the repeat it belongs to."""

    train: Rows
    test: Rows
    repeat: int


def stratified(
    lost: NDArray[np.bool_], groups: NDArray[np.int64] | None, *, seeds: tuple[int, ...] = SEEDS, folds: int = FOLDS
) -> list[Fold]:
    """Repeated stratified folds; with `groups` all rows of a group are on the same side."""
    from sklearn.model_selection import StratifiedKFold

    if groups is None:
        units, has_event = np.arange(len(lost)), lost
        of_row: NDArray[np.intp] = units
    else:
        _names, of_row = np.unique(groups, return_inverse=True)
        has_event = _strata(of_row, lost)
        units = np.arange(len(has_event))
    fewest = int(np.bincount(has_event.astype(np.intp)).min()) if len(np.unique(has_event)) > 1 else 0
    folds = min(folds, max(fewest, 2))
    found = []
    for repeat, seed in enumerate(seeds):
        parts = StratifiedKFold(folds, shuffle=True, random_state=seed).split(units, has_event)
        for train, test in parts:
            if groups is not None:
                is_test = np.isin(of_row, test)
                train, test = np.flatnonzero(~is_test), np.flatnonzero(is_test)
            found.append(Fold(train, test, repeat))
    return found


def _strata(of_row: NDArray[np.intp], lost: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Groups by whether they hold more events than half of the groups do."""
    events = np.bincount(of_row, weights=lost) / np.bincount(of_row)
    level = float(np.median(events))
    found: NDArray[np.bool_] = events > level if (events > level).sum() > 1 else events >= max(level, 1e-9)
    return found


def forward(times: NDArray[np.float64], lost: NDArray[np.bool_], groups: NDArray[np.int64] | None) -> list[Fold]:
    """Trained on what was before, tested on the next window; customers of the test are not trained on."""
    edges = np.unique(np.quantile(times, np.arange(1, WINDOWS) / WINDOWS, method="lower"))
    window = np.searchsorted(edges, times, side="left")
    found = []
    for now in range(1, int(window.max()) + 1):
        before, test = np.flatnonzero(window < now), np.flatnonzero(window == now)
        if groups is None:
            parts = [(before, test)]
        else:
            place = groups % FOLDS
            parts = [(before[place[before] != part], test[place[test] == part]) for part in range(FOLDS)]
        found += [
            Fold(train, tested, now - 1)
            for train, tested in parts
            if _has_both(lost[train]) and _has_both(lost[tested])
        ]
    return found


def _has_both(lost: NDArray[np.bool_]) -> bool:
    return bool(lost.any() and not lost.all())

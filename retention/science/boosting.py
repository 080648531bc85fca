"""Shallow boosting as a yardstick: what a black box would reach on the same rows. Never in force (stage 3)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from retention.science.columns import Column, Floats

TREES, LEAVES, PACE = 150, 8, 0.05
MOST_NATIVE_LEVELS = 60


def boosted_chance(train: Sequence[Column], lost: NDArray[np.bool_], test: Sequence[Column]) -> Floats:
    """Chances of the test rows from 150 trees of eight leaves."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(
        max_iter=TREES,
        max_leaf_nodes=LEAVES,
        learning_rate=PACE,
        early_stopping=False,
        random_state=0,
        categorical_features=[not each.is_numeric and len(each.levels) <= MOST_NATIVE_LEVELS for each in train],
    )
    model.fit(_matrix(train), lost)
    found: Floats = model.predict_proba(_matrix(test))[:, 1]
    return found


def _matrix(columns: Sequence[Column]) -> Floats:
    return np.column_stack(
        [each.numbers if each.is_numeric else np.where(each.codes < 0, np.nan, each.codes) for each in columns]
    )

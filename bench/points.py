"""A million customers scored in memory: the table of points in NumPy against a matrix product of the same shape (T9, T11).

Features are already cut into bins, one array each, as `Scorer` keeps them; medians of five rounds, CPU of this process.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from bench.report import Figure, against

ROWS, FEATURES, BINS, ROUNDS = 1_000_000, 19, 8, 5
ONE_BY_ONE = 20_000


def measure() -> list[Figure]:
    """Floor, points, points with reasons, one customer at a time."""
    import numpy as np

    from retention.rules.points import Bin, Feature, PointTable, main_reasons, score_one
    from retention.science.scoring import Scorer

    random = np.random.default_rng(100)
    edges = [float(place) for place in range(1, BINS)]
    features = tuple(
        Feature(f"f{place}", "other", bins=tuple(Bin(below, int(random.integers(-30, 40))) for below in [*edges, None]))
        for place in range(FEATURES)
    )
    scorer = Scorer(PointTable("scorecard", -3.0, features))
    levels = [random.integers(0, BINS, ROWS, dtype=np.uint8) for _ in range(FEATURES)]
    matrix, weights = random.normal(size=(ROWS, FEATURES)), random.normal(size=FEATURES)
    floor = _cpu(lambda: 1 / (1 + np.exp(-(matrix @ weights))))
    points = _cpu(lambda: scorer.chances(scorer.totals(levels)))

    def explained() -> None:
        scorer.chances(scorer.totals(levels))
        scorer.reasons(levels)

    reasons = _cpu(explained)
    table = scorer.table
    people = [{f"f{place}": float(own[row]) for place, own in enumerate(levels)} for row in range(ONE_BY_ONE)]
    single = _cpu(lambda: [main_reasons(score_one(values, table), table) for values in people], rounds=1) / ONE_BY_ONE
    return [
        against(
            "score_million", points * 1000, floor * 1000, 15.0, note="1M x 19, NumPy points against product + sigmoid"
        ),
        against(
            "score_million_reasons", reasons * 1000, floor * 1000, 30.0, note="the same with the three main reasons"
        ),
        Figure(
            "score_one", round(single * 1000, 4), "ms CPU", reach=1.0, note="one customer with reasons, pure Python"
        ),
    ]


def _cpu(work: Callable[[], object], rounds: int = ROUNDS) -> float:
    found = []
    for _round in range(rounds):
        start = time.process_time()
        work()
        found.append(time.process_time() - start)
    return statistics.median(found)

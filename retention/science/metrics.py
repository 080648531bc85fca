"""Figures of a model, each in NumPy: the same under every split (churn.md, protocol)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
TOP = 0.10
BINS = 10
TINY = 1e-12


@dataclass(frozen=True)
class Figures:
    """What a model is worth on rows it has not seen."""

    roc_auc: float
    pr_auc: float
    brier: float
    ece: float
    lift10: float
    recall10: float


def figures_of(lost: Flags, chance: Floats) -> Figures:
    """All figures of one test fold."""
    lift, recall = at_the_top(lost, chance)
    return Figures(roc_auc(lost, chance), pr_auc(lost, chance), brier(lost, chance), ece(lost, chance), lift, recall)


def midranks(values: Floats) -> Floats:
    """Ranks from 1, equal values share theirs."""
    _distinct, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks: Floats = (ends - (counts - 1) / 2)[inverse]
    return ranks


def roc_auc(lost: Flags, chance: Floats) -> float:
    """The chance that one who was lost is ranked above one who stayed."""
    events = int(lost.sum())
    others = len(lost) - events
    if not events or not others:
        return float("nan")
    return float((midranks(chance)[lost].sum() - events * (events + 1) / 2) / (events * others))


def pr_auc(lost: Flags, chance: Floats) -> float:
    """Average precision."""
    if not lost.any():
        return float("nan")
    order = np.argsort(-chance, kind="stable")
    ranked, score = lost[order], chance[order]
    last = np.append(np.flatnonzero(np.diff(score)), len(score) - 1)
    hits = np.cumsum(ranked)[last]
    precision = hits / (last + 1)
    steps = np.diff(np.concatenate([[0], hits])) / hits[-1]
    return float((precision * steps).sum())


def brier(lost: Flags, chance: Floats) -> float:
    """Mean squared distance of the chance from what happened."""
    return float(np.mean((chance - lost) ** 2))


def ece(lost: Flags, chance: Floats, bins: int = BINS) -> float:
    """Expected calibration error over bins of equal count."""
    order = np.argsort(chance, kind="stable")
    gaps = [
        abs(float(chance[part].mean()) - float(lost[part].mean())) * len(part)
        for part in np.array_split(order, bins)
        if len(part)
    ]
    return float(sum(gaps) / len(lost))


def at_the_top(lost: Flags, chance: Floats, share: float = TOP) -> tuple[float, float]:
    """Lift and recall among the highest scores; equal scores at the edge count by their share."""
    top = max(round(share * len(lost)), 1)
    if not lost.any():
        return float("nan"), float("nan")
    edge = np.partition(chance, len(chance) - top)[len(chance) - top]
    above, at_edge = chance > edge, chance == edge
    hits = float(lost[above].sum()) + float(lost[at_edge].mean()) * (top - int(above.sum()))
    recall = hits / float(lost.sum())
    return recall * len(lost) / top, recall


def log_loss(lost: Flags, chance: Floats) -> float:
    """Mean negative log likelihood."""
    safe = np.clip(chance, TINY, 1 - TINY)
    return float(-np.mean(np.where(lost, np.log(safe), np.log1p(-safe))))


def noise_of_ece(chance: Floats, *, draws: int = 200, seed: int = 100, quantile: float = 0.95) -> float:
    """What the calibration error of a perfectly calibrated model would be with so many rows (T6)."""
    random = np.random.default_rng(seed)
    found = [ece(random.random(len(chance)) < chance, chance) for _ in range(draws)]
    return float(np.quantile(found, quantile))


def calibration_line(lost: Flags, chance: Floats) -> tuple[float, float]:
    """Intercept and slope of the outcome on the log odds: 0 and 1 when calibrated (Platt)."""
    safe = np.clip(chance, 1e-9, 1 - 1e-9)
    return platt(lost, np.log(safe / (1 - safe)))


def platt(lost: Flags, odds: Floats, *, ridge: float = 1e-6) -> tuple[float, float]:
    """Intercept and slope by Newton; Platt's smoothed targets keep a perfect split finite."""
    events = float(lost.sum())
    others = len(lost) - events
    target = np.where(lost, (events + 1) / (events + 2), 1 / (others + 2))
    middle, width = float(odds.mean()), max(float(odds.std()), 1e-9)
    design = np.column_stack([np.ones_like(odds), (odds - middle) / width])
    rate = float(target.mean())
    line = np.array([np.log(rate / (1 - rate)), 0.0])
    cost = _cost(design @ line, target)
    for _turn in range(50):
        fitted = 1 / (1 + np.exp(-np.clip(design @ line, -30, 30)))
        weight = np.maximum(fitted * (1 - fitted), 1e-9)
        hessian = (design * weight[:, None]).T @ design + ridge * np.eye(2)
        step = np.linalg.solve(hessian, design.T @ (target - fitted))
        share = 1.0
        while share > 1e-4 and (then := _cost(design @ (line + share * step), target)) > cost:
            share /= 2
        if share <= 1e-4:
            break
        gain, cost, line = cost - then, then, line + share * step
        if gain < 1e-9 * len(odds):
            break
    return float(line[0] - line[1] * middle / width), float(line[1] / width)


def _cost(odds: Floats, target: Floats) -> float:
    return float((np.logaddexp(0, odds) - target * odds).sum())


def psi(expected: Floats, actual: Floats) -> float:
    """Population stability index of two histograms over the same bins; empty bins count as half a row."""
    first = (expected + 0.5) / (expected.sum() + 0.5 * len(expected))
    second = (actual + 0.5) / (actual.sum() + 0.5 * len(actual))
    return float(((second - first) * np.log(second / first)).sum())


def standard_error(values: Floats) -> float:
    """Of the mean over folds."""
    return float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else 0.0

"""How long customers stay: Cox's proportional hazards by Newton, concordance, and the curve of a portfolio (T12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retention.science.binning import Binning, bins_of
from retention.science.columns import Column, Floats
from retention.science.leaks import derived_from_duration
from retention.science.splits import stratified

FEW_BINS = 6
RIDGE = 2.0
TURNS = 25
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Hazard:
    """A fitted model: log hazard ratios of levels."""

    binnings: list[Binning]
    beta: Floats

    def risk(self, columns: Sequence[Column]) -> Floats:
        """Log hazard of every row, relative to each other."""
        return _design(self.binnings, columns) @ self.beta


def fit_hazard(columns: Sequence[Column], duration: Floats, lost: Flags, *, ridge: float = RIDGE) -> Hazard:
    """Cox's partial likelihood with Breslow's ties, ridge-shrunk; Newton with halved steps."""
    binnings = [bins_of(column, most=FEW_BINS) for column in columns]
    design = _design(binnings, columns)
    order = np.argsort(-duration, kind="stable")
    design, times, events = design[order], duration[order], lost[order]
    last = np.append(np.flatnonzero(np.diff(times)), len(times) - 1)
    beta = np.zeros(design.shape[1])
    value, gradient, hessian = _partial(design, events, last, beta, ridge)
    for _turn in range(TURNS):
        step = np.linalg.solve(hessian, gradient)
        share = 1.0
        while share > 1e-3:
            trial = _partial(design, events, last, beta + share * step, ridge)
            if trial[0] >= value:
                break
            share /= 2
        if share <= 1e-3 or trial[0] - value < 1e-6 * abs(value):
            break
        beta = beta + share * step
        value, gradient, hessian = trial
    return Hazard(binnings, beta)


def _design(binnings: Sequence[Binning], columns: Sequence[Column]) -> Floats:
    """Cumulative steps of numbers (a bin and all above it) and one column a category."""
    parts = []
    for binning, column in zip(binnings, columns, strict=True):
        code = binning.code(column)
        for level in range(1, binning.levels):
            is_step = level < binning.ordered
            parts.append((code >= level) & (code < binning.ordered) if is_step else code == level)
    return np.column_stack(parts).astype(float)


def _partial(
    design: Floats, events: Flags, last: NDArray[np.intp], beta: Floats, ridge: float
) -> tuple[float, Floats, Floats]:
    """Log partial likelihood less the penalty, its gradient and the negative of its curvature."""
    odds = np.clip(design @ beta, -30, 30)
    weight = np.exp(odds)
    starts = np.concatenate([[0], last[:-1] + 1])
    deaths = np.add.reduceat(events.astype(float), starts)
    total = np.cumsum(np.add.reduceat(weight, starts))
    weighted = design * weight[:, None]
    first = np.cumsum(np.add.reduceat(weighted, starts, axis=0), axis=0)
    mean = first / total[:, None]
    value = float(odds[events].sum() - (deaths * np.log(total)).sum() - 0.5 * ridge * beta @ beta)
    gradient = design[events].sum(axis=0) - deaths @ mean - ridge * beta
    # Each row is at risk at every moment up to its own: the sum of deaths/total from its moment backwards in time.
    reach = np.cumsum((deaths / total)[::-1])[::-1]
    rows = np.repeat(reach, np.diff(np.append(starts, len(odds))))
    hessian = design.T @ (weighted * rows[:, None]) - mean.T @ (mean * deaths[:, None])
    return value, gradient, hessian + ridge * np.eye(len(beta))


def concordance(duration: Floats, lost: Flags, risk: Floats, *, block: int = 500) -> float:
    """Harrell's c: of two customers of whom one is known to have left first, how often he had the higher risk."""
    good = pairs = 0.0
    rows = np.flatnonzero(lost)
    for start in range(0, len(rows), block):
        own = rows[start : start + block]
        later = (duration[None, :] > duration[own, None]) | (
            (duration[None, :] == duration[own, None]) & ~lost[None, :]
        )
        above = np.sign(risk[own, None] - risk[None, :])
        good += float(((above + 1) / 2)[later].sum())
        pairs += float(later.sum())
    return good / pairs if pairs else float("nan")


def evaluate_survival(columns: Sequence[Column], duration: Floats, lost: Flags, name: str) -> dict[str, Any]:
    """Concordance over the protocol's folds, on rows under observation at all, without what knows the duration."""
    known = duration > 0
    columns = [each.take(known) for each in columns if each.name != name]
    duration, lost = duration[known], lost[known]
    derived = derived_from_duration(list(columns), duration)
    columns = [each for each in columns if each.name not in derived]
    found = []
    for fold in stratified(lost, None):
        model = fit_hazard([each.take(fold.train) for each in columns], duration[fold.train], lost[fold.train])
        risk = model.risk([each.take(fold.test) for each in columns])
        found.append(concordance(duration[fold.test], lost[fold.test], risk))
    return {
        "duration": name,
        "rows": len(lost),
        "c_index": round(float(np.mean(found)), 4),
        "c_index_sd": round(float(np.std(found, ddof=1)), 4),
        "dropped": [f"Column {column!r} dropped: {why}." for column, why in derived.items()],
    }


def kaplan_meier(duration: Floats, lost: Flags) -> list[tuple[float, float, float, float]]:
    """How many are still there after each time, with a 95 % interval (Greenwood on the log-log scale)."""
    found = []
    stay, spread = 1.0, 0.0
    for time in np.unique(duration[lost]):
        at_risk, gone = float((duration >= time).sum()), float((lost & (duration == time)).sum())
        stay *= 1 - gone / at_risk
        spread += gone / (at_risk * max(at_risk - gone, 1e-9))
        low, high = stay, stay
        if 0 < stay < 1:
            width = 1.96 * np.sqrt(spread) / abs(np.log(stay))
            low, high = stay ** np.exp(width), stay ** np.exp(-width)
        found.append((float(time), stay, float(low), float(high)))
    return found

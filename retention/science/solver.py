"""Penalised logistic regression on coded features, each feature as smooth as its own data say (decision 014).

Every feature is a set of levels with one coefficient each. Neighbouring bins of a number are tied to each other, the
levels of a category to nought; how strongly is estimated for each feature by Fellner and Schall's rule, so that a
feature without information fades away by itself and nothing has to be tuned.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Codes = NDArray[np.int32]
ROWS_FOR_CURVATURE = 20_000
ROWS_WHEN_WIDE, WIDE = 10_000, 300
ROUNDS = 12
STEPS = 12
SMALL = 1e-8
ANCHOR = 0.01
WEAKEST, STRONGEST = 0.05, 1e6
CLOSE = 1e-4


@dataclass(frozen=True, eq=False)
class Term:
    """One feature: codes of every row, how many levels, and how many of them (the first) stand in an order."""

    codes: Codes
    levels: int
    ordered: int = 0
    start_strength: float = 4.0
    # How much each level is tied to nought, beside its neighbours.
    anchor: float = 0.0

    def penalty(self) -> Floats:
        """What its coefficients are tied by: differences of neighbours, and each of the rest to nought."""
        found = np.zeros((self.levels, self.levels))
        for place in range(self.ordered - 1):
            found[place, place] += 1
            found[place + 1, place + 1] += 1
            found[place, place + 1] -= 1
            found[place + 1, place] -= 1
        for place in range(self.ordered, self.levels):
            found[place, place] += 1
        return found + (self.anchor + SMALL) * np.eye(self.levels)

    def rank(self) -> int:
        """How many directions the penalty ties."""
        return max(self.ordered - 1, 0) + self.levels - self.ordered


@dataclass(frozen=True, eq=False)
class Fit:
    """Coefficients: the intercept, then each term's levels; the strengths that were found."""

    intercept: float
    coefficients: list[Floats]
    strengths: Floats
    inner_weight: float = 1.0

    def odds(self, codes: list[Codes]) -> Floats:
        """Log odds of rows."""
        found = np.full(len(codes[0]) if codes else 0, self.intercept)
        for own, each in zip(self.coefficients, codes, strict=True):
            found += own[each]
        return found


def sigmoid(odds: Floats) -> Floats:
    """Chances of log odds."""
    found: Floats = 1 / (1 + np.exp(-np.clip(odds, -30, 30)))
    return found


class _Problem:
    """A fit in progress."""

    def __init__(self, terms: list[Term], lost: Floats, offset: Floats | None, scale: float) -> None:
        self.terms, self.lost = terms, lost
        self.offset = offset if offset is not None else np.zeros(len(lost))
        self.starts = np.cumsum([1, *(term.levels for term in terms)])
        self.size = int(self.starts[-1])
        self.penalties = [term.penalty() for term in terms]
        self.strengths = np.array([term.start_strength * scale for term in terms])
        rate = min(max(float(lost.mean()), 1e-6), 1 - 1e-6)
        self.beta = np.zeros(self.size)
        if offset is None:
            self.beta[0] = np.log(rate / (1 - rate))
        step = max(len(lost) // (ROWS_WHEN_WIDE if self.size > WIDE else ROWS_FOR_CURVATURE), 1)
        self.sample = np.arange(0, len(lost), step)
        self.design = self._design()

    def _design(self) -> NDArray[np.float32]:
        found = np.zeros((len(self.sample), self.size), dtype=np.float32)
        found[:, 0] = 1
        rows = np.arange(len(self.sample))
        for start, term in zip(self.starts, self.terms, strict=False):
            found[rows, start + term.codes[self.sample]] = 1
        return found

    def part(self, place: int) -> slice:
        return slice(int(self.starts[place]), int(self.starts[place + 1]))

    def odds(self, beta: Floats) -> Floats:
        found: Floats = self.offset + beta[0]
        for place, term in enumerate(self.terms):
            found = found + beta[self.part(place)][term.codes]
        return found

    def penalty_gradient(self, beta: Floats) -> Floats:
        found = ANCHOR * beta
        found[0] = 0.0
        for place, penalty in enumerate(self.penalties):
            own = self.part(place)
            found[own] += self.strengths[place] * (penalty @ beta[own])
        return found

    def gradient(self, fitted: Floats) -> Floats:
        left = self.lost - fitted
        found = np.empty(self.size)
        found[0] = left.sum()
        for place, term in enumerate(self.terms):
            found[self.part(place)] = np.bincount(term.codes, weights=left, minlength=term.levels)
        return found

    def curvature(self, fitted: Floats) -> Floats:
        weight = np.sqrt(fitted * (1 - fitted))[self.sample].astype(np.float32)
        scaled = self.design * weight[:, None]
        found: Floats = (scaled.T @ scaled).astype(float) * (len(self.lost) / len(self.sample))
        return found

    def objective(self, beta: Floats, odds: Floats) -> float:
        cost = float(np.logaddexp(0, odds).sum() - (self.lost * odds).sum())
        cost += 0.5 * ANCHOR * float(beta[1:] @ beta[1:])
        for place, penalty in enumerate(self.penalties):
            own = beta[self.part(place)]
            cost += 0.5 * float(self.strengths[place]) * float(own @ penalty @ own)
        return cost

    def tied(self, curvature: Floats) -> Floats:
        found = curvature.copy()
        for place, penalty in enumerate(self.penalties):
            own = self.part(place)
            found[own, own] += self.strengths[place] * penalty
        found[np.arange(1, self.size), np.arange(1, self.size)] += ANCHOR
        found[0, 0] += SMALL
        return found

    def descend(self, steps: int, *, anew: int = 1) -> Floats:
        """Newton steps; the curvature is taken anew every `anew` steps. Returns the last curvature."""
        odds = self.odds(self.beta)
        cost = self.objective(self.beta, odds)
        curvature = np.zeros((0, 0))
        for turn in range(steps):
            fitted = sigmoid(odds)
            if turn % anew == 0:
                curvature = self.curvature(fitted)
                tied = self.tied(curvature)
            step = np.linalg.solve(tied, self.gradient(fitted) - self.penalty_gradient(self.beta))
            share = 1.0
            while share > 1e-3:
                trial = self.beta + share * step
                odds_then = self.odds(trial)
                then = self.objective(trial, odds_then)
                if then <= cost + 1e-9 * abs(cost):
                    break
                share /= 2
            else:
                break
            gain, cost, odds, self.beta = cost - then, then, odds_then, trial
            if gain < CLOSE * 0.1:
                break
        return curvature

    def restrengthen(self, curvature: Floats) -> float:
        """Fellner and Schall: each strength from the freedom its term used and the size it took."""
        inverse = np.linalg.inv(self.tied(curvature))
        moved = 0.0
        for place, (penalty, term) in enumerate(zip(self.penalties, self.terms, strict=True)):
            own = self.part(place)
            beta = self.beta[own]
            size = max(float(beta @ penalty @ beta), 1e-10)
            freedom = max(term.rank() - self.strengths[place] * float((inverse[own, own] * penalty).sum()), 1e-3)
            new = min(max(freedom / size, WEAKEST), STRONGEST)
            moved = max(moved, abs(np.log(new / self.strengths[place])) if new < 1e3 else 0.0)
            self.strengths[place] = new
        return moved


def fit(
    terms: list[Term],
    lost: NDArray[np.bool_],
    *,
    offset: Floats | None = None,
    rounds: int = ROUNDS,
    scale: float = 1.0,
    strengths: Floats | None = None,
) -> Fit:
    """Fit all terms together; `offset`: log odds already known; `strengths` given: not estimated."""
    problem = _Problem(terms, lost.astype(float), offset, scale)
    if strengths is not None:
        problem.strengths = strengths.copy()
        problem.descend(STEPS)
    else:
        curvature = problem.descend(4)
        for _turn in range(rounds):
            moved = problem.restrengthen(curvature)
            curvature = problem.descend(2)
            if moved < 0.1:
                break
        problem.descend(3)
    beta = problem.beta
    return Fit(float(beta[0]), [beta[problem.part(place)] for place in range(len(terms))], problem.strengths)

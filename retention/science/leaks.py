"""What would fool an evaluation: columns that know the outcome, rows that are copies of each other (T7, T8)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from retention.science.columns import Column, Floats
from retention.science.metrics import roc_auc

Flags = NDArray[np.bool_]
TOO_GOOD = 0.95
PURE = 0.99
LEAST_PURE_ROWS = 30
PURE_SHARE = 0.2
LOOKED_AT_ROWS = 3000
LOOKED_AT_COLUMNS = 40
LONGEST_LAG = 500
PERIODIC = 0.45
RICH_LEVELS = 15
RICH_COLUMNS = 3
CLONED = 0.05
NEIGHBOURS_LOOKED_AT = 400
OTHERS_LOOKED_AT = 30_000
MOST_TO_GROUP = 12_000
NEAR_COLUMNS = 5
NEAR = 0.025
NEAR_SHARE = 0.05
EXPLAINED_BY_DURATION = 0.8
STEM = re.compile(r"churn|attrit|流失|离网|携出")


@dataclass
class Findings:
    """What was found; `groups`: rows that belong together, when a random split must not part them."""

    dropped: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    refuses_random: bool = False
    groups: NDArray[np.int64] | None = None
    split: str = ""


def leaking_columns(columns: list[Column], lost: Flags, target: str) -> dict[str, str]:
    """Columns that say what they should foretell, and why we think so."""
    found = {}
    for column in columns:
        why = _named_after(column.name, target) or _knows_too_much(column, lost)
        if why:
            found[column.name] = why
    return found


def _named_after(name: str, target: str) -> str:
    plain, wanted = (re.sub(r"[\W_]+", "", text).casefold() for text in (name, target))
    stem = STEM.search(wanted)
    if (stem and stem[0] in plain) or (len(wanted) > 3 and wanted in plain):
        return "named after the outcome"
    return ""


def _knows_too_much(column: Column, lost: Flags) -> str:
    """A single column that ranks nearly all, or a value that only those hold who were lost."""
    levels = _coarse(column, max(min(len(lost) // 50, 20), 2))
    counts = np.bincount(levels).astype(float)
    events = np.bincount(levels, weights=lost)
    rate = events / np.maximum(counts, 1)
    auc = roc_auc(lost, rate[levels])
    if auc >= TOO_GOOD:
        return f"tells the outcome by itself (AUC {auc:.3f})"
    if lost.mean() < 0.6:
        pure = (rate >= PURE) & (counts >= max(LEAST_PURE_ROWS, PURE_SHARE * lost.sum()))
        if pure.any():
            rows = int(counts[pure].sum())
            return f"holds a value that only lost customers have ({rows} rows)"
    return ""


def _coarse(column: Column, bins: int) -> NDArray[np.int64]:
    """Levels of a column: quantiles or categories, missing data first."""
    if not column.is_numeric:
        return column.codes.astype(np.int64) + 1
    values, counts = np.unique(column.numbers[~column.missing()], return_counts=True)
    if len(values) <= bins:
        return np.where(column.missing(), 0, np.searchsorted(values, column.numbers) + 1)
    edges = np.unique(np.quantile(np.repeat(values, counts), np.arange(1, bins) / bins))
    return np.where(column.missing(), 0, np.searchsorted(edges, column.numbers) + 1)


def copied_rows(columns: list[Column], lost: Flags) -> Findings:
    """Whether rows are copies or near copies of each other, so that a random split would train on its own tests."""
    found = Findings()
    if len(lost) < 60 or not columns:
        return found
    ranks = np.column_stack([each.ranks() for each in _richest(columns)])
    if lag := _period(ranks):
        found.refuses_random = True
        found.warnings.append(
            f"Random split refused: every row is a near copy of the one {lag} rows before it "
            f"(periodic file); a random split would test on copies of what it trained on."
        )
        if lag >= 10:
            found.groups, found.split = np.arange(len(lost)) % lag, f"by template (row number modulo {lag})"
        return found
    _look_for_copies(columns, found)
    _look_for_resampling(columns, lost, found)
    return found


def _richest(columns: list[Column]) -> list[Column]:
    """Columns with the most different values."""
    many = [len(np.unique(each.ranks()[:LOOKED_AT_ROWS])) for each in columns]
    return [columns[place] for place in np.argsort(many, kind="stable")[::-1][:LOOKED_AT_COLUMNS]]


def _period(ranks: Floats) -> int:
    """The lag at which rows resemble each other far more than at any other; 0: none."""
    rows = len(ranks)
    longest = min(LONGEST_LAG, rows // 3)
    base = min(LOOKED_AT_ROWS, rows - longest)
    apart = np.array([np.abs(ranks[lag : lag + base] - ranks[:base]).mean() for lag in range(1, longest + 1)])
    usual = float(np.median(apart))
    if usual <= 0:
        return 0
    close = np.flatnonzero(apart < PERIODIC * usual)
    return int(close[0]) + 1 if len(close) and len(close) < longest / 4 else 0


def _look_for_copies(columns: list[Column], found: Findings) -> None:
    """Exact copies stay together; very near ones without a visible template forbid a random split."""
    rich = [each for each in columns if each.is_numeric and len(np.unique(each.numbers)) > RICH_LEVELS]
    if len(rich) < RICH_COLUMNS:
        return
    every = np.column_stack([each.ranks() for each in columns]).round(9)
    _distinct, inverse, counts = np.unique(every, axis=0, return_inverse=True, return_counts=True)
    inverse = inverse.ravel()
    telling = np.sum([_is_own(each) for each in rich], axis=0)
    if (
        len(rich) >= NEAR_COLUMNS
        and (share := _share_near(every, np.flatnonzero(telling >= NEAR_COLUMNS))) > NEAR_SHARE
    ):
        found.refuses_random = True
        found.warnings.append(
            f"Random split refused: {share:.0%} of the rows have a near copy elsewhere in the file; "
            "name the customer with --id (or the day with --time) so that copies stay together."
        )
        groups = _near_groups(every) if len(every) <= MOST_TO_GROUP else None
        if groups is not None:
            found.groups, found.split = groups, "by near copies"
        return
    copies = int(((counts[inverse] > 1) & (telling >= RICH_COLUMNS)).sum())
    if copies >= CLONED * len(inverse):
        found.refuses_random = True
        found.groups, found.split = inverse.astype(np.int64), "by identical rows"
        found.warnings.append(
            f"Random split refused: {copies} rows are exact copies of others; copies stay on one side of the split."
        )
    elif copies:
        found.warnings.append(f"{copies} rows equal another row in every feature; kept.")


def _near_groups(ranks: Floats) -> NDArray[np.int64] | None:
    """Rows linked by near copies, link by link; None when that ties most of the file into one."""
    group = np.full(len(ranks), -1, dtype=np.int64)
    order = np.argsort(-ranks.std(axis=0))
    for first in range(len(ranks)):
        if group[first] >= 0:
            continue
        group[first], waiting = first, [first]
        while waiting:
            row = waiting.pop()
            rest = np.flatnonzero(group < 0)
            for place in order:
                rest = rest[np.abs(ranks[rest, place] - ranks[row, place]) <= 2 * NEAR]
                if not len(rest):
                    break
            group[rest] = first
            waiting += rest.tolist()
    largest = int(np.bincount(group).max())
    return group if largest < len(ranks) / 3 else None


def _is_own(column: Column) -> Flags:
    """Rows whose value is not the usual one of the column: many customers have no messages at all."""
    values, counts = np.unique(column.numbers, return_counts=True)
    found: Flags = column.numbers != values[counts.argmax()]
    return found & ~column.missing()


def _share_near(ranks: Floats, telling: NDArray[np.intp]) -> float:
    """Of a sample of rows that say enough, how many have another that differs in no feature by more than a trifle."""
    if len(telling) < 60:
        return 0.0
    random = np.random.default_rng(100)
    asked = random.choice(telling, min(NEIGHBOURS_LOOKED_AT, len(telling)), replace=False)
    others = (
        ranks if len(ranks) <= OTHERS_LOOKED_AT else ranks[random.choice(len(ranks), OTHERS_LOOKED_AT, replace=False)]
    )
    near = 0
    for row in asked:
        rest = others
        for place in range(ranks.shape[1]):
            rest = rest[np.abs(rest[:, place] - ranks[row, place]) <= NEAR]
            if len(rest) < 2:
                break
        near += len(rest) > 1
    return near / len(asked)


def _look_for_resampling(columns: list[Column], lost: Flags, found: Findings) -> None:
    """A file whose rarer class was multiplied or invented before anybody split it."""
    rare = lost if lost.mean() <= 0.5 else ~lost
    if abs(float(lost.mean()) - 0.5) > 0.01 or rare.sum() < 50:
        return
    for column in columns:
        if not column.is_numeric:
            continue
        finer = [_share_of_odd_decimals(column.numbers[side & ~column.missing()]) for side in (lost, ~lost)]
        if min(finer) < 0.02 and max(finer) > 0.2:
            found.refuses_random = True
            found.warnings.append(
                f"Random split refused: classes are balanced and {column.name!r} has in-between values in one class "
                "only, as synthetic rows have (SMOTE before the split). Resample inside a training fold or not at all."
            )
            return


def _share_of_odd_decimals(values: Floats) -> float:
    """Share of values with more than three decimals."""
    return float((np.abs(values * 1000 - np.rint(values * 1000)) > 1e-6).mean()) if len(values) else 0.0


def derived_from_duration(columns: list[Column], duration: Floats) -> dict[str, str]:
    """Columns that grow with the time under observation: in a survival model they know when it ended (T8).

    Two ways: the column itself is nearly the duration, or the column over the duration is nearly another column
    (a total that is rate times time).
    """
    found = {}
    time = Column.of_numbers("duration", duration).ranks()
    numeric = [each for each in columns if each.is_numeric and len(np.unique(each.numbers)) > RICH_LEVELS]
    for column in numeric:
        known = ~column.missing() & (duration > 0)
        if known.sum() < 20:
            continue
        likeness = abs(_correlation(column.ranks()[known], time[known]))
        rate = column.numbers[known] / duration[known]
        source = next(
            (
                other.name
                for other in numeric
                if other is not column
                and abs(_correlation(_ranked(rate), other.ranks()[known])) > 0.95
                and abs(_correlation(_ranked(rate), time[known])) < 0.9
            ),
            "",
        )
        if source:
            found[column.name] = f"derived from the duration: divided by it, it is {source!r}"
        elif likeness > EXPLAINED_BY_DURATION:
            found[column.name] = f"derived from the duration (rank correlation {likeness:.2f})"
    return found


def _ranked(values: Floats) -> Floats:
    return Column.of_numbers("", values).ranks()


def _correlation(first: Floats, second: Floats) -> float:
    if first.std() == 0 or second.std() == 0:
        return 0.0
    return float(np.corrcoef(first, second)[0, 1])


def oversampled_inside(train: NDArray[np.intp], test: NDArray[np.intp]) -> None:
    """A fold whose training rows were multiplied must not hold a test row; ValueError when one does (T8)."""
    if np.isin(test, train).any():
        raise ValueError("a test row is among the rows that were trained on: resample inside the training fold only")

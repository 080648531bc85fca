"""The evaluator: any operator's file, every model, one protocol, nothing that looks ahead (issue 6; churn.md)."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import astuple, dataclass, field, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retention.science.additive import MOST_PAIRS, Additive, fit_additive
from retention.science.boosting import boosted_chance
from retention.science.cells import days_of, numbers_of
from retention.science.columns import Column, Floats, type_columns
from retention.science.expert import expert_table
from retention.science.hybrid import fit_hybrid
from retention.science.leaks import copied_rows, leaking_columns
from retention.science.metrics import Figures, calibration_line, ece, figures_of, noise_of_ece, standard_error
from retention.science.outcome import outcome_of
from retention.science.reading import RawColumn, RawTable, Unreadable, read_table
from retention.science.scorecard import fit_scorecard
from retention.science.scoring import chances_of
from retention.science.splits import SEEDS, Fold, forward, stratified
from retention.science.survival import evaluate_survival

MOST_ROWS = 150_000
CELLS_FOR_ALL_REPEATS = 600_000
FEW_EVENTS, SCORECARD_EVENTS, BOOSTING_EVENTS, SCORECARD_KEPT = 30, 150, 300, 500
MODELS = ("expert", "hybrid", "scorecard", "additive", "additive_pairs", "boosting")
BLACK_BOXES = frozenset({"boosting"})
Flags = NDArray[np.bool_]
Trained = dict[str, Callable[[list[Column]], Floats]]


@dataclass
class Data:
    """A file ready to be evaluated."""

    columns: list[Column]
    lost: Flags
    folds: list[Fold]
    split: str
    warnings: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    groups: NDArray[np.int64] | None = None


def evaluate_file(
    path: Path, target: str, *, id_name: str = "", time_name: str = "", duration: str = ""
) -> dict[str, Any]:
    """Everything about a file, as JSON; Unreadable when nothing can be said of it. `duration`: survival, too."""
    table = read_table(path)
    data = prepare(table, target, id_name=id_name, time_name=time_name)
    told = report(data)
    if duration:
        name = table.column(duration).name
        column = next((each for each in data.columns if each.name == name and each.is_numeric), None)
        if column is None:
            raise Unreadable(f"{duration!r} holds no durations.")
        kept = ~column.missing()
        told["survival"] = evaluate_survival(
            [each.take(kept) for each in data.columns], column.numbers[kept], data.lost[kept], name
        )
    return told


def prepare(table: RawTable, target: str, *, id_name: str = "", time_name: str = "") -> Data:
    """Type, clean, look for leaks, and choose the split."""
    outcome = table.column(target)
    lost, known, warnings = outcome_of(outcome)
    used = {outcome.name}
    marks = []
    for name in (id_name, time_name):
        marks.append(table.column(name) if name else None)
        used |= {marks[-1].name} if marks[-1] is not None else set()
    rows = _sample(lost, known, marks[0], warnings)
    columns, dropped = type_columns([each for each in table.columns if each.name not in used], rows)
    lost = lost[rows]
    leaking = leaking_columns(columns, lost, outcome.name)
    dropped += [f"Column {name!r} dropped as a leak: it {_verb(why)}." for name, why in leaking.items()]
    columns = [each for each in columns if each.name not in leaking]
    if not columns:
        raise Unreadable("No column is left that could foretell anything.")
    columns = _without_twins(columns, dropped)
    data = Data(columns, lost, [], "", [*table.warnings, *warnings], dropped)
    _choose_split(data, marks[0].codes[rows] if marks[0] else None, _times(marks[1], rows, data.warnings))
    return data


def _verb(why: str) -> str:
    return f"is {why}" if why.startswith("named") else why


def _sample(lost: Flags, known: Flags, ids: RawColumn | None, warnings: list[str]) -> Flags:
    """All rows with an outcome, or – of a very long file – so many, whole customers at a time."""
    count = int(known.sum())
    if count <= MOST_ROWS:
        return known
    warnings.append(f"{count} rows: figures rest on a random {MOST_ROWS} of them.")
    random = np.random.default_rng(SEEDS[0])
    if ids is None:
        chosen = np.zeros(len(known), dtype=bool)
        chosen[random.choice(np.flatnonzero(known), MOST_ROWS, replace=False)] = True
        return chosen
    keep = random.random(len(ids.levels)) < MOST_ROWS / count
    found: Flags = known & keep[ids.codes]
    return found


def _without_twins(columns: list[Column], dropped: list[str]) -> list[Column]:
    """Without numbers that rise and fall with an earlier one all but exactly (minutes and their price)."""
    numeric = [each for each in columns if each.is_numeric]
    if len(numeric) < 2:
        return columns
    step = max(len(numeric[0]) // 5000, 1)
    ranks = np.column_stack([each.ranks()[::step] for each in numeric])
    ranks = ranks - ranks.mean(axis=0)
    size = np.sqrt((ranks**2).sum(axis=0))
    alike = np.abs(ranks.T @ ranks) / np.maximum(np.outer(size, size), 1e-12)
    twins: dict[str, str] = {}
    for later in range(1, len(numeric)):
        for earlier in range(later):
            if alike[later, earlier] > 0.9995 and numeric[earlier].name not in twins:
                twins[numeric[later].name] = numeric[earlier].name
                break
    dropped += [f"Column {name!r} dropped: it says the same as {first!r}." for name, first in twins.items()]
    return [each for each in columns if each.name not in twins]


def _times(column: RawColumn | None, rows: Flags, warnings: list[str]) -> Floats | None:
    """The moment of every row, as a number that rises."""
    if column is None:
        return None
    days: list[Any] = list(days_of(column.levels))
    if sum(day is None for day in days) > 0.05 * len(days):
        days = list(numbers_of(column.levels))
    values = np.array([np.nan if day is None else float(day) for day in days])[column.codes[rows]]
    if np.isnan(values).mean() > 0.05 or len(np.unique(values[~np.isnan(values)])) < 3:
        warnings.append(f"Column {column.name!r} is no time that could part the rows; a random split was used.")
        return None
    return np.where(np.isnan(values), np.nanmin(values), values)


def _choose_split(data: Data, ids: NDArray[np.int32] | None, times: Floats | None) -> None:
    """By time and customer where they are given; random only where no row is a copy of another."""
    rows = len(data.lost)
    groups = ids.astype(np.int64) if ids is not None else None
    if groups is not None and len(np.unique(groups)) == rows:
        groups = None
    copies = copied_rows(data.columns, data.lost)
    data.warnings += copies.warnings
    if copies.groups is not None:
        groups, named = copies.groups, copies.split
    else:
        named = "by customer" if groups is not None else "random"
    seeds = SEEDS if rows * len(data.columns) <= CELLS_FOR_ALL_REPEATS else SEEDS[:1]
    if times is not None:
        data.folds = forward(times, data.lost, groups)
        data.split = "by time" if groups is None else f"by time and {named.removeprefix('by ')}"
        if data.folds:
            return
        data.warnings.append("The windows of time hold too few events; rows were parted without it.")
    if min(int(data.lost.sum()), int((~data.lost).sum())) < 2:
        data.split = "none"
        data.warnings.append("Too few lost or kept customers: the file cannot be parted into training and test.")
        return
    if copies.refuses_random and groups is None:
        data.split = "refused"
        return
    data.groups, data.split = groups, named if groups is not None else "stratified random"
    data.folds = stratified(data.lost, groups, seeds=seeds)
    if len(seeds) < len(SEEDS):
        data.warnings.append("A large file: five folds once instead of three times.")


def train_all(columns: list[Column], lost: Flags) -> Trained:
    """Every model on the same training rows; nothing of a test row has been seen."""
    found: Trained = {}
    expert = expert_table(columns, float(lost.mean()))
    if expert is not None:
        known = expert
        hybrid = fit_hybrid(expert, columns, lost)
        found["expert"] = lambda test: chances_of(known, test)
        found["hybrid"] = lambda test: chances_of(hybrid, test)
    curves = fit_additive(columns, lost)
    card = fit_scorecard(columns, lost, curves=curves)
    found["scorecard"] = lambda test: chances_of(card, test)
    found["additive"] = curves.chance
    tables = fit_additive(columns, lost, pairs=MOST_PAIRS, base=curves)
    found["additive_pairs"] = tables.chance
    found["boosting"] = lambda test: boosted_chance(columns, lost, test)
    return found


def report(data: Data) -> dict[str, Any]:
    """Train and test on every fold; means over the folds."""
    told: dict[str, list[Figures]] = {}
    chances: dict[str, tuple[list[Floats], list[Flags]]] = {}
    for fold in data.folds:
        trained = train_all([each.take(fold.train) for each in data.columns], data.lost[fold.train])
        test = [each.take(fold.test) for each in data.columns]
        for name, model in trained.items():
            chance = model(test)
            told.setdefault(name, []).append(figures_of(data.lost[fold.test], chance))
            kept = chances.setdefault(name, ([], []))
            kept[0].append(chance)
            kept[1].append(data.lost[fold.test])
    models = [_model(name, told[name], *chances[name]) for name in MODELS if name in told]
    models = _without_repeats(models)
    events, rows = int(data.lost.sum()), len(data.lost)
    _warn_of_numbers(data, events)
    return {
        "rows": rows,
        "events": events,
        "base_rate": round(events / rows, 4),
        "features": len(data.columns),
        "split": data.split,
        "folds": len(data.folds),
        "stage": stage_of(events, rows - events),
        "best": max(models, key=lambda each: each["roc_auc"] or 0)["name"] if models else None,
        "warnings": [*data.warnings, *data.dropped],
        "models": models,
    }


def _model(name: str, figures: list[Figures], chances: list[Floats], lost: list[Flags]) -> dict[str, Any]:
    """Means and spread of a model over the folds, and its calibration over all test rows together."""
    told: dict[str, Any] = {"name": name, "explainable": name not in BLACK_BOXES}
    values = np.array([astuple(each) for each in figures])
    for place, each in enumerate(fields(Figures)):
        own = values[:, place][~np.isnan(values[:, place])]
        told[each.name] = round(float(own.mean()), 4) if len(own) else None
    own = values[:, 0][~np.isnan(values[:, 0])]
    told["roc_auc_sd"] = round(float(own.std(ddof=1)), 4) if len(own) > 1 else None
    told["roc_auc_se"] = round(standard_error(own), 4)
    together, happened = np.concatenate(chances), np.concatenate(lost)
    told["ece_pooled"] = round(ece(happened, together), 4)
    told["ece_noise"] = round(noise_of_ece(together[: len(together) // _repeats(figures)], draws=50), 4)
    intercept, slope = calibration_line(happened, together)
    told["calibration_intercept"], told["calibration_slope"] = round(intercept, 3), round(slope, 3)
    return {key: None if isinstance(value, float) and math.isnan(value) else value for key, value in told.items()}


def _repeats(figures: list[Figures]) -> int:
    return max(len(figures) // 5, 1)


def _without_repeats(models: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Without the model with pairs where no pair was found."""
    plain = next((each for each in models if each["name"] == "additive"), None)
    if plain is None:
        return models
    same = [plain[name] for name in ("roc_auc", "brier", "lift10")]
    return [
        each
        for each in models
        if each["name"] != "additive_pairs" or [each[name] for name in ("roc_auc", "brier", "lift10")] != same
    ]


def _warn_of_numbers(data: Data, events: int) -> None:
    if events < FEW_EVENTS:
        data.warnings.append(f"Only {events} lost customers: these figures are hardly more than chance.")
    elif events < SCORECARD_EVENTS:
        data.warnings.append(f"{events} lost customers: enough to correct expert points, not to learn a model.")
    share = events / len(data.lost)
    if share > 0.5:
        data.warnings.append(f"{share:.0%} of the rows are lost: is the target the right way round?")


def stage_of(events: int, kept: int) -> str:
    """Which model the number of events allows (churn.md, stages)."""
    if events < FEW_EVENTS:
        return "expert"
    return "scorecard" if events >= SCORECARD_EVENTS and kept >= SCORECARD_KEPT else "hybrid"


__all__ = ["Additive", "Data", "evaluate_file", "prepare", "report", "stage_of", "train_all"]

"""A challenger from our own months: snapshots whose outcome is known, judged on a later window (churn.md, stages)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from crm.core import parameters
from crm.core.db import write
from retention.choices import FeatureKind, ModelStage, ModelState
from retention.models import RiskModel
from retention.queries.features import sources
from retention.rules.expert import EXPERT
from retention.rules.points import PointTable
from retention.science.additive import fit_additive
from retention.science.columns import Column, Floats
from retention.science.evaluating import stage_of
from retention.science.hybrid import fit_hybrid
from retention.science.metrics import at_the_top, brier, calibration_line, ece, roc_auc
from retention.science.scorecard import calibrated, fit_scorecard
from retention.science.scoring import chances_of

TREATED = "treated"
PARTS = 5
DRAWS = 200
FEWEST_EVENTS_TO_JUDGE = 5
Flags = NDArray[np.bool_]

_LABELLED = """
SELECT customer_id, taken_on, features, is_lost, is_flagged AND NOT is_control
FROM retention_risksnapshot WHERE is_lost IS NOT NULL ORDER BY taken_on, customer_id
"""


@dataclass(frozen=True, eq=False)
class Months:
    """Labelled snapshots, column by column."""

    customers: NDArray[np.int64]
    days: NDArray[np.int64]
    columns: list[Column]
    lost: Flags
    treated: Flags

    def take(self, rows: NDArray[np.intp]) -> Months:
        """Some rows."""
        columns = [each.take(rows) for each in self.columns]
        return Months(self.customers[rows], self.days[rows], columns, self.lost[rows], self.treated[rows])

    @property
    def events(self) -> int:
        """Customers who were lost: each counts once, however many months foretold it."""
        return len(np.unique(self.customers[self.lost]))

    @property
    def kept(self) -> int:
        """Customers who stayed."""
        return len(np.unique(self.customers)) - self.events


def train_challenger(*, now: datetime, today: date) -> dict[str, Any]:
    """Learn the stage that the events allow; write the challenger with its figures beside those of the one in force."""
    months = read_months()
    stage = stage_of(months.events, months.kept)
    told: dict[str, Any] = {"rows": len(months.lost), "events": months.events, "stage": stage, "model": None}
    if stage == ModelStage.EXPERT:
        return told | {"why": "too few events: expert points stay in force"}
    current = RiskModel.objects.get(state=ModelState.IN_FORCE)
    metrics = judge(months, PointTable.from_json(current.table), stage, today=today)
    table = learn(months, stage)
    with write(label="churn_train"):
        row = RiskModel.objects.create(
            stage=stage, state=ModelState.CHALLENGER, table=table.to_json(), training=_training(months),
            metrics=metrics | {"against": current.pk}, created_at=now,
        )  # fmt: skip
    return told | {"model": row.pk, "metrics": metrics}


def read_months() -> Months:
    """Every labelled snapshot; only features that the registry still knows."""
    known = sources()
    with connection.cursor() as cursor:
        cursor.execute(_LABELLED)
        rows = cursor.fetchall()
    told = [row[2] if isinstance(row[2], dict) else _loads(row[2]) for row in rows]
    columns = [
        column
        for code, source in known.items()
        if (column := _column(code, source.kind == FeatureKind.CATEGORICAL, told)) is not None
    ]
    return Months(
        np.array([row[0] for row in rows], dtype=np.int64),
        np.array([row[1].toordinal() for row in rows], dtype=np.int64),
        columns,
        np.array([row[3] for row in rows], dtype=bool),
        np.array([row[4] for row in rows], dtype=bool),
    )


def _loads(text: Any) -> dict[str, Any]:
    import orjson

    found: dict[str, Any] = orjson.loads(text)
    return found


def _column(code: str, is_category: bool, told: Sequence[Mapping[str, Any]]) -> Column | None:
    """One feature of all rows; None when it never had a second value."""
    values = [each.get(code) for each in told]
    if len({value for value in values if value is not None}) + (None in values) < 2:
        return None
    if is_category:
        levels = sorted({str(value) for value in values if value is not None})
        place = {level: number for number, level in enumerate(levels)}
        codes = np.array([-1 if value is None else place[str(value)] for value in values], dtype=np.int32)
        return Column.of_codes(code, codes, tuple(levels))
    return Column.of_numbers(code, np.array([np.nan if value is None else float(value) for value in values]))


def learn(months: Months, stage: str) -> PointTable:
    """The table of a stage. What we did about an alert is known to the fit and left out of the table: saved customers
    would look like false alarms (churn.md, feedback loop)."""
    if stage == ModelStage.HYBRID:
        return fit_hybrid(EXPERT, months.columns, months.lost)
    groups = {code: str(source.group) for code, source in sources().items()}
    if not months.treated.any() or months.treated.all():
        return fit_scorecard(months.columns, months.lost, groups=groups)
    treated = Column.of_numbers(TREATED, months.treated.astype(float))
    curves = fit_additive([*months.columns, treated], months.lost)
    table = fit_scorecard([*months.columns, treated], months.lost, curves=curves, groups=groups)
    kept = tuple(feature for feature in table.features if feature.code != TREATED)
    alone = np.flatnonzero(~months.treated)
    own = months.take(alone)
    whole = PointTable(table.stage, 0.0, kept or table.features[:1])
    return (
        calibrated(whole, own.columns, own.lost)
        if own.events >= PARTS
        else calibrated(whole, months.columns, months.lost)
    )


def judge(months: Months, current: PointTable, stage: str, *, today: date) -> dict[str, Any]:
    """Both models on a later window; the challenger knew nothing of that time nor of those customers."""
    reach = int(parameters.value("churn_gap_days", today)) + int(parameters.value("churn_window_days", today))
    split = _later_window(months, reach)
    if split is None:
        return {"events": 0}
    before, later = split
    test = months.take(later)
    chance = np.zeros(len(later))
    part_of = test.customers % PARTS
    for part in range(PARTS):
        own = np.flatnonzero(part_of == part)
        train = months.take(before[months.customers[before] % PARTS != part])
        if not len(own):
            continue
        if train.events < FEWEST_EVENTS_TO_JUDGE:
            return {"events": 0}
        chance[own] = chances_of(learn(train, stage), [each.take(own) for each in test.columns])
    old = chances_of(current, test.columns)
    share = capacity_share(today)
    return {
        "from": date.fromordinal(int(test.days.min())).isoformat(),
        "to": date.fromordinal(int(test.days.max())).isoformat(),
        "rows": len(later),
        "events": int(test.lost.sum()),
        "capacity": round(share, 4),
        "challenger": _figures(test.lost, chance, share),
        "in_force": _figures(test.lost, old, share),
        "auc_gain_se": round(_error_of_gain(test, chance, old), 5),
    }


def _later_window(months: Months, reach: int) -> tuple[NDArray[np.intp], NDArray[np.intp]] | None:
    """The last months as the test, and those whose outcome was known when they began; None when there are none."""
    days = np.unique(months.days)
    for first in days[::-1]:
        later = np.flatnonzero(months.days >= first)
        before = np.flatnonzero(months.days + reach <= first)
        if not len(before):
            return None
        events = int(months.lost[later].sum())
        if events >= FEWEST_EVENTS_TO_JUDGE * PARTS and events < len(later):
            return before, later
    return None


def _figures(lost: Flags, chance: Floats, share: float) -> dict[str, float]:
    lift, recall = at_the_top(lost, chance, share)
    intercept, slope = calibration_line(lost, chance)
    told = {
        "roc_auc": roc_auc(lost, chance), "brier": brier(lost, chance), "ece": ece(lost, chance), "lift": lift,
        "recall": recall, "calibration_intercept": intercept, "calibration_slope": slope,
    }  # fmt: skip
    return {name: round(value, 4) for name, value in told.items()}


def _error_of_gain(test: Months, new: Floats, old: Floats) -> float:
    """Standard error of the difference of AUC, whole customers drawn again (bootstrap)."""
    random = np.random.default_rng(100)
    _names, place = np.unique(test.customers, return_inverse=True)
    order = np.argsort(place, kind="stable")
    starts = np.append(np.searchsorted(place[order], np.arange(place.max() + 1)), len(order))
    gains = []
    for _draw in range(DRAWS):
        drawn = random.integers(0, len(starts) - 1, len(starts) - 1)
        rows = np.concatenate([order[starts[one] : starts[one + 1]] for one in drawn])
        lost = test.lost[rows]
        if lost.any() and not lost.all():
            gains.append(roc_auc(lost, new[rows]) - roc_auc(lost, old[rows]))
    return float(np.std(gains, ddof=1)) if len(gains) > 1 else 1.0


def capacity_share(today: date) -> float:
    """What share of customers can be looked after at once: so many alerts a manager."""
    from retention.queries.review import capacity

    return capacity(today).share


def _training(months: Months) -> dict[str, Any]:
    digest = hashlib.sha256(months.customers.tobytes() + months.days.tobytes() + months.lost.tobytes())
    for column in months.columns:
        digest.update(column.name.encode() + (column.numbers if column.is_numeric else column.codes).tobytes())
    return {
        "rows": len(months.lost), "events": months.events,
        "first": date.fromordinal(int(months.days.min())).isoformat(),
        "last": date.fromordinal(int(months.days.max())).isoformat(), "digest": digest.hexdigest()[:32],
    }  # fmt: skip

"""When a challenger may take over: better on a later window in order, not worse in chance or at capacity."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

NO_LATER_WINDOW = "no_later_window"
FEW_EVENTS = "few_events"
AUC_NOT_BETTER = "auc_not_better"
BRIER_WORSE = "brier_worse"
LIFT_WORSE = "lift_worse"
LEAST_EVENTS = 10
LEAST_GAIN = 1e-9


def hindrances(metrics: Mapping[str, Any]) -> tuple[str, ...]:
    """Why a challenger may not take over; empty when it may, and then a person still has to say so.

    >>> own = {"roc_auc": 0.84, "brier": 0.13, "lift": 2.9}
    >>> hindrances({"events": 60, "challenger": own, "in_force": {"roc_auc": 0.82, "brier": 0.14, "lift": 2.8},
    ...             "auc_gain_se": 0.01})
    ()
    """
    if not metrics.get("events"):
        return (NO_LATER_WINDOW,)
    if int(metrics["events"]) < LEAST_EVENTS:
        return (FEW_EVENTS,)
    new, old = metrics["challenger"], metrics["in_force"]
    found = []
    if new["roc_auc"] - old["roc_auc"] <= float(metrics["auc_gain_se"]) + LEAST_GAIN:
        found.append(AUC_NOT_BETTER)
    if new["brier"] > old["brier"]:
        found.append(BRIER_WORSE)
    if new["lift"] < old["lift"]:
        found.append(LIFT_WORSE)
    return tuple(found)

"""The risk model: its page, its versions with points, training."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from retention.models import ModelReview, RiskModel
from tests.guards.route_rows import SETTERS, get, page, post

ROUTES = [
    page("retention:model", "", get(SETTERS)),
    page("retention:version", "risk_in_force", get(SETTERS), post(SETTERS)),
    page("retention:model_train", "", post(SETTERS)),
    page("retention:model_take", "risk_challenger", post(SETTERS)),
]
FIGURES = {"events": 60, "auc_gain_se": 0.01, "challenger": {"roc_auc": 0.8, "brier": 0.02, "lift": 3.0},
           "in_force": {"roc_auc": 0.7, "brier": 0.03, "lift": 2.0}}  # fmt: skip
BODIES = {
    "retention:version": lambda w: {"note": "投诉权重上调"},
    "retention:model_train": lambda w: {},
    "retention:model_take": lambda w: {"deed": "promote", "seen": str(RiskModel.objects.get(state="in_force").pk)},
}
PROBES = {"retention:model": ("places=5", "places=x")}


def furnish(cast: Any, rows: dict[str, Any], who: Any) -> None:
    """The same for both sides, as the model belongs to nobody: one in force, one challenger, one look back."""
    now = timezone.now()
    current = RiskModel.objects.get(state="in_force")
    rows["risk_in_force"] = current
    rows["risk_challenger"] = RiskModel.objects.create(
        stage="scorecard", state="challenger", table=current.table, created_at=now,
        metrics=FIGURES | {"against": current.pk}, training={"events": 60, "rows": 900},
    )  # fmt: skip
    ModelReview.objects.get_or_create(
        made_on=timezone.localdate(now), defaults={"made_at": now, "model": current, "figures": {}}
    )

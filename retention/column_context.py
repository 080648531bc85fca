"""What the pages of imported columns are given (RET-3)."""

from __future__ import annotations

from typing import Any

from crm.core.abilities import Access
from retention.actions.scoring import model_in_force
from retention.choices import FeatureGroup, FeatureKind
from retention.model_context import MANAGES
from retention.models import RiskColumn
from retention.queries.columns import columns_with_reach
from retention.queries.features.columns import PREFIX, label_of
from retention.tabs import churn_tabs


def columns_context(access: Access) -> dict[str, Any]:
    """Each column in the reader's language, with its reach and whether the model in force gives it points."""
    rows, everybody = columns_with_reach()
    scored = {feature.code for feature in model_in_force().table.features}
    lines = [
        {
            "id": row.pk, "code": row.code, "label": label_of(row), "kind": FeatureKind(row.kind).label,
            "group": FeatureGroup(row.group).label, "is_on": row.is_feature, "reach": reach,
            "share": round(100 * reach.customers / everybody) if reach and everybody else 0,
            "has_points": f"{PREFIX}{row.code}" in scored,
        }
        for row, reach in rows
    ]  # fmt: skip
    return {
        "tabs": churn_tabs(access, "model"), "lines": lines, "everybody": everybody, "may_manage": access.can(MANAGES)
    }  # fmt: skip


def column_context(row: RiskColumn) -> dict[str, Any]:
    """One column."""
    return {"column": row, "label": label_of(row), "kind": FeatureKind(row.kind).label}

"""The table of points as a page: every signal with its bins, to read and – for headquarters – to edit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from crm.core.abilities import Access
from crm.core.errors import Invalid
from retention.choices import FeatureGroup, ModelStage, ModelState
from retention.model_context import MANAGES, SEES, hindrance_words
from retention.models import RiskModel
from retention.queries.features import sources
from retention.rules import promotion
from retention.rules.points import MOST_POINTS, SLOPE, PointTable
from retention.tabs import churn_tabs

__all__ = ["MANAGES", "SEES", "edited_table", "points_context"]


def points_context(row: RiskModel, access: Access) -> dict[str, Any]:
    """One version: its table and its figures."""
    table = PointTable.from_json(row.table)
    metrics = row.metrics or {}
    challenger = row.state == ModelState.CHALLENGER
    return {
        "row": row,
        "tabs": churn_tabs(access, "model"),
        "stage": ModelStage(row.stage).label,
        "state": ModelState(row.state).label,
        "can_edit": row.state == ModelState.IN_FORCE and access.can(MANAGES),
        "signals": _signals(row.table),
        "double": round(0.6931471805599453 / table.slope) if table.slope != SLOPE else 20,
        "metrics": metrics if metrics.get("challenger") else None,
        "why_not": [hindrance_words(each) for each in promotion.hindrances(metrics)] if challenger else [],
    }


def _signals(table: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every feature with its levels, each with the name of its input."""
    known, found = sources(), []
    for place, feature in enumerate(table["features"]):
        source = known.get(feature["code"])
        found.append(
            {
                "code": feature["code"],
                "label": source.label if source else feature["code"],
                "group": FeatureGroup(feature["group"]).label if feature["group"] in FeatureGroup else feature["group"],
                "levels": [
                    {"name": f"p-{place}-{key}", "label": label, "points": points}
                    for key, label, points in _levels(feature)
                ],
            }
        )
    return found


def _levels(feature: Mapping[str, Any]) -> list[tuple[str, str, int]]:
    """(key, words, points) of every bin or category, then of missing data."""
    found: list[tuple[str, str, int]] = []
    if feature["kind"] == "categorical":
        found += [(f"v{place}", value, points) for place, (value, points) in enumerate(feature["values"].items())]
        found.append(("other", _("other"), feature.get("other", 0)))
    else:
        low: float | None = None
        for place, each in enumerate(feature["bins"]):
            found.append((f"b{place}", _range_words(low, each["below"]), each["points"]))
            low = each["below"]
    return [*found, ("missing", _("no data"), feature.get("missing", 0))]


def _range_words(low: float | None, high: float | None) -> str:
    if low is None and high is None:
        return _("any value")
    if low is None:
        return _("below %(high)s") % {"high": f"{high:g}"}
    if high is None:
        return _("%(low)s and more") % {"low": f"{low:g}"}
    return _("%(low)s to below %(high)s") % {"low": f"{low:g}", "high": f"{high:g}"}


def edited_table(row: RiskModel, data: QueryDict) -> dict[str, Any]:
    """The table with the points that were typed; what is not named stays."""
    features = []
    for place, feature in enumerate(row.table["features"]):
        typed = {key: _typed(data, f"p-{place}-{key}", points) for key, _label, points in _levels(feature)}
        new = dict(feature) | {"missing": typed["missing"]}
        if feature["kind"] == "categorical":
            names = list(feature["values"])
            new |= {"values": {name: typed[f"v{number}"] for number, name in enumerate(names)}, "other": typed["other"]}
        else:
            new["bins"] = [dict(each) | {"points": typed[f"b{number}"]} for number, each in enumerate(feature["bins"])]
        features.append(new)
    return {**row.table, "features": features}


def _typed(data: QueryDict, name: str, before: int) -> int:
    """A whole number that was typed."""
    text = data.get(name, "").strip().replace("\N{MINUS SIGN}", "-")
    if not text:
        return before
    if not text.lstrip("+-").isdecimal() or len(text) > 5 or abs(int(text)) > MOST_POINTS:
        raise Invalid(_("Points are whole numbers."), code="invalid", field="note")
    return int(text)

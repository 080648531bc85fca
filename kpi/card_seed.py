"""Headquarters' first scorecards: six categories, 25 sub-items, the weights of D18 (KPI-9, KPI-11)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from kpi.choices import Audience, Scoring, VersionState

TITLES = {
    Audience.UNIT: "VIP客户服务考核表（单位）",
    Audience.MANAGER: "VIP客户服务考核表（客户经理）",
}

# Indicator → weight, scoring, and what the scoring needs: floor, steps, each, takes. Within a category: ours.
LINES: dict[str, tuple[str, str, dict[str, Any]]] = {
    # 25: churn
    "F1": ("6", Scoring.DEDUCT, {"each": "0.5", "takes": "20"}),
    "F2": ("6", Scoring.DEDUCT, {"each": "0.5", "takes": "20"}),
    "F4a": ("2.5", Scoring.LINEAR, {"floor": "50"}),
    "F4b": ("2.5", Scoring.LINEAR, {"floor": "50"}),
    "F5": ("2", Scoring.LINEAR, {"floor": "50"}),
    "F6a": ("2", Scoring.LINEAR, {"floor": "50"}),
    "F6b": ("2", Scoring.LINEAR, {}),
    "F7": ("2", Scoring.LINEAR, {"floor": "50"}),
    # 20: satisfaction
    "F8": ("8", Scoring.STEP, {"steps": [["90", "100"], ["85", "90"], ["80", "75"], ["70", "50"]]}),
    "F9": ("12", Scoring.STEP, {"steps": [["90", "100"], ["85", "90"], ["80", "75"], ["70", "50"]]}),
    # 30: quality of service
    "F12": ("2", Scoring.LINEAR, {"floor": "50"}),
    "F13": ("3", Scoring.LINEAR, {"floor": "40"}),
    "F14": ("3", Scoring.LINEAR, {"floor": "60"}),
    "F15": ("2", Scoring.LINEAR, {"floor": "60"}),
    "F16": ("1", Scoring.LINEAR, {"floor": "40"}),
    "F17": ("2", Scoring.LINEAR, {"floor": "40"}),
    "F18": ("2", Scoring.LINEAR, {"floor": "40"}),
    "F19": ("2", Scoring.LINEAR, {"floor": "50"}),
    "F20": ("1", Scoring.LINEAR, {"floor": "50"}),
    "F21": ("2", Scoring.LINEAR, {"floor": "50"}),
    "F23a": ("2", Scoring.LINEAR, {"floor": "40"}),
    "F24a": ("1", Scoring.DEDUCT, {"each": "1", "takes": "25"}),
    "F24b": ("1", Scoring.DEDUCT, {"each": "1", "takes": "25"}),
    "F25a": ("1", Scoring.LINEAR, {"floor": "50"}),
    "F25b": ("1", Scoring.LINEAR, {"floor": "50"}),
    "F26a": ("0.5", Scoring.LINEAR, {"floor": "50"}),
    "F26b": ("0.5", Scoring.LINEAR, {"floor": "50"}),
    "F26c": ("0.5", Scoring.LINEAR, {"floor": "50"}),
    "F27": ("1", Scoring.LINEAR, {"floor": "40"}),
    "F28": ("0.5", Scoring.LINEAR, {"floor": "50"}),
    "F29": ("0.5", Scoring.LINEAR, {"floor": "50"}),
    "F30": ("0.5", Scoring.PASS, {}),
    # 10: rewards and activities
    "F31": ("2", Scoring.LINEAR, {"floor": "40"}),
    "F22": ("2", Scoring.LINEAR, {"floor": "50"}),
    "F23": ("2", Scoring.LINEAR, {"floor": "40"}),
    "F32": ("2", Scoring.LINEAR, {"floor": "50"}),
    "F33": ("1", Scoring.LINEAR, {"floor": "50"}),
    "F34": ("1", Scoring.LINEAR, {"floor": "50"}),
    # 5: clubs
    "F35a": ("2.5", Scoring.LINEAR, {"floor": "40"}),
    "F35b": ("2.5", Scoring.LINEAR, {"floor": "40"}),
    # 10: other work
    "F36": ("4", Scoring.LINEAR, {"floor": "50"}),
    "F37a": ("1.5", Scoring.LINEAR, {"floor": "50"}),
    "F37b": ("1.5", Scoring.LINEAR, {"floor": "50"}),
    "F38": ("3", Scoring.LINEAR, {}),
}

# What an indicator without a target of its own is measured against on these cards (ours).
CARD_TARGETS = {
    "F5": "100", "F6a": "100", "F6b": "50", "F7": "100", "F8": "90", "F9": "90", "F13": "90", "F17": "90",
    "F18": "90", "F20": "95", "F23a": "85", "F24b": "0", "F31": "90", "F32": "100", "F34": "100", "F35a": "90",
    "F35b": "90", "F38": "100",
}  # fmt: skip


def seed_scorecards(versions: Any, lines: Any, indicators: Any, *, year: int, at: datetime) -> None:
    """Headquarters' version of a year for units and managers; the models are given, for a migration can use it."""
    ids = dict(indicators._default_manager.values_list("code", "pk"))
    for audience in (Audience.UNIT, Audience.MANAGER):
        version, made = versions._default_manager.get_or_create(
            year=year, unit=None, audience=audience.value, state=VersionState.IN_FORCE.value,
            defaults={
                "title": f"{year}年{TITLES[audience]}", "holds_from": date(year, 1, 1),
                "published_at": at, "made_at": at,
            },
        )  # fmt: skip
        if made:
            lines._default_manager.bulk_create(line_of(lines, version, code, ids[code]) for code in LINES)


def line_of(line: Any, version: Any, code: str, indicator_id: int) -> Any:
    """One line of headquarters' scorecard."""
    weight, scoring, needs = LINES[code]
    numbers = {name: Decimal(needs[name]) for name in ("floor", "each", "takes") if name in needs}
    target = Decimal(CARD_TARGETS[code]) if code in CARD_TARGETS else None
    return line(
        version=version, indicator_id=indicator_id, weight=Decimal(weight), scoring=str(scoring), target=target,
        steps=needs.get("steps", []), **numbers,
    )  # fmt: skip

"""What the page of the model is given: what was foretold, what came of it, which versions there are (churn.md; T13)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import sqrt
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from crm.core.abilities import Access
from crm.core.charts import plot_of
from retention.choices import AlertTrigger, ModelStage, ModelState
from retention.models import RiskModel
from retention.queries.features import sources
from retention.queries.review import latest_review
from retention.rules import promotion
from retention.rules.evidence import wilson
from retention.tabs import churn_tabs

SEES, MANAGES = "view_model", "manage_model"
VERSIONS_SHOWN = 12
USUAL_PLACES = 5
SHARES = (0.0, 0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1.0)
"""Where the axes of the calibration may have a tick."""
MOST_TICKS = 8
LOOKS = {ModelState.IN_FORCE: "met", ModelState.CHALLENGER: "info", ModelState.RETIRED: "quiet"}


def model_context(request: HttpRequest, *, today: date) -> dict[str, Any]:
    """The whole page, from one kept review."""
    access: Access = request.access  # type: ignore[attr-defined]
    review = latest_review()
    told: Mapping[str, Any] = review.figures if review else {}
    versions = list(RiskModel.objects.select_related("promoted_by").order_by("-pk")[:VERSIONS_SHOWN])
    in_force = next((each for each in versions if each.state == ModelState.IN_FORCE), None)
    in_force = in_force or RiskModel.objects.get(state=ModelState.IN_FORCE)
    return {
        "tabs": churn_tabs(access, "model"),
        "may_manage": access.can(MANAGES),
        "model": in_force,
        "stage": ModelStage(in_force.stage).label,
        "review": review,
        "told": told,
        "months": _months(told.get("months") or []),
        "what_if": _what_if(told.get("what_if") or [], request.GET.get("places", "")),
        "lift": _lift(told.get("lift") or []),
        "calibration": _calibration(told.get("calibration") or []),
        "drift": _drift(told.get("drift") or {}),
        "saved": _saved(told.get("arms") or {}),
        "alerts": [{**each, "label": AlertTrigger(each["trigger"]).label} for each in told.get("alerts") or []],
        "survival": _survival(told.get("survival") or []),
        "silent": [_feed(each) for each in told.get("silent") or []],
        "versions": [_version(each, in_force) for each in versions],
    }


def _feed(code: str) -> str:
    """What a feed is called."""
    return {"usage": _("Usage"), "bills": _("Bills")}.get(code, code)


def _months(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Month by month, newest first, with how far what was foretold lay from what happened."""
    found = []
    for row in reversed(rows):
        low, high = wilson(row["lost"], row["rows"])
        ratio = row["expected"] / row["rows"] if row["rows"] else 0.0
        found.append({**row, "is_off": not low <= ratio <= high})
    return found


def _what_if(rows: Sequence[Mapping[str, int]], asked: str) -> dict[str, Any] | None:
    """So many alerts a manager: how many were real, how many were missed."""
    if not rows:
        return None
    wanted = int(asked) if asked.isdecimal() and len(asked) < 4 else USUAL_PLACES
    shown = min(rows, key=lambda row: abs(row["places"] - wanted))
    share = round(100 * shown["real"] / shown["alerts"]) if shown["alerts"] else 0
    return {"rows": rows, "shown": shown, "share": share}


def _lift(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Bars: the share of all losses among the highest scores."""
    return [
        {
            **row,
            "percent": f"{row['share'] * 100:g}",
            "found": round(100 * row["hits"] / row["lost"]) if row["lost"] else 0,
        }
        for row in rows
    ]


def _calibration(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """What was foretold (right) against what happened (up), with the interval of each group."""
    if not rows:
        return None
    lines = []
    for row in rows:
        low, high = wilson(row["lost"], row["rows"])
        lines.append({**row, "low": low, "high": high, "is_off": not low <= row["expected"] <= high})
    # Most customers hardly ever leave: by square roots small chances lie apart, and what is true stays on the diagonal.
    plot = plot_of([sqrt(row["expected"]) for row in rows], [sqrt(line["high"]) for line in lines], square=True)
    for line in lines:
        line |= {
            "x": plot.x(sqrt(line["expected"])), "y": plot.y(sqrt(line["rate"])), "y_low": plot.y(sqrt(line["low"])),
            "y_high": plot.y(sqrt(line["high"])), "expected_percent": _percent(line["expected"]),
            "rate_percent": _percent(line["rate"]),
        }  # fmt: skip
    diagonal = plot.line([(0, 0), (plot.most_x, plot.most_x)])
    expected = sum(row["expected"] * row["rows"] for row in rows)
    lost = sum(row["lost"] for row in rows)
    ticks = [share for share in SHARES if sqrt(share) <= plot.most_x]
    ticks = ticks[:: 1 + len(ticks) // MOST_TICKS]
    return {
        "plot": plot, "lines": lines, "diagonal": diagonal, "expected": round(expected), "lost": lost,
        "ticks_x": [(plot.x(sqrt(share)), _percent(share)) for share in ticks],
        "ticks_y": [(plot.y(sqrt(share)), _percent(share)) for share in ticks],
    }  # fmt: skip


def _percent(share: float) -> str:
    return f"{share * 100:.1f}".rstrip("0").rstrip(".") + " %"


def _drift(told: Mapping[str, Any]) -> dict[str, Any] | None:
    """Signals whose spread moved more than noise can move it, first."""
    if not told.get("rows"):
        return None
    known, limit = sources(), told["limit"]
    lines = []
    for row in told["signals"]:
        index = row["psi"]
        source = known.get(row["code"])
        lines.append(
            {
                "label": source.label if source else row["code"], "psi": index,
                "is_alarm": index is not None and index > limit,
                "missing": None if row["missing_now"] is None else _percent(row["missing_now"]),
                "is_empty": row["missing_now"] == 1, "is_thinner": _is_thinner(row),
            }
        )  # fmt: skip
    lines.sort(key=lambda line: -(line["psi"] or 0))
    return {**told, "lines": lines, "is_alarm": (told["score"] or 0) > limit}


def _is_thinner(row: Mapping[str, Any]) -> bool:
    return bool((row["missing_now"] or 0) - (row["missing_before"] or 0) > 0.1)


def _saved(told: Mapping[str, Any]) -> dict[str, Any] | None:
    """Saved rate with its interval, and whether that proves anything."""
    if not told:
        return None
    shown = {name: None if told[name] is None else f"{told[name] * 100:+.1f}" for name in ("rate", "low", "high")}
    rates = {arm: _percent(told[f"{arm}_lost"] / told[arm]) if told[arm] else "–" for arm in ("control", "treated")}
    return {**told, **shown, "control_rate": rates["control"], "treated_rate": rates["treated"]}


def _survival(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any] | None:
    """The curve with its band, from everybody at the beginning."""
    if not rows:
        return None
    years = [row["months"] / 12 for row in rows]
    lowest = min(row["low"] for row in rows)
    plot = plot_of([*years], [1.0], least_y=max(0.0, (lowest - 0.02) // 0.1 / 10))
    curve, band = [(0.0, 1.0)], [(0.0, 1.0)]
    for year, row in zip(years, rows, strict=True):
        curve.append((year, row["share"]))
        band.append((year, row["high"]))
    band += [(year, row["low"]) for year, row in zip(reversed(years), reversed(rows), strict=True)]
    marks = [row for row in rows if row["months"] in (12, 36, 60, 120)]
    return {
        "plot": plot, "curve": plot.line(curve), "band": plot.line(band),
        "ticks_x": [(tick.at, f"{tick.value:g}") for tick in plot.ticks_x()],
        "ticks_y": [(tick.at, _percent(tick.value)) for tick in plot.ticks_y()],
        "marks": [
            {"years": row["months"] // 12, "share": _percent(row["share"]), "low": _percent(row["low"]),
             "high": _percent(row["high"])}
            for row in marks
        ],
    }  # fmt: skip


def _version(row: RiskModel, in_force: RiskModel) -> dict[str, Any]:
    """One version: what it is, how it did, and what can be done with it."""
    is_challenger = row.state == ModelState.CHALLENGER
    why_not = list(promotion.hindrances(row.metrics)) if is_challenger else []
    if is_challenger and row.metrics.get("against") != in_force.pk:
        why_not = ["other_model"]
    return {
        "row": row,
        "stage": ModelStage(row.stage).label,
        "state": ModelState(row.state).label,
        "look": LOOKS[ModelState(row.state)],
        "figures": row.metrics.get("challenger"),
        "beside": row.metrics.get("in_force"),
        "can_promote": is_challenger and not why_not,
        "can_go_back": row.state == ModelState.RETIRED,
        "why_not": [hindrance_words(each) for each in why_not],
    }


def hindrance_words(code: str) -> str:
    """Why a challenger may not take over."""
    return {
        promotion.NO_LATER_WINDOW: _("there is no later window yet to compare on"),
        promotion.FEW_EVENTS: _("the later window holds too few losses"),
        promotion.AUC_NOT_BETTER: _("it does not rank better by more than chance"),
        promotion.BRIER_WORSE: _("its chances are farther from what happened"),
        promotion.LIFT_WORSE: _("it finds fewer losses within the capacity"),
        "other_model": _("it was measured against another model"),
    }[code]

"""Scorecards, scores, targets, entered results, competency reviews, the payroll file: their routes and rows."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from accounts.models import Staff
from accounts.rules import add_months
from crm.core import attachments
from kpi.models import (
    CompetencyReview,
    EnteredResult,
    Indicator,
    IndicatorTarget,
    Score,
    ScorecardLine,
    ScorecardVersion,
)
from kpi.queries.competence import ITEMS
from tests.guards.bodies import day
from tests.guards.crowd import copy
from tests.guards.route_rows import BOSSES, MANAGERS, SETTERS, get, page, post

LEADS = f"{BOSSES} market_manager {SETTERS}"
READS = f"{MANAGERS} business_support {LEADS}"
LEADS_A = f"supervisor market_manager {SETTERS}"
SETS = f"{BOSSES} {SETTERS}"
SETS_A = f"supervisor {SETTERS}"
NEAR_A = f"manager teammate business_support {LEADS_A}"
# The other unit is none of the choices of the form.
NOT_OFFERED = {"stranger_supervisor": 400}
ROUTES = [
    page("kpi:card_list", "", get(READS, but={f"{MANAGERS} business_support": 302})),
    page("kpi:card_mine", "", get(READS)),
    page("kpi:card_manager", "manager", get(READS, f"manager {LEADS_A}")),
    page("kpi:card_unit", "unit", get(READS, LEADS_A)),
    page("kpi:payroll_export", "", get(SETTERS), post(SETTERS, status=200)),
    page("kpi:scorecard_list", "", get(READS)),
    page("kpi:scorecard_detail", "own_rules", get(READS, NEAR_A)),
    page("kpi:scorecard_new", "", get(SETS), post(SETS, but=NOT_OFFERED)),
    page("kpi:scorecard_edit", "draft_rules", get(SETS, SETS_A), post(SETS, SETS_A)),
    page("kpi:scorecard_preview", "draft_rules", get(SETS, SETS_A)),
    page("kpi:scorecard_publish", "draft_rules", post(SETS, SETS_A)),
    page("kpi:scorecard_discard", "draft_rules", post(SETS, SETS_A)),
    page("kpi:target_list", "", get(READS)),
    page("kpi:target_new", "", get(SETTERS), post(SETTERS)),
    page("kpi:entry_list", "", get(SETS)),
    page("kpi:entry_new", "", get(SETS), post(SETS, but=NOT_OFFERED)),
    # The rows of a unit out of sight are named as mistakes.
    page("kpi:entry_import", "", get(SETS), post(SETS, status=200)),
    page("kpi:entry_sign", "entry", post(SETTERS)),
    page("kpi:entry_refuse", "entry", post(SETTERS)),
    page("kpi:entry_file", "entry", get(SETS, SETS_A)),
    page("kpi:competence_list", "", get(BOSSES)),
    page("kpi:competence_edit", "manager", get(BOSSES, "supervisor"), post(BOSSES, "supervisor")),
]


def _month() -> date:
    return timezone.localdate().replace(day=1)


def _indicator(code: str) -> Indicator:
    return Indicator.objects.get(code=code)


def _edited(world: Any) -> dict[str, Any]:
    row = _indicator("F19")
    return {"title": "改过", "version": "1", f"w{row.pk}": "100", f"s{row.pk}": "pass"} | {
        f"s{other.pk}": "linear" for other in Indicator.objects.filter(category__lte=6).exclude(pk=row.pk)
    }


def _entry(world: Any) -> dict[str, Any]:
    return {
        "indicator_id": _indicator("F8").pk, "period": str(timezone.localdate().year), "unit_id": world.pk("unit"),
        "numerator": "88", "denominator": "100", "evidence": "报告",
    }  # fmt: skip


def _file(world: Any) -> dict[str, Any]:
    text = (
        f"indicator,period,unit,staff,numerator,denominator,evidence\nF8,{timezone.localdate().year},A,,88,100,报告\n"
    )
    return {"file": SimpleUploadedFile("results.csv", text.encode())}


BODIES: dict[str, Any] = {
    "kpi:payroll_export": lambda w: {"month": _month().isoformat(), "reason": "工资"},
    "kpi:scorecard_new": lambda w: {
        "unit_id": w.pk("unit"), "audience": "manager", "year": str(timezone.localdate().year), "title": "新细则"},
    "kpi:scorecard_edit": _edited,
    "kpi:target_new": lambda w: {
        "indicator_id": _indicator("F14").pk, "target": "95", "effective_from": day(40), "step": "do"},
    "kpi:entry_new": _entry,
    "kpi:entry_import": _file,
    "kpi:entry_refuse": lambda w: {"remark": "样本太小"},
    "kpi:competence_edit": lambda w: dict.fromkeys(ITEMS, "3") | {"version": "1"},
}  # fmt: skip
PROBES = {
    "kpi:card_list": ("unit={unit}", "month=2020-01"),
    "kpi:card_mine": ("month=2020-01",),
    "kpi:entry_list": ("state=entered", "state=signed"),
    "kpi:scorecard_new": ("base={own_rules}",),
    "kpi:target_new": ("indicator=F14",),
}


def furnish(cast: Any, rows: dict[str, Any], who: Any) -> None:
    """A side's own rules, a draft, scores of the month, a result that waits, a review."""
    now, month, word = timezone.now(), _month(), rows["word"]
    common = {
        "year": month.year, "unit": rows["unit"], "audience": "manager", "title": word, "note": word, "made_at": now,
        "made_by": rows["boss_user"],
    }  # fmt: skip
    rows["own_rules"] = ScorecardVersion.unscoped.create(
        state="in_force", holds_from=month, published_at=now, published_by=rows["boss_user"], **common
    )
    rows["draft_rules"] = ScorecardVersion.unscoped.create(**common)
    for name in ("own_rules", "draft_rules"):
        ScorecardLine.unscoped.create(version=rows[name], indicator=_indicator("F19"), weight=100, scoring="pass")
    line = {
        "code": "F19", "weight": "100.00", "target": "100", "strict": False, "n": "3", "d": "4", "value": "75.0000",
        "points": "0.00", "carries": "100.00", "earned": "0.00",
    }  # fmt: skip
    score = {"version": rows["own_rules"], "month": month, "unit": rows["unit"], "total": Decimal("75.50"),
             "lines": [line], "rank": 1, "of": 1, "computed_at": now}  # fmt: skip
    rows["score"] = Score.unscoped.create(staff=rows["manager"], **score)
    rows["unit_score"] = Score.unscoped.create(**score)
    kept = attachments.store(ContentFile(b"%PDF-1.4\n%%EOF", name=f"{word}.pdf"), by=cast.users[who["boss"]], now=now)
    rows["entry"] = EnteredResult.unscoped.create(
        indicator=_indicator("F9"), period_on=month.replace(month=1), unit=rows["unit"], manager=rows["manager"],
        numerator=90, denominator=100, evidence=word, attachment=kept, entered_by=rows["boss_user"], entered_at=now,
    )  # fmt: skip
    rows["review"] = CompetencyReview.unscoped.create(
        staff=rows["manager"], year=month.year, remark=word, reviewed_by=rows["boss_user"], reviewed_at=now,
        **dict.fromkeys(ITEMS, 4),
    )  # fmt: skip


def gather(world: Any, rows: dict[str, Any], number: int) -> None:
    """So many more: managers with scores, earlier months, versions, entries, reviews, targets."""
    now, month = timezone.now(), _month()
    scored = Score.unscoped.filter(month=month, staff__isnull=False).values("staff_id")
    people = list(Staff.unscoped.filter(unit=rows["unit"]).exclude(pk__in=scored)[:number])
    Score.unscoped.bulk_create(copy(rows["score"], staff_id=member.pk) for member in people)
    for back in range(1, number + 1):
        earlier = {"month": add_months(month, -back)}
        Score.unscoped.bulk_create([copy(rows["score"], **earlier), copy(rows["unit_score"], **earlier)])
    made = ScorecardVersion.unscoped.bulk_create(
        copy(rows["own_rules"], state="retired", year=2000 + place) for place in range(number)
    )
    ScorecardLine.unscoped.bulk_create(
        ScorecardLine(version=version, indicator=_indicator("F14"), weight=100) for version in made
    )
    signed = {"state": "signed", "signed_by_id": world.cast.director.pk, "signed_at": now}
    EnteredResult.unscoped.bulk_create(copy(rows["entry"], **signed) for _ in range(number))
    CompetencyReview.unscoped.bulk_create(copy(rows["review"], staff_id=member.pk) for member in people)
    IndicatorTarget.objects.bulk_create(
        IndicatorTarget(indicator=_indicator("F14"), effective_from=date(2001, 1, 1) + timedelta(days=place), value=90)
        for place in range(number)
    )


LISTS = frozenset({"kpi:card_list", "kpi:scorecard_list", "kpi:target_list", "kpi:entry_list", "kpi:competence_list"})
EMPTY = {"kpi:card_list": ("supervisor", ""), "kpi:entry_list": ("supervisor", "")}
NEVER_EMPTY = frozenset({"kpi:scorecard_list", "kpi:target_list", "kpi:competence_list"})
NOTHING_FOUND = {"kpi:entry_list": ("director", "?state=refused"), "kpi:card_list": ("director", "?month=2020-01")}
FLAGS = frozenset({"is_strict"})

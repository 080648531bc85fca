"""Losses, the churn budget, movements and churn reports: their routes and rows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import Customer
from retention.models import ChurnBase, ChurnCount, ChurnRecord, ChurnReport, Competitor
from tests.guards.crowd import copy
from tests.guards.route_rows import BOSSES, MANAGERS, SETTERS, api, get, page, post

UNITS = f"{BOSSES} market_manager {SETTERS}"
READS = f"{MANAGERS} {UNITS}"
OF_A = f"manager supervisor market_manager {SETTERS}"
UNITS_OF_A = f"supervisor market_manager {SETTERS}"
EDITS = "manager supervisor"
ROUTES = [
    page("retention:loss_list", "", get(READS)),
    page("retention:loss_detail", "loss", get(READS, OF_A), post(READS, OF_A, 403, but={EDITS: 302})),
    page("retention:by_competitor", "", get(READS)),
    page("retention:budget", "", get(READS)),
    page("retention:base_list", "", get(READS)),
    page("retention:movement", "", get(READS)),
    page("retention:movement_rows", "", get(READS)),
    page("retention:report_list", "", get(UNITS)),
    page("retention:report_detail", "churn_report", get(UNITS, UNITS_OF_A)),
    page("retention:report_print", "churn_report", get(UNITS, UNITS_OF_A)),
    page("retention:report_submit", "churn_report", post(BOSSES, "supervisor")),
    page("retention:report_check", "churn_submitted", post(SETTERS)),
    api("api:churn_records", "", "churn:read", get(READS)),
    api("api:churn_record", "loss", "churn:read", get(READS, OF_A)),
]
BODIES = {
    "retention:loss_detail": lambda w: {
        "kind": "ported", "competitor": str(Competitor.objects.get(code="unicom").pk), "cause": "对方资费低",
        "version": "1"},
    "retention:report_submit": lambda w: {"comment": "已核对", "version": "1"},
    "retention:report_check": lambda w: {"decision": "returned", "reason": "补充原因", "version": "1"},
}  # fmt: skip
PROBES = {
    "retention:loss_list": ("manager={manager}", "unit={unit}", "only={unit}", "year=2026", "base=vips", "kind=left",
                            "back=void", "competitor=unicom", "cause=none"),
    "retention:by_competitor": ("unit={unit}", "month=2026-11"),
    "retention:budget": ("unit={unit}", "year=2025"),
    "retention:base_list": ("manager={manager}", "unit={unit}", "of=diamond_gold"),
    "retention:movement": ("unit={unit}", "month=2026-10"),
    "retention:movement_rows": ("manager={manager}&way=lost", "manager={manager}&way=closing", "manager={manager}"),
    "retention:report_list": ("unit={unit}", "state=submitted", "was=late"),
    "api:churn_records": ("kind=left",),
}  # fmt: skip


def furnish(cast: Any, rows: dict[str, Any], who: Any) -> None:
    """A customer of the side who left this month, those of 1 January, a report to be submitted and one submitted."""
    today, now, word = timezone.localdate(), timezone.now(), rows["word"]
    gone = copy(rows["customer"], number=f"KC{rows['unit'].pk:06d}", state="churned", exited_on=today, tier=None)
    gone.save()
    rows["lost"] = gone
    rows["loss"] = loss(rows, gone, today, cause=word)
    ChurnBase.unscoped.bulk_create(
        ChurnBase(year=today.year, customer=customer, customer_kind="vip", unit=rows["unit"], manager=rows["manager"],
                  tier=rows["customer"].tier)
        for customer in (gone, rows["customer"])
    )  # fmt: skip
    ChurnCount.unscoped.create(
        year=today.year, unit=rows["unit"], manager=rows["manager"], vips=2, diamond_gold=1, counted_on=today
    )
    month = today.replace(day=1)
    figures = figures_of(rows["loss"].pk)
    rows["churn_report"] = ChurnReport.unscoped.create(
        unit=rows["unit"], month=month, due_on=today, figures=figures, prepared_at=now, comment=word
    )
    rows["churn_submitted"] = ChurnReport.unscoped.create(
        unit=rows["unit"], month=(month - timedelta(days=1)).replace(day=1), due_on=today, figures=figures,
        prepared_at=now, submitted_at=now, last_submitted_at=now, submitted_by=rows["boss_user"], state="submitted",
        comment=word,
    )  # fmt: skip


def loss(rows: dict[str, Any], customer: Customer, day: date, **more: Any) -> ChurnRecord:
    """A loss of the side's manager."""
    return ChurnRecord.unscoped.create(
        customer=customer, lost_on=day, customer_kind="vip", manager=rows["manager"], unit=rows["unit"],
        tier_at_loss=rows["customer"].tier, recorded_at=timezone.now(), **more,
    )  # fmt: skip


def figures_of(*losses: int) -> dict[str, Any]:
    """What the night fills in."""
    names = ("vips", "diamond", "gold", "silver", "groups", "channels", "left", "ported", "new")
    base = {f"{kind}_{of}": 1 for kind in ("base", "year") for of in ("vips", "diamond_gold")}
    return dict.fromkeys(names, 1) | base | {"competitors": {"unicom": 1}, "records": list(losses)}


def gather(world: Any, rows: dict[str, Any], number: int) -> None:
    """So many more who left, of as many units and competitors as there are, and reports of earlier months."""
    today = timezone.localdate()
    rivals = list(Competitor.objects.values_list("pk", flat=True))
    customers = Customer.unscoped.bulk_create(
        copy(rows["lost"], number=f"KD{rows['unit'].pk:03d}{place:03d}") for place in range(number)
    )
    losses = ChurnRecord.unscoped.bulk_create(
        copy(rows["loss"], customer_id=one.pk, competitor_id=rivals[place % len(rivals)])
        for place, one in enumerate(customers)
    )
    ChurnBase.unscoped.bulk_create(
        ChurnBase(year=today.year, customer=one, customer_kind="vip", unit=rows["unit"], manager=rows["manager"])
        for one in customers
    )
    report = rows["churn_report"]
    report.figures = figures_of(*(one.pk for one in losses))
    report.save()
    ChurnReport.unscoped.bulk_create(
        copy(report, month=date(2010 + place // 12, place % 12 + 1, 1)) for place in range(number)
    )


LISTS = frozenset(
    {"retention:loss_list", "retention:by_competitor", "retention:budget", "retention:base_list", "retention:movement",
     "retention:movement_rows", "retention:report_list", "api:churn_records"}
)  # fmt: skip
EMPTY = {
    "retention:loss_list": ("manager", ""),
    "retention:by_competitor": ("manager", ""),
    "retention:budget": ("manager", ""),
    "retention:base_list": ("manager", ""),
    "retention:movement": ("manager", ""),
    "retention:movement_rows": ("manager", ""),
    "retention:report_list": ("supervisor", ""),
}
NOTHING_FOUND = {
    "retention:loss_list": ("manager", "?q=zzzz"),
    "retention:report_list": ("supervisor", "?was=returned"),
    "retention:by_competitor": ("manager", "?year=2001"),
    "retention:budget": ("manager", "?year=2001"),
    "retention:base_list": ("manager", "?year=2001"),
    "retention:movement": ("manager", "?month=2001-01"),
    "retention:movement_rows": ("manager", "?month=2001-01"),
}

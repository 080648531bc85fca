"""Results and the rows behind them: each side's manager and unit have figures, frozen ones and a correction."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from kpi.models import Correction, FrozenMonth, Indicator, Result
from tests.guards.crowd import copy
from tests.guards.route_rows import BOSSES, MANAGERS, SETTERS, api, get, page, post

READS = f"{MANAGERS} {BOSSES} market_manager group_department business_support director"
UNITS = f"{BOSSES} market_manager group_department business_support director"
SEES_A = "manager supervisor market_manager group_department business_support director"
ASKS = f"{BOSSES} {SETTERS}"
THIS = timezone.localdate().replace(day=1)
LAST = (THIS - timedelta(days=1)).replace(day=1)
LAST_MONTH = f"{LAST:%Y-%m}"
ROUTES = [
    page("kpi:dashboard", "", get(READS)),
    page("kpi:manager", "manager", get(READS, SEES_A)),
    page("kpi:wall", "", get(READS, UNITS)),
    page("kpi:month", LAST_MONTH, get(READS)),
    page("kpi:export", "", get(READS, UNITS), post(READS, UNITS, 200)),
    page("kpi:indicator", "F14", get(READS)),
    page("kpi:rows", "F19", get(READS)),
    # The teammate has no VIP customer, so there is nothing to take along.
    page("kpi:rows_export", "F19", get(READS), post(READS, "", 200, but={"teammate": 400})),
    page("kpi:correction_list", "", get(READS)),
    page("kpi:correction_new", f"F14 {LAST_MONTH} unit", get(ASKS, f"supervisor {SETTERS}"),
         post(ASKS, f"supervisor {SETTERS}")),
    page("kpi:correction_decide", "correction", post(SETTERS)),
    api("api:kpi_results", "", "kpi:read", get(READS)),
    api("api:kpi_indicators", "", "kpi:read", get(READS)),
]  # fmt: skip
BODIES: dict[str, Any] = {
    "kpi:export": lambda w: {"reason": "月度例会"},
    "kpi:rows_export": lambda w: {"reason": "月度例会"},
    "kpi:correction_new": lambda w: {"numerator": "1", "denominator": "1", "reason": "系统漏计"},
    "kpi:correction_decide": lambda w: {"grant": "yes", "remark": "属实"},
}
MONTH = f"month={LAST_MONTH}"
PROBES = {
    "kpi:dashboard": ("unit={unit}", MONTH, "by=managers", "by=units", "light=red"),
    "kpi:manager": (MONTH, "light=red"),
    "kpi:wall": ("unit={unit}",),
    "kpi:month": ("unit={unit}", "manager={manager}"),
    "kpi:export": ("unit={unit}", "by=managers"),
    "kpi:indicator": ("unit={unit}", "manager={manager}", MONTH, "by=managers"),
    "kpi:rows": ("unit={unit}", "manager={manager}", "unit={unit}&nobody=1", f"{MONTH}&only=missing"),
    "kpi:rows_export": ("unit={unit}", "manager={manager}"),
    "kpi:correction_list": ("tab=decided",),
    "api:kpi_results": ("unit={unit_code}", "manager={staff_number}", "is_unit=true"),
}  # fmt: skip
CODES = ("F14", "F19", "F24a", "F39")


def furnish(cast: Any, rows: dict[str, Any], who: Any) -> None:
    """Of the running month and the last one, which is frozen."""
    now, word = timezone.now(), rows["word"]
    FrozenMonth.objects.get_or_create(month=LAST, defaults={"frozen_at": now})
    known = {row.code: row for row in Indicator.objects.filter(code__in=CODES)}
    for code in CODES:
        for month, frozen_at in ((THIS, None), (LAST, now)):
            common = {
                "indicator": known[code], "period_on": month, "unit": rows["unit"], "numerator": 3, "denominator": 4,
                "value": Decimal(75), "value_before_excuses": Decimal(60), "excused": 1, "mendable": 1, "target": 100,
                "is_met": False, "computed_at": now, "frozen_at": frozen_at,
            }  # fmt: skip
            rows[f"{code}_unit"] = Result.unscoped.create(is_unit=True, **common)
            rows[f"{code}_manager"] = Result.unscoped.create(manager=rows["manager"], **common)
    rows["correction"] = Correction.unscoped.create(
        indicator=known["F14"], period_on=LAST, unit=rows["unit"], manager=rows["manager"], numerator=1, denominator=0,
        reason=word, requested_by=rows["boss_user"], requested_at=now, path=rows["unit"].path,
    )  # fmt: skip


def gather(world: Any, rows: dict[str, Any], number: int) -> None:
    """So many more corrections, and figures of earlier months."""
    Correction.unscoped.bulk_create(copy(rows["correction"], state="refused") for _ in range(number))
    month = LAST
    for _place in range(number):
        month = (month - timedelta(days=1)).replace(day=1)
        Result.unscoped.bulk_create(
            copy(rows[f"{code}_{whose}"], period_on=month) for code in CODES for whose in ("unit", "manager")
        )


LISTS = frozenset(
    {"kpi:dashboard", "kpi:manager", "kpi:indicator", "kpi:rows", "kpi:month", "kpi:correction_list", "kpi:wall",
     "api:kpi_results", "api:kpi_indicators"}
)  # fmt: skip
# The frame's four and ten at most (issue 5, Speed).
MOST = dict.fromkeys(("kpi:dashboard", "kpi:manager", "kpi:indicator", "kpi:rows", "kpi:month"), 14)
EMPTY = {"kpi:correction_list": ("supervisor", ""), "kpi:dashboard": ("supervisor", "")}
NOTHING_FOUND = {"kpi:dashboard": ("supervisor", "?light=red")}
MADE_ANEW = frozenset({"kpi:wall"})

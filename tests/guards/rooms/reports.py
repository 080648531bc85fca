"""Reports: their routes and rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from tests.guards.route_rows import BOSSES, MANAGERS, get, page, post
from visits.models import WorkReport

READS = f"{BOSSES} market_manager group_department director"
SEES = f"{MANAGERS} {READS}"
OF_A = "manager supervisor market_manager group_department director"
ROUTES = [
    page("visits:report_list", "", get(SEES)),
    page("visits:report_timeliness", "", get(READS)),
    page("visits:report_detail", "report", get(SEES, OF_A), post(SEES, OF_A, 403, but={"manager": 302})),
    page("visits:report_print", "report", get(SEES, OF_A)),
    page("visits:report_decide", "submitted", post(READS, "supervisor market_manager group_department director")),
]
BODIES = {
    "visits:report_detail": lambda w: {"version": 1, "sales": "平稳", "save": "1"},
    "visits:report_decide": lambda w: {"decision": "returned", "comment": "补充原因"},
}
PROBES = {"visits:report_list": ("state=submitted", "kind=monthly_sales")}
LISTS = {"visits:report_list", "visits:report_timeliness"}
EMPTY = {"visits:report_list": ("manager", "")}
NOTHING_FOUND = {"visits:report_list": ("manager", "?state=read")}


def furnish(cast: Any, rows: dict[str, Any], who: str) -> None:
    """One to be written and one submitted."""
    first = timezone.localdate().replace(day=1)
    common = {"staff": rows["manager"], "unit": rows["unit"], "due_on": timezone.localdate(),
              "prepared_at": timezone.now(), "kind": "monthly_sales", "figures": {"visits": 3}}  # fmt: skip
    starts = (first - timedelta(days=1)).replace(day=1)
    rows["report"] = WorkReport.unscoped.create(
        starts_on=starts, ends_on=first - timedelta(days=1), sections={"sales": rows["word"]}, **common
    )
    before = (starts - timedelta(days=1)).replace(day=1)
    rows["submitted"] = WorkReport.unscoped.create(
        starts_on=before, ends_on=starts - timedelta(days=1), state="submitted", submitted_at=timezone.now(),
        sections={"sales": rows["word"]}, comment=rows["word"], **common,
    )  # fmt: skip


def gather(world: Any, rows: dict[str, Any], number: int) -> None:
    """So many more."""
    first = timezone.localdate()
    WorkReport.unscoped.bulk_create(
        WorkReport(kind="monthly_sales", staff=rows["manager"], unit=rows["unit"], prepared_at=timezone.now(),
                   starts_on=first - timedelta(days=100 + index), ends_on=first, due_on=first)
        for index in range(number)
    )  # fmt: skip

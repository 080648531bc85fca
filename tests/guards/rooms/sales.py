"""Quotas and orders: the side's unit and manager have a quota each, and an order in effect."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from crm.core import attachments
from crm.core.models import Job
from sales.models import Quota, SalesOrder
from tests.guards.crowd import copy
from tests.guards.route_rows import BOSSES, MANAGERS, SETTERS, api, get, page, post

READS = f"{MANAGERS} {BOSSES} market_manager group_department director"
SETS_QUOTAS = f"{BOSSES} {SETTERS}"
UNITS = f"{BOSSES} market_manager group_department director"
OWED = "handler business_support"
CSV = "订单编号,工号,状态,生效日期\nSO-9,M1001,已生效,2026-01-05\n".encode()
ROUTES = [
    # Who has units and no quota of his own is sent to them; who sees no quotas, to what customers owe.
    page("sales:home", "", get(f"{READS} {OWED}", but={f"{UNITS} {OWED}": 302})),
    page("sales:order_list", "", get(READS)),
    page("sales:quota_list", "", get(READS, but={MANAGERS: 302})),
    page("sales:quota_set", "", get(SETS_QUOTAS), post(SETS_QUOTAS, but={"stranger_supervisor": 302})),
    page("sales:import_new", "", get(SETTERS), post(SETTERS)),
    page("sales:import_sample", "orders", get(SETTERS)),
    page("sales:import_detail", "sales_import", get(SETTERS, "group_department")),
    page("sales:import_progress", "sales_import", get(SETTERS, "group_department")),
    page("sales:import_commit", "sales_import", post(SETTERS, "group_department")),
    api("api:sales_orders", "", "sales:read", get(READS), post(SETTERS, "", 207, but={
        "billing": 207, "strange-billing": 207})),
    api("api:sales_quotas", "", "sales:read", get(READS), post(SETTERS, "", 200, but={
        "strange-billing": 207})),
]  # fmt: skip
BODIES: dict[str, Any] = {
    "sales:quota_set": lambda w: {f"s{w.rows['a']['manager'].pk}": "31"},
    "sales:import_new": lambda w: {"source": "boss", "file": SimpleUploadedFile("orders.csv", CSV)},
    "api:sales_orders": lambda w: {"items": [
        {"external_id": "N-1", "staff": "M1001", "state": "promised", "ordered_on": "2026-01-05"},
        {"external_id": ""}]},
    "api:sales_quotas": lambda w: {"items": [{"month": "2026-01", "staff": "M1001", "target": 30}]},
}  # fmt: skip
PROBES = {
    "sales:home": ("staff={manager}",),
    "sales:order_list": ("staff={manager}", "unit={unit}", "state=effective"),
    "sales:quota_list": ("unit={unit}",),
    "sales:quota_set": ("unit={unit}",),
    "api:sales_orders": ("state=effective",),
    "api:sales_quotas": ("metric=activation",),
}


def furnish(cast: Any, rows: dict[str, Any], who: Any) -> None:
    """Of the running month."""
    now, word = timezone.now(), rows["word"]
    today = timezone.localdate(now)
    about = {"metric": "activation", "month": today.replace(day=1), "unit": rows["unit"], "set_at": now}
    rows["unit_quota"] = Quota.unscoped.create(target=60, **about)
    rows["quota"] = Quota.unscoped.create(staff=rows["manager"], target=30, **about)
    rows["sale"] = SalesOrder.unscoped.create(
        source="boss", external_id=f"{word}-1", staff=rows["manager"], unit=rows["unit"], customer=rows["customer"],
        metric="activation", quantity=2, state="effective", ordered_on=today, effective_on=today, updated_at=now,
    )  # fmt: skip
    officer = cast.group_department
    file = attachments.store(ContentFile(CSV, name="sales.csv"), by=officer, now=now)
    params = {"is_dry": True, "file": file.pk, "name": "sales.csv", "what": "orders", "source": "boss"}
    rows["sales_import"] = Job.objects.create(
        kind="import_sales", by=officer, created_at=now, state="done", params=params,
        result={"rows": 1, "created": 1, "updated": 0, "unchanged": 0, "stale": 0, "failed": 0, "is_dry": True},
    )  # fmt: skip


def gather(world: Any, rows: dict[str, Any], number: int) -> None:
    """So many more of everything."""
    sale, quota = rows["sale"], rows["quota"]
    SalesOrder.unscoped.bulk_create(copy(sale, external_id=f"more-{sale.pk}-{place}") for place in range(number))
    month = quota.month
    for _place in range(number):
        month = (month - timedelta(days=1)).replace(day=1)
        Quota.unscoped.bulk_create([copy(quota, month=month), copy(rows["unit_quota"], month=month)])
    Job.objects.bulk_create(copy(rows["sales_import"]) for _ in range(number))


LISTS = frozenset(
    {"sales:home", "sales:order_list", "sales:quota_list", "sales:quota_set", "sales:import_new", "api:sales_orders",
     "api:sales_quotas"}
)  # fmt: skip
EMPTY = {
    "sales:home": ("manager", ""),
    "sales:order_list": ("supervisor", ""),
    "sales:quota_list": ("market_manager", ""),
    "sales:import_new": ("director", ""),
}
NOTHING_FOUND = {"sales:order_list": ("supervisor", "?q=none")}

"""Quotas and orders: the side's unit and manager have a quota each, and an order in effect."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from sales.models import Quota, SalesOrder
from tests.guards.crowd import copy
from tests.guards.route_rows import BOSSES, MANAGERS, SETTERS, api, get, page, post

READS = f"{MANAGERS} {BOSSES} market_manager group_department director"
SETS_QUOTAS = f"{BOSSES} {SETTERS}"
UNITS = f"{BOSSES} market_manager group_department director"
OWED = "handler business_support"
ROUTES = [
    # Who has units and no quota of his own is sent to them; who sees no quotas, to what customers owe.
    page("sales:home", "", get(f"{READS} {OWED}", but={f"{UNITS} {OWED}": 302})),
    page("sales:order_list", "", get(READS)),
    page("sales:quota_list", "", get(READS, but={MANAGERS: 302})),
    page("sales:quota_set", "", get(SETS_QUOTAS), post(SETS_QUOTAS, but={"stranger_supervisor": 302})),
    api("api:sales_orders", "", "sales:read", get(READS), post(SETTERS, "", 207, but={
        "billing": 207, "strange-billing": 207})),
    api("api:sales_quotas", "", "sales:read", get(READS), post(SETTERS, "", 200, but={
        "strange-billing": 207})),
]  # fmt: skip
BODIES: dict[str, Any] = {
    "sales:quota_set": lambda w: {f"s{w.rows['a']['manager'].pk}": "31"},
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


def gather(world: Any, rows: dict[str, Any], number: int) -> None:
    """So many more of everything."""
    sale, quota = rows["sale"], rows["quota"]
    SalesOrder.unscoped.bulk_create(copy(sale, external_id=f"more-{sale.pk}-{place}") for place in range(number))
    month = quota.month
    for _place in range(number):
        month = (month - timedelta(days=1)).replace(day=1)
        Quota.unscoped.bulk_create([copy(quota, month=month), copy(rows["unit_quota"], month=month)])


LISTS = frozenset(
    {"sales:home", "sales:order_list", "sales:quota_list", "sales:quota_set", "api:sales_orders",
     "api:sales_quotas"}
)  # fmt: skip
EMPTY = {
    "sales:home": ("manager", ""),
    "sales:order_list": ("supervisor", ""),
    "sales:quota_list": ("market_manager", ""),
}
NOTHING_FOUND = {"sales:order_list": ("supervisor", "?q=none")}

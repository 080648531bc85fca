"""Needs, credit, guarantees and value through the API; the rows are those of the rooms agreements, money and value."""

from __future__ import annotations

from typing import Any

from tests.guards.bodies import day
from tests.guards.route_rows import READERS, SETTERS, api, get, post

READS = (
    "manager supervisor handler market_manager group_department business_support director teammate stranger"
    " stranger_supervisor"
)

ROUTES = [
    api("api:needs", "", "agreements:read", get(READS), post(SETTERS, "", 200, but={"strange-billing": 207})),
    api("api:credit_accounts", "", "billing:read", get(READS)),
    api("api:guarantees", "", "billing:read", get(READS)),
    api("api:value_assessments", "", "customers:read", get(READERS)),
]
BODIES: dict[str, Any] = {
    "api:needs": lambda w: {"items": [
        {"customer": w.rows["a"]["customer"].number, "type": "tariff", "found_on": day(-9), "text": "要更便宜"}]},
}  # fmt: skip
PROBES = {
    "api:needs": ("type=tariff",),
    "api:credit_accounts": ("state=good",),
    "api:guarantees": ("state=active",),
    "api:value_assessments": ("is_current=true",),
}
LISTS = frozenset({"api:needs", "api:credit_accounts", "api:guarantees", "api:value_assessments"})

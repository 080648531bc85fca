"""Trust between two systems: owners of fields, what came in and when, reconciliation, the directory."""

from __future__ import annotations

from typing import Any

from tests.guards.route_rows import CITY_READERS, DIRECTOR, READERS, SEES_A, SETTERS, api, get, page, patch, post, put

SEES_UNIT_A = f"supervisor handler market_manager {CITY_READERS}"
OUT = {"strange-billing": 404}
ROUTES = [
    page("accounts:field_owner_list", "", get(SETTERS), post(SETTERS)),
    api("api:unit", "A", "directory:read", get(READERS, SEES_UNIT_A), put(DIRECTOR, but=OUT), patch(DIRECTOR, but=OUT)),
    api(
        "api:staff_member",
        "M1001",
        "directory:read",
        get(READERS, SEES_A),
        put(DIRECTOR, but=OUT),
        patch(DIRECTOR, but=OUT),
    ),
    api("api:units_bulk", "", "directory:write", post(DIRECTOR, "", 200, but={"strange-billing": 207})),
    api("api:staff_bulk", "", "directory:write", post(DIRECTOR, "", 200, but={"strange-billing": 207})),
    api("api:reconciliation", "", "customers:read", get(READERS)),
]
BODIES: dict[str, Any] = {
    "accounts:field_owner_list": lambda w: {"field": "email", "source": "billing", "seen": ""},
    "api:unit PUT": lambda w: {"area": "城东"},
    "api:unit PATCH": lambda w: {"area": "城西"},
    "api:staff_member PUT": lambda w: {"phone": "13800138000"},
    "api:staff_member PATCH": lambda w: {"phone": "13800138001"},
    "api:units_bulk": lambda w: {"items": [{"code": "A", "area": "城北"}]},
    "api:staff_bulk": lambda w: {"items": [{"number": "M1001", "phone": "13800138002"}]},
}
NEVER_EMPTY = frozenset({"accounts:field_owner_list"})
LISTS = frozenset({"accounts:field_owner_list"})

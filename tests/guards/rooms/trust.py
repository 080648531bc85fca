"""Trust between two systems: owners of fields, what came in and when, reconciliation, the directory."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from accounts.models import FeedExpectation
from sync.models import Client, SyncEntry
from tests.guards.route_rows import CITY_READERS, DIRECTOR, READERS, SEES_A, SETTERS, api, get, page, patch, post, put

SEES_UNIT_A = f"supervisor handler market_manager {CITY_READERS}"
OUT = {"strange-billing": 404}
ROUTES = [
    page("accounts:field_owner_list", "", get(SETTERS), post(SETTERS)),
    page("sync:client_entries", "client", get(DIRECTOR)),
    page("sync:feed_list", "", get(DIRECTOR), post(DIRECTOR)),
    page("sync:feed_drop", "expectation", post(DIRECTOR)),
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
    "sync:feed_list": lambda w: {
        "source": "billing",
        "kind": "bill",
        "rhythm": "month_day",
        "month_day": "5",
        "expected_by": "09:00",
    },
    "api:unit PUT": lambda w: {"area": "城东"},
    "api:unit PATCH": lambda w: {"area": "城西"},
    "api:staff_member PUT": lambda w: {"phone": "13800138000"},
    "api:staff_member PATCH": lambda w: {"phone": "13800138001"},
    "api:units_bulk": lambda w: {"items": [{"code": "A", "area": "城北"}]},
    "api:staff_bulk": lambda w: {"items": [{"number": "M1001", "phone": "13800138002"}]},
}


def furnish(cast, rows, who):
    """A feed that is expected; what came in from the client of the world is written by its calls."""
    now = timezone.now()
    source = f"feed-{rows['unit'].code.lower()}"
    rows["expectation"] = FeedExpectation.objects.create(source=source, kind="usage", expected_by="09:00", since=now)


def gather(world, rows, number):
    """So many more feeds and calls."""
    now = timezone.now()
    FeedExpectation.objects.bulk_create(
        FeedExpectation(source=f"{rows['expectation'].source}-{place}", kind="usage", expected_by="09:00", since=now)
        for place in range(number)
    )
    client = Client.unscoped.order_by("pk").first()
    SyncEntry.unscoped.bulk_create(
        SyncEntry(client=client, source="billing", kind="usage", rows=3, created=3, at=now) for _ in range(number)
    )


NEVER_EMPTY = frozenset({"accounts:field_owner_list", "sync:client_entries"})
EMPTY = {"sync:feed_list": ("director", "")}
LISTS = frozenset({"accounts:field_owner_list", "sync:feed_list", "sync:client_entries"})

"""Customer movements: fed by the rows of the other rooms, and a key change of each side."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from tests.guards.crowd import copy
from tests.guards.route_rows import MANAGERS, TEAM, get, page
from visits.models import CustomerVoice

ROUTES = [page("workbench:movements", "", get(f"{MANAGERS} {TEAM}"))]
PROBES = {"workbench:movements": ("manager={manager}", "kind=key", "kind=signal", "kind=line", "kind=complaint")}


def furnish(cast: Any, rows: dict[str, Any], who: Any) -> None:
    """Something great has changed at the customer's."""
    now = timezone.now()
    rows["key_change"] = CustomerVoice.unscoped.create(
        customer=rows["customer"], kind="key_change", topic="leadership", text=rows["word"], by=rows["manager_user"],
        said_at=now, reported_at=now, found_on=timezone.localdate(now), source="third_party",
    )  # fmt: skip


def gather(world: Any, rows: dict[str, Any], number: int) -> None:
    """So many more."""
    CustomerVoice.unscoped.bulk_create(copy(rows["key_change"]) for _ in range(number))


LISTS = frozenset({"workbench:movements"})
EMPTY = {"workbench:movements": ("manager", "")}
NOTHING_FOUND = {"workbench:movements": ("manager", "?kind=line")}

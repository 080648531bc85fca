"""Lines, what happened to them, and signs of leaving: of each side's customer and of its firm."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import LifecycleEvent, Line, Signal
from tests.guards.bodies import day
from tests.guards.crowd import copy
from tests.guards.route_rows import (
    BOSSES,
    MANAGERS,
    READERS,
    SEES_A,
    SETTERS,
    api,
    get,
    page,
    post,
)
from tests.guards.world import HERON

NOTES = f"{MANAGERS} {BOSSES}"
WARNED = f"{MANAGERS} {BOSSES} handler market_manager {SETTERS}"
KEY = "4f9c3a52-6f0e-4b57-9a64-3d1a5f0f9c11"
ROUTES = [
    page("accounts:customer_lines", "firm", get(READERS, SEES_A)),
    page("accounts:signal_new", "customer", get(NOTES, "manager supervisor"), post(NOTES, "manager supervisor")),
    api("api:group_members", "", "lines:read", get(READERS), post(MANAGERS, status=207)),
    api("api:lines", "", "lines:read", get(READERS), post(MANAGERS, status=207)),
    api("api:lifecycle_events", "", "lines:read", get(READERS), post(MANAGERS, status=207)),
    api("api:signals", "", "signals:read", get(WARNED), post(NOTES, status=207)),
]
BODIES = {
    "accounts:signal_new": lambda w: {"kind": "asked_to_leave", "text": "要转网", "key": KEY},
    "api:group_members": lambda w: {"items": [
        {"external_id": "N1", "msisdn": "13812340010", "customer": w.pk("firm"), "name": "新成员"},
        {"external_id": "N2", "msisdn": "13812340011"}]},
    "api:lines": lambda w: {"items": [
        {"external_id": "N1", "number": "13812340009", "customer": w.pk("customer"), "opened_on": "2025-01-05"},
        {"external_id": "N2"}]},
    "api:lifecycle_events": lambda w: {"items": [
        {"external_id": "N1", "line": w.pk("line"), "kind": "suspended", "happened_on": day(0)},
        {"external_id": "N2"}]},
    "api:signals": lambda w: {"items": [
        {"external_id": "N1", "customer": w.pk("customer"), "kind": "termination",
         "happened_at": "2026-01-05T10:00:00+08:00"},
        {"external_id": "N2"}]},
}  # fmt: skip
PROBES = {
    "accounts:customer_lines": ("state=active",),
    "api:group_members": ("state=active", "customer={firm}"),
    "api:lines": ("state=active", "customer={customer}"),
    "api:lifecycle_events": ("customer={customer}", "kind=suspended"),
    "api:signals": ("customer={customer}", "kind=port_out_query"),
}


def furnish(cast: Any, rows: dict[str, Any], who: Any) -> None:
    """The firm has a line of its own and one of its member; both it and the customer have something to tell."""
    now, word = timezone.now(), rows["word"]
    number = "13800007101" if word == HERON else "13800007202"
    about = {"opened_on": "2024-01-05", "updated_at": now, "source": "billing"}
    rows["line"] = Line.unscoped.create(
        customer=rows["firm"], member=rows["member"], number=number, external_id=f"{word}L1", **about
    )
    rows["own_line"] = Line.unscoped.create(
        customer=rows["firm"], number=f"{number}9", external_id=f"{word}L2", state="closed",
        closed_on=timezone.localdate(), **about,
    )  # fmt: skip
    told = {"source": "billing", "received_at": now}
    rows["event"] = LifecycleEvent.unscoped.create(
        customer=rows["firm"], line=rows["own_line"], kind="ported_out", destination=word,
        happened_on=timezone.localdate(), external_id=f"{word}E1", **told,
    )  # fmt: skip
    for place, customer in enumerate((rows["firm"], rows["customer"])):
        rows["signal"] = Signal.unscoped.create(
            customer=customer, kind="port_out_query", happened_at=now - timedelta(minutes=5), text=word,
            external_id=f"{word}S{place}", handled_at=now, **told,
        )  # fmt: skip


def gather(world: Any, rows: dict[str, Any], number: int) -> None:
    """So many more of each, of the firm."""
    line, event, signal = rows["own_line"], rows["event"], rows["signal"]
    lines = Line.unscoped.bulk_create(
        copy(line, number=f"1370011{place:04d}", external_id=f"more-{line.pk}-{place}") for place in range(number)
    )
    LifecycleEvent.unscoped.bulk_create(copy(event, line_id=one.pk, external_id=f"more-{one.pk}") for one in lines)
    Signal.unscoped.bulk_create(
        copy(signal, customer_id=owner.pk, external_id=f"more-{owner.pk}-{place}")
        for place in range(number) for owner in (rows["firm"], rows["customer"])
    )  # fmt: skip


LISTS = frozenset({"accounts:customer_lines", "api:group_members", "api:lines", "api:lifecycle_events", "api:signals"})

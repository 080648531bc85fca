"""Cases with plain rows, for tests of the clocks: they must not rest on actions."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from zoneinfo import ZoneInfo

from complaints.models import Case

ZONE = ZoneInfo("Asia/Shanghai")
NUMBERS = count(1)


def at(text):
    """A moment in Shanghai: at("2026-03-02 09:00")."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def case(cast, received_at, *, kind="need", customer="diamond", owner="handler", **more):
    """A case in hand."""
    whom = cast.customers[customer]
    values = {
        "number": f"TS-{received_at:%Y%m%d}-{next(NUMBERS):04d}", "kind": kind, "customer": whom, "channel": "phone",
        "facts": "事情经过", "expectation": "尽快解决", "received_at": received_at, "received_by": cast.manager,
        "logged_at": received_at, "manager_id": whom.manager_id, "unit_id": whom.unit_id,
        "owner": cast.staff[owner] if owner else None, "state": "handling",
    }  # fmt: skip
    return Case.unscoped.create(**values | more)

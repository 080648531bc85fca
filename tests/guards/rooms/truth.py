"""Missed calls, callbacks, care, outings, messages, the guide."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from tests.guards.bodies import clock
from tests.guards.crowd import copy
from tests.guards.route_rows import READERS, SEES_A, VISITORS, api, get, page, post
from visits.models import MissedCall

ROUTES = [
    page("visits:missed_call_list", "", get(f"{READERS} service_centre")),
    page("visits:missed_call_new", "", get(f"{VISITORS} service_centre"),
         post(f"{VISITORS} service_centre", but={"stranger stranger_supervisor": 400})),
    page("visits:missed_call_detail", "missed_call", get(f"{READERS} service_centre", SEES_A),
         post(f"{READERS} service_centre", SEES_A, but={
             "handler market_manager group_department business_support service_director back_office auditor director":
             403})),
    page("visits:missed_call_dial", "missed_call", post(VISITORS, "manager supervisor", 200)),
    page("visits:missed_call_drop", "missed_call", post(VISITORS, "manager supervisor")),
    api("api:missed_calls", "", "missed_calls:write",
        post(f"{VISITORS} service_centre", "", 201,
             but={"teammate stranger stranger_supervisor strange-billing": 400})),
]  # fmt: skip

BODIES = {
    "visits:missed_call_new": lambda w: {"number": w.rows["a"]["other"].phone, "called_at": clock(3)[:16]},
    "visits:missed_call_detail": lambda w: {"outcome": "effective", "content": "已回电"},
    "visits:missed_call_drop": lambda w: {"reason": "打错"},
    "api:missed_calls": lambda w: {
        "number": w.rows["a"]["other"].phone, "called_at": (timezone.now() - timedelta(minutes=3)).isoformat()},
}  # fmt: skip
PROBES = {
    "visits:missed_call_list": ("state=open", "manager={manager}", "late=1"),
}


def furnish(cast, rows, who):
    """One call to be called back, of the side's customer; another customer of the same manager."""
    now = timezone.now()
    rows["other"] = cast.customers["silver"] if rows["unit"].code == "A" else rows["customer"]
    rows["missed_call"] = missed_call(rows, rows["customer"], now - timedelta(minutes=5))


def missed_call(rows, customer, called_at, **more):
    """A call nobody has answered yet."""
    values = {"source": "person", "taken_by": rows["boss_user"], "taken_at": called_at, "manager": rows["manager"],
              "unit": rows["unit"], "holder": rows["manager"], "note": rows["word"]}  # fmt: skip
    return MissedCall.unscoped.create(
        customer=customer, number=customer.phone, called_at=called_at, last_called_at=called_at,
        due_at=called_at + timedelta(minutes=30), **values | more,
    )  # fmt: skip


def gather(world, rows, number):
    """So many more answered calls."""
    MissedCall.unscoped.bulk_create(copy(rows["missed_call"], state="done") for _ in range(number))


LISTS = frozenset({"visits:missed_call_list"})
EMPTY = {"visits:missed_call_list": ("manager", "")}
NOTHING_FOUND = {}

"""Missed calls, callbacks, care, outings, messages, the guide."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from tests.guards.bodies import clock
from tests.guards.crowd import copy
from tests.guards.route_rows import READERS, SEES_A, TEAM, TEAM_OF_A, VISITORS, api, get, page, post
from tests.visits.ledger_world import visit
from visits.models import Callback, MissedCall, Visit

CALLERS = "service_centre business_support"
ASKED = f"{VISITORS} {CALLERS} market_manager group_department director"
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
    page("visits:callback_list", "", get(f"{VISITORS} {CALLERS} market_manager group_department director")),
    page("visits:callback_detail", "callback", get(ASKED, CALLERS), post(ASKED, CALLERS)),
    page("visits:callback_missed", "callback", post(CALLERS)),
    page("visits:callback_dial", "callback", post(CALLERS, status=200)),
    page("visits:callback_object", "denied", post(VISITORS, "manager supervisor", but={"supervisor": 403})),
    page("visits:callback_rule", "objected",
         post(TEAM, TEAM_OF_A, 403, but={"director": 302})),
]  # fmt: skip

BODIES = {
    "visits:missed_call_new": lambda w: {"number": w.rows["a"]["other"].phone, "called_at": clock(3)[:16]},
    "visits:missed_call_detail": lambda w: {"outcome": "effective", "content": "已回电"},
    "visits:missed_call_drop": lambda w: {"reason": "打错"},
    "visits:callback_detail": lambda w: {"took_place": "no", "remark": "没有来过"},
    "visits:callback_object": lambda w: {"text": "有记录"},
    "visits:callback_rule": lambda w: {"grant": "yes", "remark": "属实"},
    "api:missed_calls": lambda w: {
        "number": w.rows["a"]["other"].phone, "called_at": (timezone.now() - timedelta(minutes=3)).isoformat()},
}  # fmt: skip
PROBES = {
    "visits:callback_list": ("state=open", "state=answered", "month=2026-11", "staff={manager}"),
    "visits:missed_call_list": ("state=open", "manager={manager}", "late=1"),
}


def furnish(cast, rows, who):
    """One call to be called back, of the side's customer; another customer of the same manager."""
    now = timezone.now()
    rows["other"] = cast.customers["silver"] if rows["unit"].code == "A" else rows["customer"]
    rows["missed_call"] = missed_call(rows, rows["customer"], now - timedelta(minutes=5))
    asked = {"staff": rows["manager"], "unit": rows["unit"], "drawn_on": timezone.localdate()}
    rows["callback"] = callback(cast, rows, who, 40, **asked)
    answered = {"state": "denied", "took_place": False, "answered_by": cast.director, "answered_at": now}
    rows["denied"] = callback(cast, rows, who, 41, remark=rows["word"], **asked, **answered)
    rows["objected"] = callback(
        cast, rows, who, 42, objection=rows["word"], objected_at=now, judge=cast.staff["director"], **asked,
        **answered | {"answered_by": cast.business_support},
    )  # fmt: skip


def callback(cast, rows, who, days_ago, **values):
    """A contact of long ago, drawn and perhaps answered."""
    day = timezone.localdate() - timedelta(days=days_ago)
    made = visit(
        rows["customer"], day, cast=cast, by=who["manager"], counts=False, content=rows["word"], client_key=uuid4()
    )
    return Callback.unscoped.create(visit=made, month=day.replace(day=1), **values)


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
    visits = Visit.unscoped.bulk_create(copy(rows["older_visit"], client_key=uuid4()) for _ in range(2 * number))
    Callback.unscoped.bulk_create(
        copy(rows["denied" if place % 2 else "callback"], visit_id=made.pk) for place, made in enumerate(visits)
    )


LISTS = frozenset({"visits:missed_call_list", "visits:callback_list"})
EMPTY = {"visits:missed_call_list": ("manager", ""), "visits:callback_list": ("service_centre", "")}
NOTHING_FOUND = {
    "visits:missed_call_list": ("manager", "?late=1"),
    "visits:callback_list": ("supervisor", "?state=answered"),
}
QUIET = frozenset({"visits:callback_dial"})  # a look at a number is in the access log

"""Missed calls, callbacks, care, outings, messages, the guide."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from django.utils import timezone

from conduct.models import Outing
from crm.core.models import Delivery
from tests.guards.bodies import clock, day
from tests.guards.crowd import copy
from tests.guards.route_rows import (
    ALL,
    BOSSES,
    READERS,
    SEES_A,
    SETTERS,
    TEAM,
    TEAM_OF_A,
    VISITORS,
    api,
    get,
    page,
    post,
)
from tests.visits.ledger_world import visit
from visits.models import Callback, CallTest, MissedCall, Visit, WeatherWarning

OUT = f"{VISITORS} market_manager group_department director"
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
    api("api:missed_calls", "", "visits:read", get(READERS),
        post(f"{VISITORS} service_centre", "", 201,
             but={"teammate stranger stranger_supervisor strange-billing": 400})),
    page("core:notice_choices", "", get(ALL), post(ALL)),
    page("core:outbox_list", "", get(SETTERS)),
    page("core:outbox_again", "message", post(SETTERS)),
    page("core:guide_list", "", get(ALL)),
    page("core:guide_detail", "polite_words", get(ALL)),
    page("core:guide_new", "", get(SETTERS), post(SETTERS)),
    page("core:guide_edit", "polite_words", get(SETTERS), post(SETTERS)),
    page("visits:call_test_list", "", get(f"{BOSSES} {CALLERS} market_manager group_department director"),
         post(f"{BOSSES} {CALLERS} market_manager group_department director", status=302,
              but={f"{BOSSES} market_manager group_department director": 403})),
    page("visits:weather_list", "", get(SETTERS), post(SETTERS)),
    page("visits:trip_new", "customer", get(VISITORS, "manager supervisor"), post(VISITORS, "manager supervisor")),
    api("api:weather_warnings", "", "care:write", post(SETTERS, "", 201)),
    page("conduct:outing_list", "", get(OUT)),
    page("conduct:outing_new", "", get(VISITORS), post(VISITORS)),
    page("conduct:outing_leave", "", post(VISITORS, but={"teammate stranger supervisor stranger_supervisor": 404})),
    page("conduct:outing_back", "outing", post(VISITORS, "manager")),
    page("conduct:outing_cancel", "registered", post(VISITORS, "manager")),
    page("conduct:reconciliation", "", get(OUT)),
    page("visits:callback_list", "", get(f"{VISITORS} {CALLERS} market_manager group_department director")),
    page("visits:callback_detail", "callback", get(ASKED, CALLERS), post(ASKED, CALLERS)),
    page("visits:callback_missed", "callback", post(CALLERS)),
    page("visits:callback_dial", "callback", post(CALLERS, status=200)),
    page("visits:callback_object", "denied", post(VISITORS, "manager supervisor", but={"supervisor": 403})),
    page("visits:callback_rule", "objected",
         post(TEAM, TEAM_OF_A, 403, but={"director": 302})),
]  # fmt: skip

GUIDE_TEXT = {
    "area": "skills", "is_shown": "on", "title_zh": "新", "title_en": "New", "body_zh": "正文", "body_en": "Text",
}  # fmt: skip
BODIES = {
    "visits:missed_call_new": lambda w: {"number": w.rows["a"]["other"].phone, "called_at": clock(3)[:16]},
    "visits:missed_call_detail": lambda w: {"outcome": "effective", "content": "已回电"},
    "visits:missed_call_drop": lambda w: {"reason": "打错"},
    "core:notice_choices": lambda w: {
        "channels": ["email"], "wants_digest": "on", "quiet_from": "21:00", "quiet_to": "07:00"},
    "core:guide_new": lambda w: GUIDE_TEXT,
    "core:guide_edit": lambda w: GUIDE_TEXT | {"version": "1"},
    "visits:call_test_list": lambda w: {
        "staff_number": "M1001", "called_at": clock(600)[:16], "minutes": "12", "remark": "晚间测试"},
    "visits:weather_list": lambda w: {
        "district": "城东", "text": "明天降温十度", "starts_on": day(0), "ends_on": day(1)},
    "visits:trip_new": lambda w: {"leaves_on": day(2), "destination": "北京"},
    "api:weather_warnings": lambda w: {
        "district": "城东", "text": "有暴雨", "starts_on": day(0), "ends_on": day(1)},
    "conduct:outing_new": lambda w: {
        "destination": "江城港", "purpose": "面谈", "leaves_at": clock(-5)[:16], "returns_at": clock(-90)[:16]},
    "conduct:outing_leave": lambda w: {"outing": w.pk("registered_now")},
    "visits:callback_detail": lambda w: {"took_place": "no", "remark": "没有来过"},
    "visits:callback_object": lambda w: {"text": "有记录"},
    "visits:callback_rule": lambda w: {"grant": "yes", "remark": "属实"},
    "api:missed_calls": lambda w: {
        "number": w.rows["a"]["other"].phone, "called_at": (timezone.now() - timedelta(minutes=3)).isoformat()},
}  # fmt: skip
PROBES = {
    "conduct:outing_list": ("staff={manager}", "state=back"),
    "conduct:reconciliation": ("staff={manager}", "month=2026-10"),
    "visits:callback_list": ("state=open", "state=answered", "month=2026-11", "staff={manager}"),
    "visits:missed_call_list": ("state=open", "manager={manager}", "late=1"),
    "api:missed_calls": ("state=waiting", "customer={customer}"),
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
    rows["call_test"] = CallTest.unscoped.create(
        staff=rows["manager"], unit=rows["unit"], called_at=now - timedelta(hours=2), was_answered=False, minutes=9,
        remark=rows["word"], by=cast.service_centre, at=now,
    )  # fmt: skip
    rows["message"] = Delivery.objects.create(
        user=rows["manager_user"], channel="wecom", kind="digest", occasion=f"d{rows['unit'].code}", title="3",
        body="·", state="failed", made_at=now, try_after=now,
    )  # fmt: skip
    rows["registered"] = outing(rows, 0)
    rows["registered_now"] = rows["registered"]
    left = now - timedelta(days=20)
    rows["outing"] = outing(rows, 20, state="back", left_at=left, back_at=left + timedelta(hours=1))
    rows["objected"] = callback(
        cast, rows, who, 42, objection=rows["word"], objected_at=now, judge=cast.staff["director"], **asked,
        **answered | {"answered_by": cast.business_support},
    )  # fmt: skip


def outing(rows, days_ago, **values):
    """An outing of the side's manager."""
    leaves = timezone.now() - timedelta(days=days_ago)
    common = {"staff": rows["manager"], "unit": rows["unit"], "supervisor": rows["boss"], "destination": rows["word"],
              "purpose": rows["word"], "registered_at": leaves, "registered_by": rows["manager_user"]}  # fmt: skip
    return Outing.unscoped.create(
        day=timezone.localdate(leaves), leaves_at=leaves, returns_at=leaves + timedelta(hours=2), **common | values
    )


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
    Delivery.objects.bulk_create(copy(rows["message"], occasion=f"x{place}") for place in range(number))
    user = rows["boss_user"]
    CallTest.unscoped.bulk_create(
        copy(rows["call_test"], called_at=rows["call_test"].called_at - timedelta(minutes=place + 1))
        for place in range(number)
    )
    WeatherWarning.objects.bulk_create(
        WeatherWarning(district="城东", text=f"第{place}次", starts_on="2026-11-01", ends_on="2026-11-02", by=user,
                       at=timezone.now())
        for place in range(number)
    )  # fmt: skip
    Outing.unscoped.bulk_create(copy(rows["outing"]) for _ in range(number))
    visits = Visit.unscoped.bulk_create(copy(rows["older_visit"], client_key=uuid4()) for _ in range(2 * number))
    Callback.unscoped.bulk_create(
        copy(rows["denied" if place % 2 else "callback"], visit_id=made.pk) for place, made in enumerate(visits)
    )


LISTS = frozenset(
    {
        "visits:weather_list",
        "visits:call_test_list",
        "core:guide_list",
        "conduct:outing_list",
        "conduct:reconciliation",
        "core:outbox_list",
        "visits:callback_list",
        "visits:missed_call_list",
        "api:missed_calls",
    }
)
EMPTY = {
    "visits:call_test_list": ("service_centre", ""),
    "visits:weather_list": ("director", ""),
    "core:outbox_list": ("director", ""),
    "conduct:outing_list": ("manager", ""),
    "visits:missed_call_list": ("manager", ""),
    "visits:callback_list": ("service_centre", ""),
}
NEVER_EMPTY = frozenset({"core:guide_list"})
NOTHING_FOUND = {
    "core:guide_list": ("manager", "?q=zzzz"),
    "core:outbox_list": ("director", "?state=failed"),
    "conduct:outing_list": ("manager", "?state=out"),
    "visits:missed_call_list": ("manager", "?late=1"),
    "visits:callback_list": ("supervisor", "?state=answered"),
}
QUIET = frozenset({"visits:callback_dial", "conduct:outing_back"})
"""A look at a number is in the access log; who is back already comes back once more without a trace."""
FLAGS = frozenset({"wants_digest", "is_shown", "leaving", "was_answered"})

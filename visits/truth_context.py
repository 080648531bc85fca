"""What the templates of missed calls and callbacks are given, and how their addresses are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.queries import names
from crm.core import parameters
from crm.core.abilities import Access
from crm.core.addresses import Chip, given_of, unknown_value, with_values, without
from crm.core.asked import Asked
from visits.choices import CallbackState, MissedState
from visits.filters import read_day, read_id
from visits.forms import CallBackForm, CallbackForm, CallTestForm, DecisionForm, DropForm, ObjectionForm
from visits.page_context import channel_icon, month_of
from visits.queries.call_tests import call_tests, service_reached
from visits.queries.callbacks import CallbackFilters, CallbackRow, TruthRow
from visits.queries.missed_calls import MissedCallFilters, MissedCallRow

MISSED_FILTERS = ("state", "manager", "from", "to", "late", "before")


def read_missed_calls(params: QueryDict) -> tuple[dict[str, str], MissedCallFilters]:
    """The address of the list of missed calls; raises `Invalid` naming the first wrong value."""
    given = dict(given_of(params, MISSED_FILTERS))
    state = given.get("state", "")
    if state and state != "open" and state not in MissedState.values:
        raise unknown_value("state")
    if given.get("late", "1") != "1":
        raise unknown_value("late")
    filters = MissedCallFilters(
        state=state,
        manager_id=read_id(given["manager"], "manager") if "manager" in given else None,
        first=read_day(given["from"], "from") if "from" in given else None,
        last=read_day(given["to"], "to") if "to" in given else None,
        late="late" in given,
    )
    given.pop("before", None)
    return given, filters


def missed_list_context(
    request: Asked, rows: Sequence[MissedCallRow], following: int | None, given: Mapping[str, str], now: datetime
) -> dict[str, Any]:
    """The list with its filters."""
    return {
        "rows": rows,
        "late": {row.id for row in rows if row.is_late(now)},
        "quick": [
            _quick(request, given, "state", "open", _("Still open")),
            _quick(request, given, "late", "1", _("Passed to others")),
            _quick(request, given, "state", "done", str(MissedState.DONE.label)),
        ],
        "chips": _chips(request, given),
        "is_narrowed": bool(given),
        "can_take": request.access.can("take_missed_calls"),
        "more_url": with_values(request.GET, before=str(following)) if following else "",
    }


def _quick(request: Asked, given: Mapping[str, str], name: str, value: str, label: str) -> dict[str, Any]:
    is_on = given.get(name) == value
    url = without(request.GET, name, "before") if is_on else with_values(request.GET, **{name: value})
    return {"label": label, "url": url, "is_on": is_on}


def _chips(request: Asked, given: Mapping[str, str]) -> list[Chip]:
    labels = {"from": _("From day"), "to": _("Until day")}
    found = [(name, f"{labels[name]} {raw}") for name, raw in given.items() if name in labels]
    if "manager" in given:
        found.append(("manager", names.staff_name(int(given["manager"])) or given["manager"]))
    return [Chip(label, without(request.GET, name, "before")) for name, label in found]


def missed_call_context(request: Asked, row: MissedCallRow, form: CallBackForm, now: datetime) -> dict[str, Any]:
    """One missed call with what this reader may do."""
    access: Access = request.access
    mine = access.staff_id is not None and access.staff_id == row.holder_id
    can_answer = row.is_open and (mine or (row.is_visible and access.can("log_visits")))
    return {
        "row": row,
        "form": form,
        "drop_form": DropForm(),
        "can_answer": can_answer,
        "is_passed_on": mine and not row.is_visible,
        "wait_text": wait_words(row, now),
        "is_late": row.is_late(now),
    }


def wait_words(row: MissedCallRow, now: datetime) -> str:
    """How long the customer has waited, or waited."""
    until = row.tried_at or now
    minutes = max(int((until - row.called_at).total_seconds() // 60), 0)
    if row.tried_at is None:
        return ngettext("waits for %(n)d minute", "waits for %(n)d minutes", minutes) % {"n": minutes}
    return ngettext("called back after %(n)d minute", "called back after %(n)d minutes", minutes) % {"n": minutes}


# --- Callbacks

CALLBACK_FILTERS = ("state", "staff", "month", "before")
CALLBACK_STATES = ("open", "answered", "objected", "drawn", "true", *CallbackState.values)


def read_callbacks(params: QueryDict, access: Access, today: date) -> tuple[dict[str, str], CallbackFilters]:
    """The address of the callback list; who calls begins with the queue, others with this month's answers."""
    given = dict(given_of(params, CALLBACK_FILTERS))
    given.pop("before", None)
    if not given:
        given = {"state": "open"} if access.can("call_back_customers") else {}
    if given.get("state", "open") not in CALLBACK_STATES:
        raise unknown_value("state")
    month = month_of(given["month"], today).first if "month" in given else None
    staff_id = read_id(given["staff"], "staff") if "staff" in given else None
    return given, CallbackFilters(state=given.get("state", ""), staff_id=staff_id, month=month)


def callback_list_context(
    request: Asked,
    rows: Sequence[CallbackRow],
    following: int | None,
    given: Mapping[str, str],
    truth: Sequence[TruthRow],
    filters: CallbackFilters,
    today: date,
) -> dict[str, Any]:
    """Tabs, rows, and F49 of a month by person when a month is asked for."""
    access: Access = request.access
    here = reverse("visits:callback_list")
    this_month = today.strftime("%Y-%m")
    tabs = [("open", _("To be called"), "?state=open")] if access.can("call_back_customers") else []
    tabs += [
        ("answered", _("Answered"), "?state=answered"),
        ("denied", str(CallbackState.DENIED.label), "?state=denied"),
        ("objected", _("Objections"), "?state=objected"),
    ]
    if access.can_any("call_back_customers", "view_team"):
        tabs.append(("month", _("Truth of records"), f"?month={this_month}"))
    current = "month" if filters.month and not filters.state else filters.state
    return {
        "rows": rows,
        "truth": [
            {
                "row": row,
                "url": f"{here}?month={filters.month:%Y-%m}&state=answered&staff={row.staff_id}",
                "drawn_url": f"{here}?month={filters.month:%Y-%m}&state=drawn&staff={row.staff_id}",
                "true_url": f"{here}?month={filters.month:%Y-%m}&state=true&staff={row.staff_id}",
            }
            for row in truth
        ]
        if filters.month and filters.staff_id is None
        else [],
        "tabs": [{"label": label, "url": here + url, "is_current": key == current} for key, label, url in tabs],
        "month": f"{filters.month:%Y-%m}" if filters.month else "",
        "person": names.staff_name(filters.staff_id) if filters.staff_id else "",
        "can_call": access.can("call_back_customers"),
        "more_url": with_values(request.GET, before=str(following)) if following else "",
    }


def callback_context(
    request: Asked,
    row: CallbackRow,
    now: datetime,
    *,
    form: CallbackForm | None = None,
    objection_form: ObjectionForm | None = None,
    ruling_form: DecisionForm | None = None,
) -> dict[str, Any]:
    """One callback with what this reader may do."""
    access: Access = request.access
    days = timedelta(days=int(parameters.value("objection_days", timezone.localdate(now))))
    in_time = row.answered_at is not None and now <= row.answered_at + days
    mine = access.staff_id is not None and access.staff_id == row.staff_id
    return {
        "row": row,
        "form": form or CallbackForm(is_on_site=row.is_on_site),
        "objection_form": objection_form or ObjectionForm(),
        "ruling_form": ruling_form or DecisionForm(),
        "can_call": row.is_open and access.can("call_back_customers"),
        "can_object": mine and row.state == CallbackState.DENIED and row.objected_at is None and in_time,
        "can_rule": row.objected_at is not None and row.ruled_at is None and access.staff_id == row.judge_id,
        "can_open": access.scope.is_empty is False and access.can("view_customers"),
        "icon_name": channel_icon(row.channel_code),
    }


# --- Test calls


def call_test_context(request: Asked, form: CallTestForm, today: date) -> dict[str, Any]:
    """A month's tests, F12 by person, the form of whoever tests."""
    given = dict(given_of(request.GET, ("month", "staff", "reached")))
    month = month_of(given.get("month", ""), today)
    staff_id = read_id(given["staff"], "staff") if "staff" in given else None
    if given.get("reached", "1") != "1":
        raise unknown_value("reached")
    access: Access = request.access
    scope = access.scope_for("view_team").union(access.scope_for("call_back_customers"))
    rows = call_tests(scope, first=month.first, last=month.last, staff_id=staff_id)
    return {
        "month": month,
        "person": names.staff_name(staff_id) if staff_id else "",
        "rows": [row for row in rows if row.is_reached] if given.get("reached") else rows,
        "shares": service_reached(scope, first=month.first, last=month.last) if staff_id is None else [],
        "form": form,
        "can_test": access.can("call_back_customers"),
    }

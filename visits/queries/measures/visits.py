"""How visits were made: signed, short enough, and the service outside office hours (F12, F28, F46).

This is the work of the person who did it, whoever is the manager of record: cover and handover change nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.queries.holders import was_manager
from crm.core import parameters
from crm.core.measure_sql import day_of, in_period
from crm.core.measures import Measure, Time

IS_SHORT = "(coalesce(v.ended_at - v.occurred_at, interval '0') <= make_interval(mins => {minutes}))"
"""F46, CON-28: a visit `v` of at most so many minutes; a length that nobody noted is short."""

_MADE = f"{in_period('v.occurred_at')} AND v.undone_at IS NULL AND {was_manager('v.staff_id', 'v.occurred_on')}"

_SIGNED = f"""
SELECT v.staff_id AS manager_id, v.unit_id, v.occurred_on AS day, (k.customer_signed_at IS NOT NULL)::int AS numerator,
  1 AS denominator, 0 AS excused, (k.customer_signed_at IS NULL)::int AS mendable, v.id AS ref, v.customer_id
FROM visits_visit v JOIN visits_checkin k ON k.visit_id = v.id AND k.wants_customer
WHERE {_MADE}
"""
_SHORT_CALLS = f"""
SELECT v.staff_id AS manager_id, v.unit_id, v.occurred_on AS day,
  {IS_SHORT.format(minutes="%(call_minutes)s")}::int AS numerator,
  1 AS denominator, 0 AS excused, 0 AS mendable, v.id AS ref, v.customer_id
FROM visits_visit v JOIN visits_channel h ON h.id = v.channel_id AND h.code = 'phone'
WHERE {_MADE}
"""
IS_REACHED = "(t.was_answered OR coalesce(t.minutes <= {minutes}, false))"
"""KPI-26: a test call `t` was answered, or called back within so many minutes."""
_TESTED_ON = day_of("t.called_at")
_TESTS = f"""
SELECT t.staff_id AS manager_id, t.unit_id, {_TESTED_ON} AS day,
  {IS_REACHED.format(minutes="%(call_back_minutes)s")}::int AS numerator,
  1 AS denominator, 0 AS excused, 0 AS mendable, t.id AS ref, NULL::bigint AS customer_id
FROM visits_calltest t
WHERE {in_period("t.called_at")} AND {was_manager("t.staff_id", _TESTED_ON)}
"""


def _call_minutes(time: Time) -> Mapping[str, Any]:
    return {"call_minutes": int(parameters.value("call_minutes", time.last))}


def _call_back_minutes(time: Time) -> Mapping[str, Any]:
    return {"call_back_minutes": int(parameters.value("call_back_minutes", time.last))}


VISITS_SIGNED = Measure("visits_signed", "visits_visit", _SIGNED, ("visits_visit", "visits_checkin"))
"""F28, CON-24: on-site visits with the customer's signature, of all that ask for one."""
CALLS_WITHIN_LIMIT = Measure(
    "calls_within_limit", "visits_visit", _SHORT_CALLS, ("visits_visit",), params=_call_minutes
)
"""F46, KPI-53: phone contacts of at most ten minutes, of all phone contacts."""
CALLS_24H = Measure("calls_24h", "visits_calltest", _TESTS, ("visits_calltest",), params=_call_back_minutes)
"""F12, KPI-26: test calls outside office hours that were answered or called back within half an hour."""

"""Plans, work logs, their review, planned visits and special visits (KPI-37, PLAN-5, 7, 8; F26, F27, F29)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from accounts.queries.holders import holder_on, is_away, was_manager
from crm.core import parameters
from crm.core.measure_sql import day_of, in_period, setting_on, settings
from crm.core.measures import Measure, Share, Time
from visits.queries import review_sql as review

SPECIAL_HOURS = "special_visit_hours"
DONE_ON_THE_DAY = "i.state = 'done' AND v.occurred_on = i.planned_on"
"""PLAN-7: an item `i` whose visit `v` took place on the day that was planned."""
FOUND_ON = day_of("x.found_at")
SPECIAL_DUE_AT = f"(x.found_at + make_interval(hours => {setting_on(SPECIAL_HOURS, FOUND_ON)}))"
"""PLAN-8: until when a special visit `x` is in time, by the parameter of the day of discovery."""


OTHERS = 10**15
"""From here on stand the numbers of rows that are none of the table the measure names: never those of its own rows.

Not under negative numbers: those are customers that are only there to divide by.
"""
_PEOPLE = ("accounts_post", "accounts_staff")
NOTHING = Share(Decimal(), Decimal(), 0, 0)
"""Of somebody without a row."""


def of_days(first: date, last: date, today: date) -> Time:
    """Some days as pages ask for them, at the end of this day."""
    return Time(first, last, today, timezone.make_aware(datetime.combine(today, time.max)))


def _review(_time: Time) -> Mapping[str, Any]:
    return review.values()


def _loggable(at: Time) -> Mapping[str, Any]:
    """A visit may still be logged for so many days (CON-34)."""
    return {"loggable_from": at.today - timedelta(days=int(parameters.value("back_dating_days", at.today)))}


PLANS_ON_TIME = Measure(
    "plans_on_time",
    "visits_plan",
    f"""
SELECT p.staff_id AS manager_id, s.unit_id, p.starts_on AS day, (NOT {review.PLAN_LATE})::int AS numerator,
  1 AS denominator, 0 AS excused, 0 AS mendable, p.id AS ref, NULL::bigint AS customer_id
FROM visits_plan p JOIN accounts_staff s ON s.id = p.staff_id
WHERE p.period = 'week' AND p.starts_on BETWEEN %(first)s AND %(until)s AND {was_manager("p.staff_id", "p.starts_on")}
""",
    ("visits_plan", *_PEOPLE),
)
"""F26: week plans handed in before their week, of those whose week has begun. An untouched draft is not late (PLAN-6).
"""


# A day without a log has no row of its own: it stands under a number made of person and day.
_NO_LOG = f"{OTHERS} + s.id * 100000 + (d.day - DATE '2000-01-01')"
LOGS_KEPT = Measure(
    "logs_kept",
    "visits_daylog",
    f"""
SELECT s.id AS manager_id, s.unit_id, d.day, coalesce({review.LOG_KEPT}, false)::int AS numerator, 1 AS denominator,
  0 AS excused, (l.id IS NULL AND d.day >= %(writable_from)s)::int AS mendable, coalesce(l.id, {_NO_LOG}) AS ref,
  NULL::bigint AS customer_id
FROM (SELECT g::date AS day FROM generate_series(%(first)s::date, %(until)s::date, interval '1 day') g
  WHERE core_is_working(g::date)) d
CROSS JOIN accounts_staff s LEFT JOIN visits_daylog l ON l.staff_id = s.id AND l."on" = d.day
WHERE (s.hired_on IS NULL OR s.hired_on <= d.day) AND (s.is_active OR l.id IS NOT NULL)
  AND {was_manager("s.id", "d.day")} AND NOT {is_away("s.id", "d.day")}
""",
    ("visits_daylog", "accounts_leave", "core_workday", *_PEOPLE),
    params=lambda at: {
        "writable_from": at.today - timedelta(days=int(parameters.value("day_log_lock_days", at.today)))
    },
)
"""F26: days with a work log, of the working days so far on which its manager was not on leave."""


def _reviewed(ref: str) -> tuple[str, str]:
    """The logs and the plans that have to be read, and whether they were; the plans' numbers made by `ref`."""
    logs = f"""
SELECT l.staff_id AS manager_id, s.unit_id, l."on" AS day, {review.LOG_REVIEWED}::int AS numerator, 1 AS denominator,
  0 AS excused, (NOT {review.LOG_REVIEWED})::int AS mendable, l.id AS ref, NULL::bigint AS customer_id
FROM visits_daylog l JOIN accounts_staff s ON s.id = l.staff_id {review.LOG_FACTS}
WHERE l."on" BETWEEN %(first)s AND %(until)s AND {was_manager("l.staff_id", 'l."on"')} AND {review.LOG_ASKED}
"""
    plans = f"""
SELECT p.staff_id AS manager_id, s.unit_id, p.starts_on AS day, {review.PLAN_REVIEWED}::int AS numerator,
  1 AS denominator, 0 AS excused, (NOT {review.PLAN_REVIEWED})::int AS mendable, {ref} AS ref,
  NULL::bigint AS customer_id
FROM visits_plan p JOIN accounts_staff s ON s.id = p.staff_id {review.PLAN_FACTS}
WHERE p.state <> 'draft' AND p.starts_on BETWEEN %(first)s AND %(last)s AND {was_manager("p.staff_id", "p.starts_on")}
  AND {review.PLAN_ASKED}
"""
    return logs, plans


_LOG_SOURCES = ("visits_daylog", "visits_visit", "visits_texttwin", *_PEOPLE)
_PLAN_SOURCES = ("visits_plan", "visits_planitem", "visits_review", *_PEOPLE)
LOGS_REVIEWED = Measure("logs_reviewed", "visits_daylog", _reviewed("p.id")[0], _LOG_SOURCES, params=_review)
"""The logs of F26's last part alone, for the page; not an indicator."""
PLANS_REVIEWED = Measure("plans_reviewed", "visits_plan", _reviewed("p.id")[1], _PLAN_SOURCES, params=_review)
"""The plans of it."""
WORK_REVIEWED = Measure(
    "work_reviewed",
    "visits_review",
    " UNION ALL ".join(_reviewed(f"{OTHERS} + p.id")),
    tuple(dict.fromkeys(_LOG_SOURCES + _PLAN_SOURCES)),
    params=_review,
)
"""F26: work logs and plans (numbered from `OTHERS` on) that were reviewed, of those that are remarkable or drawn.

What is neither may be passed with one click for all of them: it is in neither number.
"""

PLAN_ITEMS_DONE = Measure(
    "plan_items_done",
    "visits_planitem",
    f"""
SELECT p.staff_id AS manager_id, coalesce(c.unit_id, s.unit_id) AS unit_id, i.planned_on AS day,
  coalesce({DONE_ON_THE_DAY}, false)::int AS numerator, 1 AS denominator, 0 AS excused,
  (i.state IN ('planned', 'missed') AND i.planned_on >= %(loggable_from)s)::int AS mendable, i.id AS ref, i.customer_id
FROM visits_plan p JOIN visits_planitem i ON i.plan_id = p.id AND i.state <> 'cancelled'
JOIN accounts_staff s ON s.id = p.staff_id LEFT JOIN accounts_customer c ON c.id = i.customer_id
LEFT JOIN visits_visit v ON v.id = i.visit_id
WHERE p.period = 'week' AND p.starts_on BETWEEN %(first)s::date - 6 AND %(last)s
  AND i.planned_on BETWEEN %(first)s AND %(last)s AND {was_manager("p.staff_id", "i.planned_on")}
""",
    ("visits_planitem", "visits_plan", "accounts_customer", *_PEOPLE),
    params=_loggable,
)
"""F27: items of week plans that were done on their day, of all that were planned and not left out."""

SPECIAL_VISITS_IN_TIME = Measure(
    "special_visits_in_time",
    "visits_specialvisit",
    f"""
SELECT h.staff_id AS manager_id, c.unit_id, {FOUND_ON} AS day,
  coalesce(x.visited_at <= {SPECIAL_DUE_AT}, false)::int AS numerator, 1 AS denominator, 0 AS excused,
  (x.visited_at IS NULL AND {day_of(SPECIAL_DUE_AT)} >= %(loggable_from)s)::int AS mendable, x.id AS ref, x.customer_id
FROM visits_specialvisit x JOIN accounts_customer c ON c.id = x.customer_id
{holder_on("x.customer_id", FOUND_ON)}
WHERE {in_period("x.found_at")}
""",
    ("visits_specialvisit", "accounts_customer", "accounts_assignment"),
    params=lambda at: {**_loggable(at), **settings(SPECIAL_HOURS)},
)
"""F29: special visits within the time (ours: 24 hours) from their discovery, of all; credit of the day of discovery."""

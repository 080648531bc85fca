"""Complaints and requests as rows: how many, solved in time, satisfied, answered how soon (F24, F25, F43).

Credit is of the day: a matter counts for who had the customer when it came in, and for the unit where it is handled;
what was merged into another matter is counted there only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.queries.holders import holder_on, tier_on
from accounts.queries.measures.profiles import served_on
from complaints.rules.figures import REQUESTS, SATISFIED
from crm.core.measure_sql import day_of, in_period
from crm.core.measures import Measure, Time

RECEIVED_ON = day_of("k.received_at")
HOLDER = holder_on("k.customer_id", RECEIVED_ON)
CREDITED = f"(SELECT h.staff_id FROM (SELECT 1) one {HOLDER})"
"""Who had the customer of a case `k` on the day it came in."""
_COUNTED = "k.state <> 'merged'"
_COMPLAINT = f"k.kind = 'complaint' AND {_COUNTED}"
_CASES = """
SELECT h.staff_id AS manager_id, k.unit_id, {day} AS day, {numerator} AS numerator, {denominator} AS denominator,
  0 AS excused, 0 AS mendable, k.id AS ref, k.customer_id
FROM complaints_case k {holder} WHERE {which}
"""
_TABLES = ("complaints_case", "accounts_assignment")


def _cases(which: str, *, numerator: str, denominator: str, day: str = RECEIVED_ON) -> str:
    return _CASES.format(day=day, numerator=numerator, denominator=denominator, holder=HOLDER, which=which)


COMPLAINTS_JUSTIFIED = Measure(
    "complaints_justified",
    "complaints_case",
    _cases(
        f"{_COMPLAINT} AND k.judgement = 'justified' AND {in_period('k.received_at')}", numerator="1", denominator="0"
    ),
    _TABLES,
)
"""F24: justified complaints received."""

_ALL = _cases(f"{_COMPLAINT} AND {in_period('k.received_at')}", numerator="1", denominator="0")
_UNTIL = "%(until)s::date"
COMPLAINTS_PER_HUNDRED = Measure(
    "complaints_per_hundred",
    "complaints_case",
    f"""{_ALL} UNION ALL
SELECT h.staff_id, c.unit_id, {_UNTIL}, 0, 1, 0, 0, -c.id, c.id
FROM accounts_customer c {holder_on("c.id", _UNTIL)} {tier_on("c.id", _UNTIL)}
WHERE c.kind = 'vip' AND th.tier_id IS NOT NULL AND {served_on("c", _UNTIL)} AND {_UNTIL} >= %(first)s
""",
    (*_TABLES, "accounts_customer", "accounts_tierhistory"),
)
"""F24: all complaints received; against them the VIP customers of the last day, under their negative numbers."""

SOLUTION_DUE = """w.kind = 'solution' AND w.state <> 'void' AND NOT EXISTS (SELECT 1 FROM complaints_caseclock n
    WHERE n.case_id = w.case_id AND n.round = w.round AND n.kind = 'solution' AND n.turn > w.turn)"""
"""F25: the clock `w` of a solution; of a round told twice, the last run."""
SOLVED_IN_TIME = "w.state = 'met'"
HAS_TIME = "(w.state = 'running' AND w.due_at > {now})"
COMPLAINTS_IN_TIME = Measure(
    "complaints_in_time",
    "complaints_caseclock",
    f"""
SELECT h.staff_id AS manager_id, k.unit_id, {day_of("w.due_at")} AS day, ({SOLVED_IN_TIME})::int AS numerator,
  1 AS denominator, 0 AS excused, {HAS_TIME.format(now="%(now)s")}::int AS mendable, w.id AS ref, k.customer_id
FROM complaints_caseclock w JOIN complaints_case k ON k.id = w.case_id {HOLDER}
WHERE {in_period("w.due_at")} AND {SOLUTION_DUE} AND {_COMPLAINT}
""",
    (*_TABLES, "complaints_caseclock"),
)
"""F25: complaints solved by their deadline, of those due in the period; one that still has its time is due too."""


def _satisfied(_time: Time) -> Mapping[str, Any]:
    return {"satisfied": SATISFIED}


COMPLAINTS_SATISFIED = Measure(
    "complaints_satisfied",
    "complaints_case",
    _cases(
        f"{_COMPLAINT} AND k.satisfaction IS NOT NULL AND {in_period('k.closed_at')}",
        numerator="(k.satisfaction >= %(satisfied)s)::int",
        denominator="1",
        day=day_of("k.closed_at"),
    ),
    _TABLES,
    params=_satisfied,
)
"""F25: complaints closed whose customer gave four or five points, of those whose customer was asked."""


def _requests(_time: Time) -> Mapping[str, Any]:
    return {"kinds": list(REQUESTS)}


def _speed(name: str, moment: str) -> Measure:
    """Minutes from the receipt of a request to a moment; who still waits is listed and counted nowhere."""
    minutes = f"coalesce(round((extract(epoch FROM {moment} - k.received_at) / 60)::numeric, 2), 0)"
    which = f"k.kind = ANY(%(kinds)s) AND {_COUNTED} AND {in_period('k.received_at')}"
    sql = _cases(which, numerator=minutes, denominator=f"({moment} IS NOT NULL)::int")
    return Measure(name, "complaints_case", sql, _TABLES, params=_requests)


RESPONSE_TIME = _speed("response_time", "k.first_reply_at")
"""F43: minutes from the receipt of a request to the first word, of those answered."""
ACTION_TIME = _speed("action_time", "k.first_action_at")
"""CMP-36: the same to the first deed; for the page, not an indicator."""
REQUESTS_RECEIVED = _speed("requests_received", "k.received_at")
"""How many there were, answered or not; for the page too."""

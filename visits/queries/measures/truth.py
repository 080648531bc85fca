"""Whether records are true and news arrive at once: callbacks and key changes (F49, F50; CON-34, CUS-20)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.queries.holders import was_manager
from crm.core import parameters
from crm.core.measure_sql import day_of, in_period
from crm.core.measures import Measure, Time

IS_TRUE = "(k.state = 'confirmed' OR k.state = 'denied' AND coalesce(k.is_upheld, false))"
"""A callback `k` confirms the contact; so does an objection that was upheld."""
# A month's sample; a contact counts on its own day. A denial can still be mended by an objection.
_CONFIRMED = f"""
SELECT k.staff_id AS manager_id, k.unit_id, greatest(%(first)s, least(%(last)s, v.occurred_on)) AS day,
  {IS_TRUE}::int AS numerator, 1 AS denominator, 0 AS excused,
  (k.state = 'denied' AND k.ruled_at IS NULL
    AND (k.objected_at IS NOT NULL OR k.answered_at + make_interval(days => %(objection_days)s) >= %(now)s)
  )::int AS mendable, k.id AS ref, v.customer_id
FROM visits_callback k JOIN visits_visit v ON v.id = k.visit_id
WHERE k.month BETWEEN %(first)s AND %(last)s AND k.state IN ('confirmed', 'denied')
  AND {was_manager("k.staff_id", "v.occurred_on")}
"""

_REPORTED_ON = day_of("n.reported_at")
# The working days after the day it was found, up to the day it was reported.
_DELAY = f"""
SELECT s.id AS manager_id, c.unit_id, {_REPORTED_ON} AS day, (SELECT count(*)
    FROM generate_series((n.found_on + 1)::timestamp, {_REPORTED_ON}::timestamp, interval '1 day') AS g(day)
    WHERE core_is_working(g.day::date)) AS numerator,
  1 AS denominator, 0 AS excused, 0 AS mendable, n.id AS ref, n.customer_id
FROM visits_customervoice n JOIN accounts_customer c ON c.id = n.customer_id
JOIN accounts_staff s ON s.user_id = n.by_id
WHERE n.kind = 'key_change' AND n.found_on IS NOT NULL AND {in_period("n.reported_at")}
  AND {was_manager("s.id", _REPORTED_ON)}
"""


def _objection_days(time: Time) -> Mapping[str, Any]:
    return {"objection_days": int(parameters.value("objection_days", time.today))}


RECORDS_CONFIRMED = Measure(
    "records_confirmed", "visits_callback", _CONFIRMED, ("visits_callback",), params=_objection_days
)
"""F49, CON-34: callbacks that confirm the contact, of those that were answered; of whoever wrote it down."""
KEY_CHANGE_DELAY = Measure("key_change_delay", "visits_customervoice", _DELAY, ("visits_customervoice",))
"""F50, CUS-20: working days from found to reported, over the key changes that somebody reported."""

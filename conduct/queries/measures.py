"""What the indicators count of conduct: each measure is one statement of rows (crm.core.measures)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from accounts.queries.holders import was_manager
from conduct.queries.day_plans import AGREED, REGISTERS
from crm.core import parameters
from crm.core.measure_sql import in_period
from crm.core.measures import Measure, Time

BELONGS = """(v.occurred_at BETWEEN o.left_at - make_interval(mins => %(outing_slack)s)
  AND coalesce(o.back_at, greatest(o.returns_at, o.left_at)) + make_interval(mins => %(outing_slack)s))"""
"""A visit `v` took place during an outing `o` that was begun; the pure rule is `conduct.rules.belongs_to`."""

# A visit is covered by an outing that was begun, or by the accepted plan of the day, which is the registration.
# An outing lasts 31 days at most and is registered at most 31 days ahead: only those near the visit are looked at.
_COVERED = f"""
(EXISTS (SELECT FROM conduct_outing o WHERE o.staff_id = v.staff_id
    AND o.day BETWEEN v.occurred_on - 33 AND v.occurred_on + 32 AND {BELONGS})
  OR EXISTS (SELECT FROM {REGISTERS}
    WHERE p.staff_id = v.staff_id AND i.customer_id = v.customer_id AND i.planned_on = v.occurred_on AND {AGREED}))
"""

ON_SITE = f"""
SELECT v.staff_id AS manager_id, v.unit_id, v.occurred_on AS day, {_COVERED}::int AS numerator, 1 AS denominator,
  0 AS excused, 0 AS mendable, v.id AS ref, v.customer_id
FROM visits_visit v JOIN visits_channel h ON h.id = v.channel_id AND h.is_on_site
WHERE {in_period("v.occurred_at")} AND v.undone_at IS NULL
"""
"""Every visit on site, of whoever made it: covered or not (SEC-7)."""


def slack(time: Time) -> Mapping[str, Any]:
    """What `BELONGS` and `ON_SITE` ask for."""
    return {"outing_slack": int(parameters.value("outing_slack_minutes", time.last))}


OUTINGS_REGISTERED = Measure(
    "outings_registered",
    "visits_visit",
    f"{ON_SITE} AND {was_manager('v.staff_id', 'v.occurred_on')}",
    ("visits_visit", "conduct_outing", "visits_plan", "visits_planitem"),
    params=slack,
)
"""F47, SEC-7: on-site visits covered by an outing, of all on-site visits; of the person who went out."""

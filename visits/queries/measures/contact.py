"""Contact that was owed and met: by tier, and in person (KPI-28, KPI-30; F14, F15, F16; decisions 4 and 6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from crm.core import parameters
from crm.core.measures import Measure, Time

WHOLE = "d.owed_from <= d.starts_on"
"""Decisions 4: a duty `d` that was owed all period; who became owed later is not counted in that period."""

# What the ledger says of the duties that fall due in the period, each in its newest revision at the moment asked
# about: counted again for the moment of its freeze, a month gives the same answer (KPI-4). Credit stands in the row
# (decisions 6): met → manager of record on the day, missed → who held the customer longest.
_OWED = """
SELECT d.manager_id, d.unit_id,
  CASE WHEN d.state = 'met' THEN greatest(%(first)s, least(coalesce(d.met_on, d.due_on), d.due_on)) ELSE d.due_on
    END AS day,
  (d.state = 'met')::int AS numerator, (d.state <> 'excused')::int AS denominator,
  (d.state = 'excused')::int AS excused,
  (d.state IN ('open', 'provisional') AND d.frozen_at IS NULL AND d.due_on >= %(mendable_from)s)::int AS mendable,
  d.id AS ref, d.customer_id{more}
FROM visits_duty d
WHERE d.due_on BETWEEN %(first)s AND %(last)s AND d.purpose = '{purpose}' AND d.state <> 'void'
  AND {whole} AND (d.revision = 1 OR d.frozen_at <= %(now)s) AND {which}
  AND NOT EXISTS (SELECT 1 FROM visits_duty n WHERE n.revision > 1 AND n.due_on BETWEEN %(first)s AND %(last)s
    AND n.frozen_at <= %(now)s AND n.customer_id = d.customer_id AND n.rule_id = d.rule_id
    AND n.starts_on = d.starts_on AND n.revision > d.revision)
"""


def _of(*codes: str) -> str:
    named = ", ".join(f"'{code}'" for code in codes)
    return f"d.tier_id IN (SELECT t.id FROM accounts_tier t WHERE t.kind = 'vip' AND t.code IN ({named}))"


def _mendable(time: Time) -> Mapping[str, Any]:
    """A miss can be mended as long as a visit of its last day may still be logged (CON-34)."""
    return {"mendable_from": time.today - timedelta(days=int(parameters.value("back_dating_days", time.today)))}


def _measure(name: str, *, which: str = "TRUE", purpose: str = "contact", more: str = "") -> Measure:
    sql = _OWED.format(whole=WHOLE, which=which, purpose=purpose, more=more)
    return Measure(name, "visits_duty", sql, ("visits_duty",), params=_mendable)


CONTACT_DIAMOND_GOLD = _measure("contact_diamond_gold", which=_of("diamond", "gold"))
"""F14, CON-1: contacts owed to diamond and gold VIPs all month, and how many of them took place."""
CONTACT_SILVER = _measure("contact_silver", which=_of("silver"))
"""F15, CON-2: the same of silver VIPs in the quarter."""
FACE_TO_FACE = _measure("face_to_face", purpose="face_to_face")
"""F16, CON-4: important VIPs who were met in person in the quarter."""
CONTACT = _measure("contact", more=", d.tier_id")
"""CON-3: every contact that was owed, of whatever tier (a tenth column); not an indicator, but cut by the page."""

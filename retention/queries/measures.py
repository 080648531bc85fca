"""Churn as rows (F1, F2), the churn reports (F4), customers won and lost (F45)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from accounts.queries.holders import holder_on
from crm.core.measures import Measure, Nature, Time

DIAMOND_GOLD = """b.tier_id IN (
  SELECT id FROM accounts_tier WHERE kind = 'vip' AND code IN ('diamond', 'gold'))"""
"""F2, of a row `b` of the base: diamond or gold on 1 January."""

FIRST_OF_YEAR = """NOT r.is_void AND NOT EXISTS (
    SELECT 1 FROM retention_churnrecord p WHERE p.customer_id = r.customer_id AND NOT p.is_void
      AND p.lost_on >= date_trunc('year', r.lost_on)::date AND (p.lost_on, p.id) < (r.lost_on, r.id))"""
"""Whether a loss `r` stands and is the first of its customer in its year: each counts once (D9)."""
COUNTED = f"""{FIRST_OF_YEAR} AND EXISTS (
    SELECT 1 FROM retention_churnbase b WHERE b.customer_id = r.customer_id AND b.customer_kind = 'vip'
      AND b.year = extract(year FROM r.lost_on))"""
"""Whether it is in the numerator of F1: of somebody who was there on 1 January."""
IN_DIAMOND_GOLD = f"""EXISTS (
    SELECT 1 FROM retention_churnbase b WHERE b.customer_id = r.customer_id
      AND b.year = extract(year FROM r.lost_on) AND {DIAMOND_GOLD})"""
"""And in that of F2: he was diamond or gold then."""


# D9: each customer of 1 January once, with his first loss of the year up to the day asked about. Credit: the manager
# of record at the loss, or for who is still there that of the day. Two branches, so that a question about a few
# managers reads their customers only; the few who were lost are hashed once, whatever the planner knows of the tables.
_CHURN = f"""
SELECT r.manager_id, r.unit_id, %(until)s::date AS day, {{counts}} AS numerator, 1 AS denominator, 0 AS excused,
  0 AS mendable, b.id AS ref, b.customer_id
FROM retention_churnrecord r JOIN retention_churnbase b ON b.customer_id = r.customer_id
WHERE b.year = %(year)s AND b.customer_kind = '{{kind}}'{{which}}
  AND r.lost_on BETWEEN %(new_year)s AND %(until)s AND {FIRST_OF_YEAR}
UNION ALL
SELECT h.staff_id, c.unit_id, %(until)s::date, 0, 1, 0, 0, b.id, b.customer_id
FROM retention_churnbase b JOIN accounts_customer c ON c.id = b.customer_id
{holder_on("b.customer_id", "%(until)s")}
WHERE b.year = %(year)s AND b.customer_kind = '{{kind}}'{{which}}
  AND b.customer_id NOT IN (SELECT r.customer_id FROM retention_churnrecord r
    WHERE NOT r.is_void AND r.lost_on BETWEEN %(new_year)s AND %(until)s)
"""


def year_to_date(time: Time) -> Mapping[str, Any]:
    """The year that the last counted day belongs to."""
    return {"year": time.until.year, "new_year": date(time.until.year, 1, 1)}


_CHURN_SOURCES = ("retention_churnbase", "retention_churnrecord", "accounts_assignment")
CHURN_VIP = Measure(
    "churn_vip",
    "retention_churnbase",
    _CHURN.format(kind="vip", counts="1", which=""),
    _CHURN_SOURCES,
    Nature.STOCK,
    year_to_date,
)
"""F1, RET-1: VIPs of 1 January, and those of them lost to date."""
CHURN_DIAMOND_GOLD = Measure(
    "churn_diamond_gold",
    "retention_churnbase",
    _CHURN.format(kind="vip", counts="1", which=f" AND {DIAMOND_GOLD}"),
    _CHURN_SOURCES,
    Nature.STOCK,
    year_to_date,
)
"""F2, RET-2: the same of those who were diamond or gold on 1 January."""
GROUPS_PORTED, GROUPS_LEFT = (
    Measure(
        f"churn_groups_{kind}",
        "retention_churnbase",
        _CHURN.format(kind="group", counts=f"(r.kind = '{kind}')::int", which=""),
        _CHURN_SOURCES,
        Nature.STOCK,
        year_to_date,
    )
    for kind in ("ported", "left")
)
"""F3, RET-9: groups of 1 January, and those of them lost to date, by the two types: to a competitor, or closed."""

WON = """
SELECT w.customer_id, min(w.day) AS day, count(*) AS n FROM (
  SELECT c.id AS customer_id, c.joined_on AS day FROM accounts_customer c
  WHERE c.joined_on BETWEEN %(first)s AND %(until)s AND c.kind <> 'ordinary' AND c.state <> 'prospect'
  UNION ALL
  SELECT r.customer_id, r.returned_on FROM retention_churnrecord r
  WHERE r.returned_on BETWEEN %(first)s AND %(until)s AND NOT r.is_void AND r.customer_kind <> 'ordinary'
) w GROUP BY 1
"""
"""Customers won in the period: they joined, or came back after they had been lost."""
FIRST_HOLDER = """
LEFT JOIN LATERAL (
  SELECT a.staff_id FROM accounts_assignment a WHERE a.customer_id = w.customer_id AND a.valid_from <= %(until)s
    AND (a.valid_to IS NULL OR a.valid_to > greatest(w.day, a.valid_from)) ORDER BY a.valid_from LIMIT 1
) f ON TRUE
"""
"""Who had a customer won, or was the first in the period to get him."""
LOST = """
SELECT r.id, r.customer_id, r.lost_on, r.manager_id, r.unit_id FROM retention_churnrecord r
WHERE r.lost_on BETWEEN %(first)s AND %(until)s AND NOT r.is_void AND r.customer_kind <> 'ordinary'
"""
"""Customers lost in the period."""
NET_CUSTOMERS = Measure(
    "net_customers",
    "retention_churnrecord",
    f"""
SELECT f.staff_id AS manager_id, c.unit_id, w.day, w.n AS numerator, 0 AS denominator, 0 AS excused, 0 AS mendable,
  -w.customer_id AS ref, w.customer_id
FROM ({WON}) w JOIN accounts_customer c ON c.id = w.customer_id {FIRST_HOLDER}
UNION ALL
SELECT l.manager_id, l.unit_id, l.lost_on, -1, 0, 0, 0, l.id, l.customer_id FROM ({LOST}) l
""",
    ("accounts_customer", "accounts_assignment", "retention_churnrecord"),
)
"""F45, RET-18: +1 for every customer won (`ref` is his id, negative), -1 for every one lost."""

_REPORTS = """
SELECT NULL::bigint AS manager_id, r.unit_id, r.due_on AS day, {numerator} AS numerator, 1 AS denominator,
  0 AS excused, {mendable} AS mendable, r.id AS ref, NULL::bigint AS customer_id
FROM retention_churnreport r WHERE r.due_on BETWEEN %(first)s AND %(last)s{which}
"""
ON_TIME = "(r.submitted_at IS NOT NULL AND (r.submitted_at AT TIME ZONE 'Asia/Shanghai')::date <= r.due_on)"
"""F4, of a report `r`: submitted by its due day, whatever came of it later."""
CHURN_REPORT_ON_TIME = Measure(
    "churn_report_on_time",
    "retention_churnreport",
    _REPORTS.format(
        numerator=f"{ON_TIME}::int", mendable="(r.submitted_at IS NULL AND r.due_on >= %(today)s)::int", which=""
    ),
    ("retention_churnreport",),
)
"""F4, RET-15: the reports due in the month, and those submitted in time."""
CHURN_REPORT_ACCURATE = Measure(
    "churn_report_accurate",
    "retention_churnreport",
    _REPORTS.format(numerator="(r.returned_count = 0)::int", mendable="0", which="\n  AND r.submitted_at IS NOT NULL"),
    ("retention_churnreport",),
)
"""F4, RET-15: the submitted ones of them, and those never returned."""

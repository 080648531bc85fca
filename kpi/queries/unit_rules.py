"""KPI-48, F38: whether a unit has its own assessment of its managers, in time, and how good it is."""

from __future__ import annotations

import calendar
from datetime import date
from typing import Any

from crm.core import parameters
from crm.core.measures import Measure, Nature, Time


def _terms(time: Time) -> dict[str, Any]:
    year, month = time.first.year, int(parameters.value("unit_rules_due_month", time.first))
    return {
        "rules_due": date(year, month, calendar.monthrange(year, month)[1]),
        "late_points": int(parameters.value("unit_rules_late_points", time.first)),
        "year": year,
    }


UNIT_RULES = Measure(
    name="unit_rules",
    table="accounts_unit",
    nature=Nature.UNIT,
    sources=("kpi_scorecardversion", "kpi_enteredresult", "accounts_unit"),
    params=_terms,
    sql="""
SELECT NULL::bigint AS manager_id, u.id AS unit_id, %(until)s::date AS day,
    CASE WHEN own.since IS NULL THEN 0::numeric
        ELSE greatest(judged.points - CASE WHEN own.since > %(rules_due)s THEN %(late_points)s ELSE 0 END, 0)
    END AS numerator,
    100::numeric AS denominator, 0 AS excused,
    CASE WHEN own.since IS NULL AND %(today)s <= %(last)s THEN 100 - %(late_points)s ELSE 0 END AS mendable,
    u.id AS ref, NULL::bigint AS customer_id
FROM accounts_unit u
CROSS JOIN LATERAL (
    SELECT min((v.published_at AT TIME ZONE 'Asia/Shanghai')::date) AS since FROM kpi_scorecardversion v
    WHERE v.unit_id = u.id AND v.audience = 'manager' AND v.state <> 'draft' AND v.year = %(year)s
        AND (v.published_at AT TIME ZONE 'Asia/Shanghai')::date <= %(until)s
) own
LEFT JOIN LATERAL (
    SELECT round(100 * e.numerator / e.denominator, 2) AS points
    FROM kpi_enteredresult e JOIN kpi_indicator i ON i.id = e.indicator_id
    WHERE i.measure = 'unit_rules' AND e.unit_id = u.id AND e.manager_id IS NULL AND e.period_on = %(first)s
        AND e.state = 'signed'
    ORDER BY e.signed_at DESC, e.id DESC LIMIT 1
) judged ON TRUE
WHERE u.type = 'branch' AND u.is_active AND u.live_from <= %(until)s
    AND CASE WHEN own.since IS NULL THEN %(until)s > %(rules_due)s ELSE judged.points IS NOT NULL END
""",
)
"""One row per branch: 0 of 100 without a version of the year once that is due, else the points that the Group Customer
Department gave (entered and signed), fewer when the version came too late; no row before either is known."""

"""Save cases and churn analyses as rows: tried, kept (F6), analysed in time (F7)."""

from __future__ import annotations

from crm.core.measures import Measure

ATTEMPTED = """EXISTS (SELECT 1 FROM retention_saveoffer o WHERE o.case_id = k.id
    AND o.state IN ('offered', 'accepted', 'declined'))"""
"""RET-7, of a save case `k`: something was offered to the customer (retention.rules.saving.REACHED)."""
KEPT = "k.state = 'retained' AND k.is_confirmed IS DISTINCT FROM FALSE"
"""F6, of a closed save case `k`: retained, and billing has not said otherwise since."""
_REQUESTED = "(k.requested_at AT TIME ZONE 'Asia/Shanghai')::date"
_CLOSED = "(k.closed_at AT TIME ZONE 'Asia/Shanghai')::date"
_CASES = """
SELECT k.manager_id, c.unit_id, {day} AS day, ({numerator})::int AS numerator, 1 AS denominator, 0 AS excused,
  {mendable} AS mendable, k.id AS ref, k.customer_id
FROM retention_savecase k JOIN accounts_customer c ON c.id = k.customer_id
WHERE {day} BETWEEN %(first)s AND %(until)s
"""
_SOURCES = ("retention_savecase", "retention_saveoffer")
SAVE_ATTEMPTED = Measure(
    "save_attempted",
    "retention_savecase",
    _CASES.format(day=_REQUESTED, numerator=ATTEMPTED, mendable=f"(k.closed_at IS NULL AND NOT {ATTEMPTED})::int"),
    _SOURCES,
)
"""F6, KPI-21: customers who asked to leave, and those of them who were offered something."""
SAVE_SUCCEEDED = Measure(
    "save_succeeded",
    "retention_savecase",
    _CASES.format(day=_CLOSED, numerator=KEPT, mendable="0"),
    ("retention_savecase",),
)
"""F6, KPI-21: save cases closed, and those of them that kept the customer."""

ANALYSED_IN_TIME = "(a.analysed_at AT TIME ZONE 'Asia/Shanghai')::date <= a.due_on"
CHURN_ANALYSED = Measure(
    "churn_analysed",
    "retention_churnanalysis",
    f"""
SELECT r.manager_id, r.unit_id, a.due_on AS day, coalesce({ANALYSED_IN_TIME}, FALSE)::int AS numerator,
  1 AS denominator, 0 AS excused, (a.analysed_at IS NULL AND a.due_on >= %(today)s)::int AS mendable, a.id AS ref,
  r.customer_id
FROM retention_churnanalysis a JOIN retention_churnrecord r ON r.id = a.record_id
WHERE a.due_on BETWEEN %(first)s AND %(last)s AND NOT r.is_void
""",
    ("retention_churnanalysis", "retention_churnrecord"),
)
"""F7, KPI-22: losses whose analysis is due in the month, and those analysed by that day."""

"""Churn reports: their figures, the list, one of them (RET-15, F4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import orjson
from django.db import connection

from accounts.choices import CustomerKind
from accounts.queries import names
from crm.core.measures import Time, by_unit
from crm.core.scope import Scope
from retention.choices import TO_SUBMIT, ChurnReportState, LossKind
from retention.queries.measures import CHURN_DIAMOND_GOLD, CHURN_VIP, ON_TIME

SEES, SUBMITS, CHECKS = "view_churn", "submit_churn_reports", "check_churn_reports"
LIMIT = 50
TABLE = "retention_churnreport"
TIERS = ("diamond", "gold", "silver")

_LOST = """
SELECT r.id, r.unit_id, r.customer_kind, r.kind, t.code, k.code,
  NOT EXISTS (SELECT 1 FROM retention_churnbase b
    WHERE b.customer_id = r.customer_id AND b.year = extract(year FROM r.lost_on))
FROM retention_churnrecord r LEFT JOIN accounts_tier t ON t.id = r.tier_at_loss_id
LEFT JOIN retention_competitor k ON k.id = r.competitor_id
WHERE r.lost_on BETWEEN %s AND %s AND NOT r.is_void AND r.customer_kind <> 'ordinary' ORDER BY r.lost_on, r.id
"""


def figures_of(units: Mapping[int, Sequence[int]], month: Time) -> dict[int, dict[str, Any]]:
    """RET-15, what the system fills in: unit → the figures of its subtree, and which losses they are."""
    shares = {
        "vips": by_unit(CHURN_VIP, Scope.ALL, month),
        "diamond_gold": by_unit(CHURN_DIAMOND_GOLD, Scope.ALL, month),
    }
    with connection.cursor() as cursor:
        cursor.execute(_LOST, [month.first, month.until])
        lost = cursor.fetchall()
    found = {}
    for unit_id, subtree in units.items():
        inside = set(subtree)
        figures = _of_losses([row for row in lost if row[1] in inside])
        for name, by in shares.items():
            rows = [by[unit] for unit in inside if unit in by]
            figures[f"base_{name}"] = int(sum(row.denominator for row in rows))
            figures[f"year_{name}"] = int(sum(row.numerator for row in rows))
        found[unit_id] = figures
    return found


def _of_losses(rows: Sequence[tuple[Any, ...]]) -> dict[str, Any]:
    """The month: by kind of customer and of loss, VIPs by tier, to whom."""
    vips = [row for row in rows if row[2] == CustomerKind.VIP]
    tiers = Counter(row[4] for row in vips)
    return {
        "vips": len(vips),
        **{tier: tiers[tier] for tier in TIERS},
        "groups": sum(row[2] == CustomerKind.GROUP for row in rows),
        "channels": sum(row[2] == CustomerKind.CHANNEL for row in rows),
        "left": sum(row[3] == LossKind.LEFT for row in rows),
        "ported": sum(row[3] == LossKind.PORTED for row in rows),
        "new": sum(row[6] for row in vips),
        "competitors": dict(Counter(row[5] for row in rows if row[5])),
        "records": [row[0] for row in rows],
    }


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report on the list or its page."""

    id: int
    unit_id: int
    month: date
    due_on: date
    state: str
    submitted_at: datetime | None
    is_on_time: bool
    submitted_by_id: int | None
    submitted_by: str | None
    last_submitted_at: datetime | None
    returned_count: int
    checked_at: datetime | None
    checked_by: str | None
    reason: str
    comment: str
    version: int
    lost: int
    figures: Mapping[str, Any] = field(default_factory=dict)

    @property
    def unit(self) -> str:
        """Whose report it is."""
        return names.unit_name(self.unit_id)

    @property
    def state_label(self) -> str:
        """The state in words."""
        return str(ChurnReportState(self.state).label)

    @property
    def is_open(self) -> bool:
        """The unit has it in hand."""
        return self.state in TO_SUBMIT

    def is_late(self, today: date) -> bool:
        """F4: not submitted in time."""
        return not self.is_on_time and (self.submitted_at is not None or self.due_on < today)


_ROWS = f"""
SELECT r.id, r.unit_id, r.month, r.due_on, r.state, r.submitted_at, {ON_TIME}, r.submitted_by_id, s.name,
  r.last_submitted_at, r.returned_count, r.checked_at, k.name, r.reason, r.comment, r.version,
  jsonb_array_length(r.figures -> 'records'){{more}}
FROM retention_churnreport r LEFT JOIN core_user s ON s.id = r.submitted_by_id
LEFT JOIN core_user k ON k.id = r.checked_by_id WHERE {{where}}
"""
WAS = {
    "late": f"NOT {ON_TIME} AND (r.submitted_at IS NOT NULL OR r.due_on < %s)",
    "on_time": ON_TIME,
    "submitted": "r.submitted_at IS NOT NULL",
    "accurate": "r.submitted_at IS NOT NULL AND r.returned_count = 0",
    "returned": "r.returned_count > 0",
}
"""What the figures of F4 count, as filters of the list."""


def reports(
    scope: Scope,
    *,
    today: date,
    state: str = "",
    unit_ids: Sequence[int] = (),
    due: tuple[date, date] | None = None,
    was: str = "",
    after: tuple[date, int] | None = None,
    limit: int = LIMIT,
) -> list[ReportRow]:
    """The latest month first; at most one more than are shown."""
    where, params = scope.sql_for(unit="r.unit_id")
    parts = [where]
    for sql, values in (
        ("r.state = %s", [state] if state else None),
        ("r.unit_id = ANY(%s)", [list(unit_ids)] if unit_ids else None),
        ("r.due_on BETWEEN %s AND %s", due),
        (WAS.get(was, ""), [today] if was == "late" else [] if was else None),
        ("(r.month, -r.unit_id) < (%s, %s)", (after[0], -after[1]) if after else None),
    ):
        if values is not None:
            parts.append(sql)
            params = [*params, *values]
    sql = _ROWS.format(more="", where=" AND ".join(parts)) + " ORDER BY r.month DESC, r.unit_id LIMIT %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, limit + 1])
        return [ReportRow(*row) for row in cursor.fetchall()]


def report_for(scope: Scope, report_id: int) -> ReportRow | None:
    """One report with its figures, inside the scope."""
    where, params = scope.sql_for(unit="r.unit_id")
    with connection.cursor() as cursor:
        cursor.execute(_ROWS.format(more=", r.figures::text", where=f"r.id = %s AND {where}"), [report_id, *params])
        row = cursor.fetchone()
    if row is None:
        return None
    return replace(ReportRow(*row[:-1]), figures=orjson.loads(row[-1]))


def figures_now(row: ReportRow, month: Time) -> dict[str, Any]:
    """What the system would fill in today: what an open report shows and its submission keeps."""
    return figures_of({row.unit_id: names.subtree(row.unit_id)}, month)[row.unit_id]

"""Reports: the figures they start from, lists, timeliness and accuracy (PLAN-9, PLAN-10, PLAN-23, F30)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

import orjson
from django.db import connection

from accounts.queries import names
from crm.core.abilities import Access
from crm.core.measures import by_manager
from crm.core.scope import Scope
from visits.choices import ReportKind, ReportSection, ReportState
from visits.queries.measures import reports as measures
from visits.queries.measures.work import of_days
from visits.rules.reports import KINDS

READS = "read_reports"

FIGURES = (
    "customers", "visits", "on_site", "reached", "owed", "met", "special", "voices", "problems", "spend",
)  # fmt: skip
"""What is counted for a report. Sales of goods join when their data does: a figure without a source is absent."""

_FIGURES = """
WITH who AS (SELECT unnest(%(staff)s::bigint[]) AS id)
SELECT w.id,
  (SELECT count(*) FROM accounts_customer c WHERE c.manager_id = w.id AND c.state = 'active') AS customers,
  v.visits, v.on_site, v.reached, d.owed, d.met, s.special, o.voices, o.problems,
  (SELECT COALESCE(sum(c.monthly_spend), 0) FROM accounts_customer c
    WHERE c.manager_id = w.id AND c.state = 'active') AS spend
FROM who w
LEFT JOIN LATERAL (SELECT count(*) AS visits, count(*) FILTER (WHERE h.is_on_site) AS on_site,
    count(DISTINCT v.customer_id) FILTER (WHERE u.is_effective) AS reached
  FROM visits_visit v JOIN visits_channel h ON h.id = v.channel_id JOIN visits_outcome u ON u.id = v.outcome_id
  WHERE v.staff_id = w.id AND v.undone_at IS NULL
    AND v.occurred_at >= %(start)s::date::timestamp AT TIME ZONE 'Asia/Shanghai'
    AND v.occurred_at < (%(end)s::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai') v ON true
LEFT JOIN LATERAL (SELECT count(*) FILTER (WHERE d.state IN ('met', 'missed', 'provisional', 'open')) AS owed,
    count(*) FILTER (WHERE d.state = 'met') AS met
  FROM visits_duty d WHERE d.manager_id = w.id AND d.due_on BETWEEN %(start)s AND %(end)s
    AND NOT EXISTS (SELECT 1 FROM visits_duty n WHERE n.customer_id = d.customer_id AND n.rule_id = d.rule_id
      AND n.starts_on = d.starts_on AND n.revision > d.revision)) d ON true
LEFT JOIN LATERAL (SELECT count(*) AS special FROM visits_specialvisit s WHERE s.staff_id = w.id
    AND (s.found_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN %(start)s AND %(end)s) s ON true
LEFT JOIN LATERAL (SELECT count(*) AS voices, count(*) FILTER (WHERE o.kind = 'problem') AS problems
  FROM visits_customervoice o JOIN accounts_customer c ON c.id = o.customer_id WHERE c.manager_id = w.id
    AND o.said_at >= %(start)s::date::timestamp AT TIME ZONE 'Asia/Shanghai'
    AND o.said_at < (%(end)s::date + 1)::timestamp AT TIME ZONE 'Asia/Shanghai') o ON true
"""


def figures_of(staff_ids: Sequence[int], start: date, end: date) -> dict[int, dict[str, Any]]:
    """PLAN-9: the summary of a period per manager; `spend` in CNY a month."""
    with connection.cursor() as cursor:
        cursor.execute(_FIGURES, {"staff": list(staff_ids), "start": start, "end": end})
        return {row[0]: dict(zip(FIGURES, row[1:], strict=True)) for row in cursor.fetchall()}


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report on a list or its page."""

    id: int
    kind: str
    staff_id: int
    unit_id: int
    starts_on: date
    ends_on: date
    due_on: date
    state: str
    submitted_at: datetime | None
    submitted_on: date | None
    returned_count: int
    read_at: datetime | None
    read_by: str | None
    comment: str
    version: int
    figures: Mapping[str, Any] = field(default_factory=dict)
    sections: Mapping[str, str] = field(default_factory=dict)

    @property
    def kind_label(self) -> str:
        """The kind in words."""
        return str(ReportKind(self.kind).label)

    @property
    def title(self) -> str:
        """The official name."""
        return KINDS[self.kind].title

    @property
    def state_label(self) -> str:
        """The state in words."""
        return str(ReportState(self.state).label)

    @property
    def staff(self) -> str:
        """Who writes it."""
        return names.staff_name(self.staff_id)

    @property
    def unit(self) -> str:
        """His unit."""
        return names.unit_name(self.unit_id)

    @property
    def written(self) -> list[tuple[ReportSection, str]]:
        """Every section with what is written in it."""
        return [(ReportSection(code), self.sections.get(code, "")) for code in KINDS[self.kind].sections]

    @property
    def is_on_time(self) -> bool:
        """F30: submitted by the due day."""
        return self.submitted_on is not None and self.submitted_on <= self.due_on

    def is_late(self, today: date) -> bool:
        """Not submitted in time."""
        return not self.is_on_time and (self.submitted_on is not None or self.due_on < today)

    @property
    def is_editable(self) -> bool:
        """To be written, or returned."""
        return self.state in (ReportState.DRAFT, ReportState.RETURNED)


_ROWS = """
SELECT r.id, r.kind, r.staff_id, r.unit_id, r.starts_on, r.ends_on, r.due_on, r.state, r.submitted_at,
    (r.submitted_at AT TIME ZONE 'Asia/Shanghai')::date, r.returned_count, r.read_at, u.name, r.comment, r.version
    {more}
FROM visits_workreport r LEFT JOIN core_user u ON u.id = r.read_by_id
WHERE {where}
"""


def reader_scope(access: Access) -> Scope:
    """Whose reports somebody sees: his own, those he covers, and those of the units where he reads them."""
    own = Scope(manager_ids=access.scope_for("write_reports").manager_ids)
    return access.scope_for(READS).union(own)


WAS = {"on_time": measures.ON_TIME, "accurate": measures.ACCURATE, "submitted": "r.submitted_at IS NOT NULL"}
"""What the figures of timeliness count, as filters of the list."""


def report_list(
    scope: Scope, *, state: str = "", kind: str = "", staff_id: int | None = None, was: str = "",
    due: tuple[date, date] | None = None, before: int | None = None, limit: int = 50,
) -> list[ReportRow]:  # fmt: skip
    """Newest period first; at most `limit` + 1 rows, so that the page knows whether there are more."""
    where, params = scope.sql_for(unit="r.unit_id", manager="r.staff_id")
    parts = [where]
    for sql, value in (
        ("r.state = %s", state or None), ("r.kind = %s", kind or None), ("r.staff_id = %s", staff_id),
        ("r.id < %s", before),
    ):  # fmt: skip
        if value is not None:
            parts.append(sql)
            params = [*params, value]
    if due is not None:
        parts.append("r.due_on BETWEEN %s AND %s")
        params = [*params, *due]
    if was:
        parts.append(WAS[was])
    sql = _ROWS.format(more="", where=" AND ".join(parts) + " ORDER BY r.id DESC LIMIT %s")
    with connection.cursor() as cursor:
        cursor.execute(sql, [*params, limit + 1])
        return [ReportRow(*row) for row in cursor.fetchall()]


def report_for(scope: Scope, report_id: int) -> ReportRow | None:
    """One report with figures and texts, inside the scope."""
    where, params = scope.sql_for(unit="r.unit_id", manager="r.staff_id")
    sql = _ROWS.format(more=", r.figures::text, r.sections::text", where=f"r.id = %s AND {where}")
    with connection.cursor() as cursor:
        cursor.execute(sql, [report_id, *params])
        row = cursor.fetchone()
    if row is None:
        return None
    return replace(ReportRow(*row[:-2]), figures=_json(row[-2]), sections=_json(row[-1]))


def _json(text: str) -> dict[str, Any]:
    found: dict[str, Any] = orjson.loads(text)
    return found


_SPECIAL = """
SELECT s.id, s.found_at, s.trigger, c.name, c.id FROM visits_specialvisit s
JOIN accounts_customer c ON c.id = s.customer_id
WHERE s.staff_id = %s AND (s.found_at AT TIME ZONE 'Asia/Shanghai')::date BETWEEN %s AND %s ORDER BY s.found_at
"""


def special_visits_of(row: ReportRow) -> list[tuple[int, datetime, str, str, int]]:
    """PLAN-10: each special visit of the period is a source of the report: id, found at, trigger, customer."""
    with connection.cursor() as cursor:
        cursor.execute(_SPECIAL, [row.staff_id, row.starts_on, row.ends_on])
        return list(cursor.fetchall())


@dataclass(frozen=True, slots=True)
class Timeliness:
    """F30 and F37 of one manager: reports due in a period, in time; of those submitted, right the first time."""

    staff_id: int
    due: int
    on_time: int
    submitted: int
    accurate: int

    @property
    def name(self) -> str:
        """The manager."""
        return names.staff_name(self.staff_id)


def timeliness(scope: Scope, kind: str, first: date, last: date, *, today: date) -> list[Timeliness]:
    """F30 (on time / due) and F37 (right the first time / submitted) of one kind, by manager (PLAN-23)."""
    time = of_days(first, last, today)
    on_time = by_manager(measures.ON_TIME_OF[kind], scope, time)
    accurate = by_manager(measures.ACCURATE_OF[kind], scope, time)
    rows = []
    for staff_id, share in on_time.items():
        right = accurate.get(staff_id)
        numbers = (share.denominator, share.numerator, *((right.denominator, right.numerator) if right else (0, 0)))
        rows.append(Timeliness(staff_id or 0, *(int(number) for number in numbers)))
    return sorted(rows, key=lambda row: row.staff_id)

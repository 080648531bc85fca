"""Reports are prepared with the figures of the period (PLAN-9, PLAN-10), and reminded of (PLAN-11)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import orjson
from django.db import connection
from django.utils.translation import gettext_lazy as _

from crm.core import parameters, working_days
from crm.core.notices import NoticeRow, notify
from crm.core.sweeps import sweep
from visits.choices import ReportKind
from visits.notices import REPORT_LATE, REPORT_PREPARED
from visits.queries.reports import figures_of
from visits.rules.reports import KINDS, KindRule, due_on, last_period

_WRITERS = """
SELECT t.id, t.unit_id, t.user_id FROM accounts_staff t
WHERE t.is_active AND EXISTS (SELECT 1 FROM accounts_post p WHERE p.staff_id = t.id AND p.role = 'manager'
    AND (p.starts_on IS NULL OR p.starts_on <= %(end)s) AND (p.ends_on IS NULL OR p.ends_on >= %(today)s))
  AND (%(feature)s = '' OR visits_is_on(%(feature)s, t.line, t.unit_id, %(end)s))
  AND NOT EXISTS (SELECT 1 FROM visits_workreport r
    WHERE r.kind = %(kind)s AND r.staff_id = t.id AND r.starts_on = %(start)s)
  AND EXISTS (SELECT 1 FROM accounts_unit u JOIN accounts_unit a ON u.path LIKE a.path || '%%'
    WHERE u.id = t.unit_id AND a.live_from <= %(end)s)
ORDER BY t.id
"""
_INSERT = """
INSERT INTO visits_workreport (kind, staff_id, unit_id, starts_on, ends_on, due_on, figures, sections, state,
    prepared_at, returned_count, comment, version)
SELECT %(kind)s, r.staff_id, r.unit_id, %(start)s, %(end)s, %(due)s, r.figures, '{}', 'draft', %(now)s, 0, '', 1
FROM jsonb_to_recordset(%(rows)s::jsonb) AS r(staff_id bigint, unit_id bigint, figures jsonb)
ON CONFLICT (kind, staff_id, starts_on) DO NOTHING RETURNING id, staff_id
"""


@sweep("prepare_reports", label=_("Prepare reports with the figures of the period"))
def prepare_reports(*, today: date, now: datetime) -> int:
    """PLAN-9: on the 1st (or the first night after) each manager's report on the period that ended; never twice."""
    return sum(_prepare(KINDS[kind], today, now) for kind in ReportKind.values)


def _prepare(rule: KindRule, today: date, now: datetime) -> int:
    start, end = last_period(rule.kind, today)
    day = int(parameters.value("report_day", end))
    facts: dict[str, Any] = {
        "kind": rule.kind, "start": start, "end": end, "today": today, "feature": rule.feature, "now": now,
        "due": due_on(rule.kind, end, working_days.calendar(), report_day=day),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_WRITERS, facts)
        writers = {staff_id: (unit_id, user_id) for staff_id, unit_id, user_id in cursor.fetchall()}
        if not writers:
            return 0
        figures = figures_of(list(writers), start, end)
        rows = [{"staff_id": staff_id, "unit_id": unit_id, "figures": figures[staff_id]}
                for staff_id, (unit_id, _user) in writers.items()]  # fmt: skip
        cursor.execute(_INSERT, facts | {"rows": orjson.dumps(rows, default=str).decode()})
        made = cursor.fetchall()
    notify(
        (
            NoticeRow(writers[staff_id][1], REPORT_PREPARED.kind, "visits_workreport", report_id, "",
                      {"kind": rule.kind, "due": str(facts["due"])}, f"/reports/{report_id}/")
            for report_id, staff_id in made
        ),
        now,
    )  # fmt: skip
    return len(made)


_OPEN = """
SELECT r.id, r.kind, r.due_on, t.user_id FROM visits_workreport r JOIN accounts_staff t ON t.id = r.staff_id
WHERE r.state = 'draft' AND r.due_on <= %s AND r.due_on >= %s::date - 31 AND t.is_active
"""


@sweep("remind_reports", label=_("Remind of reports that are due"))
def remind_reports(*, today: date, now: datetime) -> int:
    """PLAN-11: on the last day, and once when it is over; running again tells nobody twice."""
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, [today, today])
        rows = cursor.fetchall()
    return notify(
        (
            NoticeRow(user_id, REPORT_LATE.kind, "visits_workreport", report_id, "late" if due < today else "due",
                      {"kind": kind, "due": str(due)}, f"/reports/{report_id}/")
            for report_id, kind, due, user_id in rows
        ),
        now,
    )  # fmt: skip

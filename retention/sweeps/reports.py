"""Every 1st: the churn reports of the month that ended, and who is to submit them (RET-15)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import orjson
from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.choices import Role, UnitType
from accounts.queries.staff import users_with_role
from crm.core import parameters, working_days
from crm.core.measures import Time
from crm.core.notices import NoticeKind, NoticeRow, notify
from crm.core.sweeps import sweep
from retention.notices import CHURN_REPORT_DUE, CHURN_REPORT_LATE, CHURN_REPORT_PREPARED
from retention.queries.reports import TABLE, figures_of
from retention.rules.reports import due_on, month_to_report
from visits.rules.freeze import last_day
from visits.sweeps.room import make_room

# Branches that were live in the month; a report covers everything below its branch.
_UNITS = """
SELECT u.id, u.name, ARRAY(SELECT d.id FROM accounts_unit d WHERE d.path LIKE u.path || '%%') FROM accounts_unit u
WHERE u.type = %(branch)s AND u.is_active AND u.live_from <= %(last)s
  AND NOT EXISTS (SELECT 1 FROM retention_churnreport r WHERE r.unit_id = u.id AND r.month = %(month)s)
ORDER BY u.id
"""
_INSERT = """
INSERT INTO retention_churnreport (unit_id, month, due_on, figures, state, comment, prepared_at, returned_count,
  reason, version)
SELECT x.unit_id, %(month)s, %(due)s, x.figures, 'draft', '', %(now)s, 0, '', 1
FROM jsonb_to_recordset(%(rows)s::jsonb) AS x(unit_id bigint, figures jsonb)
ON CONFLICT (unit_id, month) DO NOTHING RETURNING id, unit_id
"""
# A report that nobody submitted for a month is looked for elsewhere than in the bell.
_OPEN = """
SELECT r.id, r.unit_id, u.name, r.month, r.due_on FROM retention_churnreport r JOIN accounts_unit u ON u.id = r.unit_id
WHERE r.submitted_at IS NULL AND r.due_on BETWEEN %(today)s::date - 31 AND %(today)s ORDER BY r.id
"""


@sweep("prepare_churn_reports", label=_("Prepare the churn reports, remind of them"))
def prepare_churn_reports(*, today: date, now: datetime) -> int:
    """RET-15: on the 1st, or the first night after it, each branch's report on the month that ended, with the system's
    figures; who submits it is told, once more on its last day, and once when it is over. Never twice."""
    make_room()
    return _prepare(today, now) + _remind(today, now)


def _prepare(today: date, now: datetime) -> int:
    month = month_to_report(today)
    last = last_day(month)
    day = int(parameters.value("churn_report_day", last))
    facts: dict[str, Any] = {
        "month": month, "last": last, "now": now, "branch": UnitType.BRANCH.value,
        "due": due_on(month, working_days.calendar(), report_day=day),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_UNITS, facts)
        units = {unit_id: (name, subtree) for unit_id, name, subtree in cursor.fetchall()}
        if not units:
            return 0
        figures = figures_of({key: subtree for key, (_name, subtree) in units.items()}, Time(month, last, today, now))
        rows = [{"unit_id": key, "figures": figures[key]} for key in units]
        cursor.execute(_INSERT, facts | {"rows": orjson.dumps(rows).decode()})
        made = cursor.fetchall()
    for report_id, unit_id in made:
        _tell(CHURN_REPORT_PREPARED, report_id, unit_id, units[unit_id][0], month, facts["due"], today, now)
    return len(made)


def _remind(today: date, now: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_OPEN, {"today": today})
        rows = cursor.fetchall()
    told = 0
    for report_id, unit_id, name, month, due in rows:
        kind = CHURN_REPORT_DUE if due == today else CHURN_REPORT_LATE
        told += _tell(kind, report_id, unit_id, name, month, due, today, now)
    return told


def _tell(
    kind: NoticeKind, report_id: int, unit_id: int, name: str, month: date, due: date, today: date, now: datetime
) -> int:
    params = {"unit": name, "month": f"{month:%Y-%m}", "due": str(due)}
    users = users_with_role(Role.SUPERVISOR, unit_id, today)
    return notify(
        (NoticeRow(user, kind.kind, TABLE, report_id, "", params, f"/churn/reports/{report_id}/") for user in users),
        now,
    )

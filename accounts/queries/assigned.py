"""Assigned tasks (交办任务): whose they are, how late, how many in time (PLAN-17, PLAN-18, F36)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.choices import TaskSource, TaskState
from accounts.models import Staff
from accounts.queries import names
from accounts.queries.measures.tasks import ASSIGNED_TASKS_DONE, FROM_ABOVE, IN_TIME
from crm.core.abilities import Access
from crm.core.measure_sql import named
from crm.core.measures import Time
from crm.core.pages import Keyset

ASSIGNS = "assign_tasks"
MOST_COLLEAGUES = 300
ORDER = Keyset(order=("t.due_on", "t.id"), limit=50, types=(date, int))
CLOSED_ORDER = Keyset(order=("-t.due_on", "-t.id"), limit=50, types=(date, int))


@dataclass(frozen=True, slots=True)
class TaskFilters:
    """What the list is narrowed to."""

    tab: str = "mine"
    state: str = "open"
    source: str = ""
    staff_id: int | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One assigned task, on the list or on its page."""

    id: int
    staff_id: int
    title: str
    reason: str
    due_on: date
    source: str
    state: str
    result: str
    customer_id: int | None
    customer_name: str | None
    created_by_id: int | None
    created_by: str | None
    created_at: datetime
    closed_at: datetime | None

    @property
    def staff(self) -> str:
        """Whose it is."""
        return names.staff_name(self.staff_id)

    @property
    def source_label(self) -> str:
        """Who asked for it, in words."""
        return str(TaskSource(self.source).label) if self.source else ""

    @property
    def state_label(self) -> str:
        """Where it stands, in words."""
        return str(TaskState(self.state).label)

    def is_overdue(self, today: date) -> bool:
        """Open after its day."""
        return self.state == TaskState.OPEN and self.due_on < today

    @property
    def is_late(self) -> bool:
        """Finished after its day."""
        return self.closed_at is not None and timezone.localdate(self.closed_at) > self.due_on


_ROWS = """
SELECT t.id, t.staff_id, t.title, t.reason, t.due_on, t.source, t.state, t.result,
    CASE WHEN {visible} THEN c.id END, CASE WHEN {visible} THEN c.name END, t.created_by_id, u.name, t.created_at,
    t.closed_at
FROM accounts_task t JOIN accounts_staff s ON s.id = t.staff_id
LEFT JOIN accounts_customer c ON c.id = t.customer_id LEFT JOIN core_user u ON u.id = t.created_by_id
WHERE t.kind = 'assigned' AND {where}
"""


def doers_of(access: Access) -> tuple[int, ...]:
    """Whose tasks somebody does: his own, and those of whom he covers."""
    own = (access.staff_id,) if access.staff_id is not None else ()
    return tuple(dict.fromkeys((*own, *access.scope_for("serve_customers").manager_ids)))


def _rows(access: Access, where: str, params: Sequence[Any]) -> list[TaskRow]:
    visible, bound = access.scope.sql("c")
    with connection.cursor() as cursor:
        cursor.execute(_ROWS.format(visible=visible, where=where), [*bound, *bound, *params])
        return [TaskRow(*row) for row in cursor.fetchall()]


def _team(access: Access) -> tuple[str, list[Any]]:
    """The tasks of those one leads."""
    return access.scope_for("view_team").sql_for(unit="s.unit_id", manager="s.id")


def _of_tab(access: Access, tab: str) -> tuple[str, list[Any]]:
    if tab == "given":
        return "t.created_by_id = %s", [access.user_id]
    if tab == "team":
        return _team(access)
    return "t.staff_id = ANY(%s)", [list(doers_of(access))]


_STATES = {
    "open": "t.state = 'open'",
    "overdue": "t.state = 'open' AND t.due_on < %s",
    "done": "t.state = 'done'",
    "timely": IN_TIME,
    "all": "t.state <> 'cancelled'",
}
STATES = tuple(_STATES)


def assigned_tasks(
    access: Access, filters: TaskFilters, *, today: date, cursor: str | None = None, limit: int = 50
) -> tuple[Sequence[TaskRow], str | None]:
    """The list: what is open by its day, the nearest first; what is finished newest first."""
    keyset = replace(ORDER if filters.state in ("open", "overdue") else CLOSED_ORDER, limit=limit)
    where, params = _of_tab(access, filters.tab)
    parts, bound = [where, _STATES[filters.state]], [*params, *([today] if filters.state == "overdue" else [])]
    for text, value in (
        ("t.source = %s", filters.source if filters.source not in ("", "above") else None),
        ("t.staff_id = %s", filters.staff_id), ("t.due_on >= %s", filters.first), ("t.due_on <= %s", filters.last),
    ):  # fmt: skip
        if value is not None:
            parts.append(text)
            bound.append(value)
    if filters.source == "above":
        parts.append(FROM_ABOVE)
    after, place = keyset.where(cursor)
    rows = _rows(access, f"{' AND '.join(parts)} AND {after} ORDER BY {keyset.order_sql} LIMIT %s",
                 [*bound, *place, limit + 1])  # fmt: skip
    return keyset.page(rows, lambda row: (row.due_on, row.id))


def task_for(access: Access, task_id: int) -> TaskRow | None:
    """A task of one's own, one assigned, or of somebody one leads; None for anybody else."""
    team, params = _team(access)
    where = f"t.id = %s AND (t.staff_id = ANY(%s) OR t.created_by_id = %s OR {team})"
    rows = _rows(access, where, [task_id, list(doers_of(access)), access.user_id, *params])
    return rows[0] if rows else None


def colleagues(access: Access) -> list[tuple[str, str]]:
    """Number and name of those one may assign to, for typing ahead."""
    people = Staff.visible_to(access.scope_for(ASSIGNS)).filter(is_active=True).exclude(pk=access.staff_id or 0)
    return list(people.order_by("number").values_list("number", "name")[:MOST_COLLEAGUES])


@dataclass(frozen=True, slots=True)
class TaskShare:
    """Tasks in time of one person: all that were assigned, and those of province and city (F36)."""

    staff_id: int
    due: int
    in_time: int
    above_due: int
    above_in_time: int

    @property
    def name(self) -> str:
        """Whose they are."""
        return names.staff_name(self.staff_id)

    @property
    def above_per_cent(self) -> float | None:
        """F36, one decimal; none when nothing of theirs was due."""
        return round(100 * self.above_in_time / self.above_due, 1) if self.above_due else None


# The rows of F36 by the person who does them: whoever is no manager has tasks too, and his unit the credit.
_SHARES = f"""
SELECT t.staff_id, count(*), count(*) FILTER (WHERE {IN_TIME}), coalesce(sum(r.denominator), 0),
    coalesce(sum(r.numerator), 0)
FROM accounts_task t JOIN accounts_staff s ON s.id = t.staff_id LEFT JOIN ({ASSIGNED_TASKS_DONE.sql}) r ON r.ref = t.id
WHERE t.kind = 'assigned' AND t.state <> 'cancelled' AND t.due_on BETWEEN %(first)s AND %(last)s
    AND (t.staff_id = ANY(%s) OR {{team}})
GROUP BY 1
"""


def task_shares(access: Access, time: Time) -> list[TaskShare]:
    """F36 (KPI-46): tasks of province and city done by their day, of those that were due; the lowest first."""
    team, params = _team(access)
    sql, bound = named(_SHARES.format(team=team), [list(doers_of(access)), *params])
    with connection.cursor() as cursor:
        cursor.execute(sql, bound | ASSIGNED_TASKS_DONE.bound(time))
        rows = [TaskShare(*row) for row in cursor.fetchall()]
    return sorted(rows, key=lambda row: (101.0 if row.above_per_cent is None else row.above_per_cent, row.name))

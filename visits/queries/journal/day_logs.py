"""The work log of a day (PLAN-3): what stands there already, read where it stands; one sentence may be added."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import orjson
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.choices import TaskKind
from accounts.models import Staff
from accounts.queries import names
from crm.core import parameters
from crm.core.errors import NotFound
from crm.core.measure_sql import settings
from crm.core.scope import Scope
from visits.choices import ItemState, ReviewDecision, ReviewState
from visits.models import DayLog
from visits.queries.catalogue import catalogue
from visits.queries.measures.work import SPECIAL_DUE_AT, SPECIAL_HOURS
from visits.queries.rows import COLUMNS, SOURCE, VisitRow, visit_rows

PROMISES = (TaskKind.FOLLOW_UP.value, TaskKind.CALL_BACK.value, TaskKind.ASSIGNED.value)
MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class LogRow:
    """One log as lists show it."""

    id: int
    staff_id: int
    on: date
    sentence: str
    closed_at: datetime
    closed_by_id: int | None
    entries: int
    review_state: str
    version: int

    @property
    def staff_name(self) -> str:
        """Whose day it was."""
        return names.staff_name(self.staff_id)

    @property
    def closed_itself(self) -> bool:
        """Nobody closed it before 24:00."""
        return self.closed_by_id is None

    @property
    def state_label(self) -> str:
        """Where its review stands, in words."""
        return str(ReviewState(self.review_state).label)

    def is_locked(self, today: date) -> bool:
        """PLAN-3: some days after, the sentence stays as it is; a returned log can be answered whenever it comes."""
        if self.review_state == ReviewState.APPROVED:
            return True
        days = int(parameters.value("day_log_lock_days", today))
        return self.review_state != ReviewState.RETURNED and today > self.on + timedelta(days=days)


LOG = 'l.id, l.staff_id, l."on", l.sentence, l.closed_at, l.closed_by_id, l.entries, l.review_state, l.version'


@dataclass(frozen=True, slots=True)
class PlanEntry:
    """An item of the week plan for the day."""

    customer_id: int
    customer: str
    purpose: str
    state: str

    @property
    def state_label(self) -> str:
        """What became of it, in words."""
        return str(ItemState(self.state).label)


@dataclass(frozen=True, slots=True)
class TaskEntry:
    """A task closed that day, or a promise that was due and is still open."""

    customer_id: int | None
    customer: str | None
    kind: str
    title: str
    due_on: date
    id: int

    @property
    def url(self) -> str:
        """Its customer; an assigned task without one has a page of its own."""
        if self.customer_id is None:
            return reverse("accounts:task_detail", args=[self.id])
        return reverse("workbench:customer", args=[self.customer_id])

    @property
    def kind_label(self) -> str:
        """What kind of task, in words."""
        return str(TaskKind(self.kind).label)


@dataclass(frozen=True, slots=True)
class ReviewEntry:
    """What a reviewer said."""

    decision: str
    remark: str
    is_together: bool
    by: str
    at: datetime

    @property
    def label(self) -> str:
        """The decision in words."""
        return str(ReviewDecision(self.decision).label)


@dataclass(slots=True)
class DayPage:
    """Everything of one manager's day."""

    staff_id: int
    on: date
    log: LogRow | None
    visits: list[VisitRow] = field(default_factory=list)
    # Visits with customers who are no longer his reader's to see: counted, not named (decisions 6).
    hidden: int = 0
    planned: list[PlanEntry] = field(default_factory=list)
    unplanned_ids: frozenset[int] = frozenset()
    done: list[TaskEntry] = field(default_factory=list)
    promises: list[TaskEntry] = field(default_factory=list)
    dials: int = 0
    reviews: list[ReviewEntry] = field(default_factory=list)

    @property
    def staff_name(self) -> str:
        """Whose day it is."""
        return names.staff_name(self.staff_id)

    def is_late(self, row: VisitRow) -> bool:
        """补录: logged after the day was closed."""
        return row.is_backdated or (self.log is not None and row.logged_at > self.log.closed_at)


def day_page(people: Scope, customers: Scope, staff_id: int, on: date) -> DayPage:
    """A manager's day: `people` says whose days may be read, `customers` which names may be shown."""
    if not Staff.visible_to(people).filter(pk=staff_id).exists():
        raise NotFound
    with connection.cursor() as cursor:
        log = log_of(cursor, staff_id, on)
        page = DayPage(staff_id, on, log)
        _visits(cursor, page, customers)
        _plan(cursor, page, customers)
        _tasks(cursor, page, customers)
        page.dials = _dials(cursor, staff_id, on)
        if log is not None:
            page.reviews = _reviews(cursor, log.id)
    return page


def log_of(cursor: Any, staff_id: int, on: date) -> LogRow | None:
    """The log of a day, when it is closed."""
    cursor.execute(f'SELECT {LOG} FROM visits_daylog l WHERE l.staff_id = %s AND l."on" = %s', [staff_id, on])
    row = cursor.fetchone()
    return LogRow(*row) if row else None


def _visits(cursor: Any, page: DayPage, customers: Scope) -> None:
    condition, params = customers.sql("c")
    first, last = day_bounds(page.on)
    cursor.execute(
        f"SELECT ({condition}), {COLUMNS} {SOURCE} WHERE v.staff_id = %s AND v.occurred_on = %s"
        " AND v.occurred_at >= %s AND v.occurred_at < %s AND v.undone_at IS NULL ORDER BY v.occurred_at, v.id LIMIT %s",
        [*params, page.staff_id, page.on, first, last, MOST_ROWS],
    )
    records = cursor.fetchall()
    page.visits = visit_rows([record[1:] for record in records if record[0]])
    page.hidden = sum(1 for record in records if not record[0])


def day_bounds(on: date) -> tuple[datetime, datetime]:
    """Midnight to midnight."""
    first = timezone.make_aware(datetime.combine(on, datetime.min.time()))
    return first, first + timedelta(days=1)


_PLAN = """
SELECT i.customer_id, c.name, i.purpose, i.state, i.visit_id, ({visible})
FROM visits_planitem i JOIN visits_plan p ON p.id = i.plan_id JOIN accounts_customer c ON c.id = i.customer_id
WHERE p.staff_id = %s AND p.period = 'week' AND i.planned_on = %s AND i.state <> 'cancelled'
ORDER BY i.half, i.position, i.id LIMIT %s
"""
_WEEK_VISITS = """
SELECT i.visit_id FROM visits_planitem i JOIN visits_plan p ON p.id = i.plan_id
WHERE p.staff_id = %s AND p.period = 'week' AND i.visit_id = ANY(%s)
"""
_HAS_PLAN = (
    "SELECT EXISTS (SELECT FROM visits_plan WHERE staff_id = %s AND period = 'week' AND starts_on = %s"
    " AND state <> 'draft')"
)


def _plan(cursor: Any, page: DayPage, customers: Scope) -> None:
    """What was planned for the day; with a plan for the week, what was done beyond it."""
    condition, params = customers.sql("c")
    cursor.execute(_PLAN.format(visible=condition), [*params, page.staff_id, page.on, MOST_ROWS])
    page.planned = [PlanEntry(*row[:4]) for row in cursor.fetchall() if row[5]]
    cursor.execute(_HAS_PLAN, [page.staff_id, page.on - timedelta(days=page.on.weekday())])
    if not cursor.fetchone()[0]:
        return
    ids = [row.id for row in page.visits if row.is_effective]
    cursor.execute(_WEEK_VISITS, [page.staff_id, ids])
    page.unplanned_ids = frozenset(ids) - {row[0] for row in cursor.fetchall()}


def _tasks(cursor: Any, page: DayPage, customers: Scope) -> None:
    condition, params = customers.sql("c")
    first, last = day_bounds(page.on)
    cursor.execute(
        "SELECT t.customer_id, c.name, t.kind, t.title, t.due_on, t.state, t.id FROM accounts_task t"
        " LEFT JOIN accounts_customer c ON c.id = t.customer_id"
        f" WHERE (t.customer_id IS NULL OR {condition}) AND t.staff_id = %s AND ("
        " t.state = 'done' AND t.closed_at >= %s AND t.closed_at < %s"
        " OR t.state = 'open' AND t.due_on <= %s AND t.kind = ANY(%s)) ORDER BY t.due_on, t.id LIMIT %s",
        [*params, page.staff_id, first, last, page.on, list(PROMISES), MOST_ROWS],
    )
    for row in cursor.fetchall():
        customer_id, name, kind, title, due_on, state, task_id = row
        entry = TaskEntry(customer_id, name, kind, title, due_on, task_id)
        (page.done if state == "done" else page.promises).append(entry)


def _dials(cursor: Any, staff_id: int, on: date) -> int:
    first, last = day_bounds(on)
    cursor.execute(
        "SELECT count(*) FROM visits_dialtap WHERE staff_id = %s AND tapped_at >= %s AND tapped_at < %s"
        " AND visit_id IS NULL AND dismissed_at IS NULL",
        [staff_id, first, last],
    )
    return int(cursor.fetchone()[0])


_REVIEWS = (
    "SELECT r.decision, r.remark, r.is_together, u.name, r.at FROM visits_review r"
    " JOIN core_user u ON u.id = r.by_id WHERE r.{of} = %s ORDER BY r.at, r.id"
)


def _reviews(cursor: Any, log_id: int) -> list[ReviewEntry]:
    cursor.execute(_REVIEWS.format(of="day_log_id"), [log_id])
    return [ReviewEntry(*row) for row in cursor.fetchall()]


def reviews_of_plan(plan_id: int) -> list[ReviewEntry]:
    """What reviewers said about a plan; who may see the plan has been asked."""
    with connection.cursor() as cursor:
        cursor.execute(_REVIEWS.format(of="plan_id"), [plan_id])
        return [ReviewEntry(*row) for row in cursor.fetchall()]


def log_place(people: Scope, log_id: int) -> tuple[int, date]:
    """Whose day a log is of, and which; 404 outside the scope."""
    found = DayLog.visible_to(people).filter(pk=log_id).values_list("staff_id", "on").first()
    if found is None:
        raise NotFound
    return found


# --- The end of the day, on Today


@dataclass(frozen=True, slots=True)
class OpenSpecial:
    """A situation that waits for a special visit: the most urgent lines of Today."""

    id: int
    customer_name: str
    trigger: str
    found_at: datetime
    due_at: datetime


@dataclass(frozen=True, slots=True)
class DayEnd:
    """What the end of the day (日结) shows on Today, each number with its rows."""

    visits: int
    done: int
    promises: int
    unplanned: int
    unsigned: int
    planned_left: int
    log: LogRow | None
    day: date
    urls: dict[str, str] = field(default_factory=dict)
    specials: tuple[OpenSpecial, ...] = ()


_END = f"""
SELECT
  (SELECT count(*) FROM visits_visit v WHERE v.staff_id = %(staff)s AND v.occurred_at >= %(from)s
    AND v.occurred_at < %(to)s AND v.undone_at IS NULL),
  (SELECT count(*) FROM accounts_task t WHERE t.staff_id = %(staff)s AND t.state = 'done'
    AND t.closed_at >= %(from)s AND t.closed_at < %(to)s),
  (SELECT count(*) FROM accounts_task t WHERE t.staff_id = %(staff)s AND t.state = 'open' AND t.due_on <= %(day)s
    AND t.kind = ANY(%(promises)s)),
  (SELECT count(*) FROM visits_visit v WHERE v.staff_id = %(staff)s AND v.occurred_at >= %(from)s
    AND v.occurred_at < %(to)s AND v.undone_at IS NULL AND v.outcome_id = ANY(%(effective)s)
    AND EXISTS (SELECT FROM visits_plan p WHERE p.staff_id = %(staff)s AND p.period = 'week'
      AND p.starts_on = %(week)s AND p.state <> 'draft')
    AND NOT EXISTS (SELECT FROM visits_planitem i WHERE i.visit_id = v.id)),
  (SELECT count(*) FROM visits_checkin k JOIN visits_visit v ON v.id = k.visit_id WHERE v.staff_id = %(staff)s
    AND v.occurred_at >= %(from)s AND v.occurred_at < %(to)s AND v.undone_at IS NULL
    AND (k.manager_signed_at IS NULL OR k.wants_customer AND k.customer_signed_at IS NULL)),
  (SELECT count(*) FROM visits_planitem i JOIN visits_plan p ON p.id = i.plan_id WHERE p.staff_id = %(staff)s
    AND p.period = 'week' AND p.starts_on = %(week)s AND i.planned_on = %(day)s AND i.state IN ('planned', 'missed')),
  (SELECT coalesce(json_agg(json_build_array(s.id, s.name, s.trigger, s.found_at, s.due_at)), '[]')::text
    FROM (SELECT x.id, c.name, x.trigger, x.found_at, {SPECIAL_DUE_AT} AS due_at FROM visits_specialvisit x
      JOIN accounts_customer c ON c.id = x.customer_id WHERE c.manager_id = %(staff)s
        AND x.visited_at IS NULL ORDER BY x.found_at LIMIT 10) s),
  {LOG}
FROM (SELECT 1) one LEFT JOIN visits_daylog l ON l.staff_id = %(staff)s AND l."on" = %(day)s
"""


def day_end(staff_id: int, today: date) -> DayEnd:
    """One statement for the end of the day; what was dialled and not logged stands on Today already."""
    first, last = day_bounds(today)
    effective = [outcome.id for outcome in catalogue().outcomes.values() if outcome.is_effective]
    with connection.cursor() as cursor:
        cursor.execute(
            _END,
            {
                "staff": staff_id, "day": today, "from": first, "to": last, "promises": list(PROMISES),
                "effective": effective, "week": today - timedelta(days=today.weekday()), **settings(SPECIAL_HOURS),
            },
        )  # fmt: skip
        row = cursor.fetchone()
    log = LogRow(*row[7:]) if row[7] is not None else None
    waiting = tuple(
        OpenSpecial(key, name, trigger, datetime.fromisoformat(at), datetime.fromisoformat(due))
        for key, name, trigger, at, due in orjson.loads(row[6])
    )
    made, done, promises, unplanned, unsigned, left = row[:6]
    return DayEnd(made, done, promises, unplanned, unsigned, left, log, today, _end_urls(staff_id, today), waiting)


def is_closed(staff_id: int, day: date) -> bool:
    """Whether somebody's day is closed (日结)."""
    return DayLog.unscoped.filter(staff_id=staff_id, on=day).exists()


def _end_urls(staff_id: int, today: date) -> dict[str, str]:
    """Every number leads to its rows."""
    rows = f"{reverse('visits:visit_list')}?staff={staff_id}&on={today.isoformat()}"
    return {
        "visits": rows,
        "unsigned": f"{rows}&book=unsigned",
        "day": reverse("visits:day_log", args=[staff_id, today.isoformat()]),
    }

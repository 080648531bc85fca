"""The supervisor's queue (PLAN-4): exceptions first, then a drawn sample, then the rest, which goes together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.queries import names
from crm.core.abilities import Access
from crm.core.marks import dated
from crm.core.measures import by_manager
from crm.core.scope import Scope
from visits.choices import PlanPeriod
from visits.queries import review_sql as review
from visits.queries.measures import work
from visits.queries.plans.page import period_words
from visits.queries.review_sql import LOG, PLAN

MOST_ITEMS = 600
REASONS: dict[str, str | Promise] = {
    "missing": _("Nothing written down"),
    "backdated": _("Back-dated"),
    "similar": _("Similar text"),
    "no_visits": _("No visit on a working day"),
    "overlong": _("Overlong call"),
    "untouched": _("Never looked at"),
    "late": _("Handed in late"),
    "left_out": _("Customers left out"),
    "empty": _("Empty"),
}


@dataclass(frozen=True, slots=True)
class QueueItem:
    """A plan or a work log that waits for its reviewer."""

    kind: str
    id: int
    staff_id: int
    on: date
    title: str
    sentence: str
    figures: str
    reasons: tuple[str, ...]
    is_sample: bool

    @property
    def staff_name(self) -> str:
        """Whose work it is."""
        return names.staff_name(self.staff_id)

    @property
    def reason_labels(self) -> list[str]:
        """What is remarkable about it, in words."""
        return [str(REASONS[code]) for code in self.reasons]

    @property
    def is_rest(self) -> bool:
        """Neither remarkable nor drawn: it may be reviewed together with others."""
        return not self.reasons and not self.is_sample

    @property
    def key(self) -> str:
        """Its name in forms and addresses."""
        return f"{self.kind}-{self.id}"

    @property
    def url(self) -> str:
        """Where it is read."""
        return reverse("visits:review_item", args=[self.kind, self.id])


@dataclass(slots=True)
class Queue:
    """Everything that waits, in the order of reading."""

    exceptions: list[QueueItem] = field(default_factory=list)
    sample: list[QueueItem] = field(default_factory=list)
    rest: list[QueueItem] = field(default_factory=list)

    @property
    def items(self) -> list[QueueItem]:
        """In the order of reading."""
        return [*self.exceptions, *self.sample, *self.rest]

    def of(self, staff_id: int) -> Queue:
        """What waits of one manager."""
        parts = (self.exceptions, self.sample, self.rest)
        return Queue(*([item for item in part if item.staff_id == staff_id] for part in parts))

    def neighbours(self, kind: str, number: int) -> tuple[QueueItem | None, QueueItem | None]:
        """Before and after one of them; for one that no longer waits, the first."""
        items = self.items
        place = next((at for at, item in enumerate(items) if (item.kind, item.id) == (kind, number)), None)
        if place is None:
            return None, items[0] if items else None
        before = items[place - 1] if place else None
        return before, items[place + 1] if place + 1 < len(items) else None


_LOGS = f"""
SELECT l.id, l.staff_id, l."on", l.sentence, a.visits, e.reasons, {review.LOG_DRAWN}
FROM visits_daylog l JOIN accounts_staff s ON s.id = l.staff_id {review.LOG_FACTS}
WHERE {{scope}} AND NOT {review.LOG_REVIEWED} AND l.staff_id IS DISTINCT FROM %(me)s {{staff}}
ORDER BY l."on", l.id LIMIT %(most)s
"""
# Accepted, or adopted by the system; reviewed once unless it was handed in again after it came back.
_PLANS = f"""
SELECT p.id, p.staff_id, p.starts_on, p.focus, p.period, a.items, e.reasons, {review.PLAN_DRAWN}
FROM visits_plan p JOIN accounts_staff s ON s.id = p.staff_id {review.PLAN_FACTS}
WHERE {{scope}} AND p.state <> 'draft' AND p.staff_id IS DISTINCT FROM %(me)s {{staff}} AND NOT {review.PLAN_REVIEWED}
ORDER BY p.starts_on, p.id LIMIT %(most)s
"""


def queue(access: Access, *, staff_id: int | None = None) -> Queue:
    """What waits for this reviewer: the people under him, never himself."""
    scope, bound = access.scope_for("review_work").sql_for(unit="s.unit_id", manager="s.id")
    named = scope
    params: dict[str, Any] = {"me": access.staff_id, "most": MOST_ITEMS} | review.values()
    for place, value in enumerate(bound):
        named = named.replace("%s", f"%(scope{place})s", 1)
        params[f"scope{place}"] = value
    one = ""
    if staff_id is not None:
        one, params["staff"] = "AND s.id = %(staff)s", staff_id
    found = Queue()
    with connection.cursor() as cursor:
        cursor.execute(_LOGS.format(scope=named, staff=one), params)
        logs = [_log_item(row) for row in cursor.fetchall()]
        cursor.execute(_PLANS.format(scope=named, staff=one), params)
        plans = [_plan_item(row) for row in cursor.fetchall()]
    for item in sorted([*plans, *logs], key=lambda item: (item.on, item.kind, item.id)):
        (found.exceptions if item.reasons else found.sample if item.is_sample else found.rest).append(item)
    found.exceptions.sort(key=lambda item: (-len(item.reasons), item.on, item.id))
    return found


def _log_item(row: Sequence[Any]) -> QueueItem:
    number, staff_id, on, sentence, visits, reasons, is_drawn = row
    figures = str(_("%(n)d visits")) % {"n": visits}
    return QueueItem(
        LOG, number, staff_id, on, dated(on, "SHORT_DATE_FORMAT"), sentence, figures, tuple(reasons),
        not reasons and is_drawn,
    )  # fmt: skip


def _plan_item(row: Sequence[Any]) -> QueueItem:
    number, staff_id, starts_on, focus, period, items, reasons, is_drawn = row
    title = f"{PlanPeriod(period).label} {period_words(period, starts_on)}"
    figures = str(_("%(n)d items")) % {"n": items}
    return QueueItem(PLAN, number, staff_id, starts_on, title, focus, figures, tuple(reasons), not reasons and is_drawn)


# --- F26: 日志完成率, 审核率


@dataclass(frozen=True, slots=True)
class ReviewRate:
    """F26 of a manager: days with a log, and what was reviewed of the logs and plans that have to be read."""

    staff_id: int
    logs_reviewed: int
    plans_reviewed: int
    logs: int
    plans: int
    kept: int
    days: int

    @property
    def reviewed(self) -> int:
        """Plans and logs that were looked at."""
        return self.logs_reviewed + self.plans_reviewed

    @property
    def all(self) -> int:
        """Plans and logs that are remarkable or drawn."""
        return self.logs + self.plans


_PEOPLE = """
SELECT s.id FROM accounts_staff s WHERE {scope} AND s.is_active
  AND EXISTS (SELECT FROM accounts_post o WHERE o.staff_id = s.id AND o.role = 'manager') ORDER BY s.id
"""


def review_rates(access: Access, *, first: date, last: date, today: date) -> list[ReviewRate]:
    """F26 by manager, for whom this reader may look after: the rows of the three measures."""
    people = access.scope_for("serve_customers").union(access.scope_for("view_team"))
    scope, params = people.sql_for(unit="s.unit_id", manager="s.id")
    with connection.cursor() as cursor:
        cursor.execute(_PEOPLE.format(scope=scope), params)
        staff_ids = [row[0] for row in cursor.fetchall()]
    time, theirs = work.of_days(first, last, today), Scope(manager_ids=tuple(staff_ids))
    logs, plans, kept = (
        by_manager(measure, theirs, time) for measure in (work.LOGS_REVIEWED, work.PLANS_REVIEWED, work.LOGS_KEPT)
    )
    rates = []
    for staff_id in staff_ids:
        log, plan, day = (found.get(staff_id, work.NOTHING) for found in (logs, plans, kept))
        numbers = (log.numerator, plan.numerator, log.denominator, plan.denominator, day.numerator, day.denominator)
        rates.append(ReviewRate(staff_id, *(int(number) for number in numbers)))
    return rates

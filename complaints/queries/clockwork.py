"""The clocks' own sources: office time as it is set today, and the targets in time (CMP-2)."""

from __future__ import annotations

from functools import lru_cache

from django.utils import timezone

from complaints.choices import Hours
from complaints.models import Case, SlaRule
from complaints.rules.clock import Clockwork, OfficeTime, RoundTheClock
from complaints.rules.targets import Asked, Target, best, level_that_counts
from crm.core.hours import office_hours
from crm.core.rules import Calendar, DayHours
from crm.core.working_days import calendar

ALWAYS = RoundTheClock()
_COLUMNS = (
    "id", "kind", "category_id", "tier_id", "level", "first_reply_minutes", "update_minutes", "solution_minutes",
    "hours", "effective_from",
)  # fmt: skip
FACTS_OF_CASES = """
SELECT k.id, min(w.due_at) FILTER (WHERE w.state = 'running') AS due,
  coalesce(bool_or(w.breached_at IS NOT NULL) FILTER (WHERE w.round = k.round), false) AS breached
FROM complaints_case k LEFT JOIN complaints_caseclock w ON w.case_id = k.id
"""
"""What a case says of its clocks: the nearest running deadline, and whether one was missed in its round. The caller
adds which cases, and GROUP BY k.id."""


@lru_cache(maxsize=4)
def _office_time(known: Calendar, hours: tuple[DayHours, ...]) -> OfficeTime:
    """The days are counted once for each state of the two tables."""
    return OfficeTime(known, hours, timezone.get_default_timezone())


def clockwork(hours: str) -> Clockwork:
    """What a clock runs on."""
    return ALWAYS if hours == Hours.ALWAYS else _office_time(calendar(), office_hours())


def targets(kind: str | None = None) -> list[Target]:
    """The table of targets, of one kind of case when given."""
    rows = SlaRule.objects.all() if kind is None else SlaRule.objects.filter(kind=kind)
    return [Target(*row) for row in rows.values_list(*_COLUMNS)]


def target_of(asked: Asked) -> Target | None:
    """The row that holds for such a case on its day; None: nobody has set a target."""
    return best(targets(asked.kind), asked)


def level_of(case: Case) -> str:
    """The level that decides a case's targets."""
    urgent = case.order_type is not None and case.order_type.is_urgent
    return level_that_counts(case.level, is_urgent=urgent)

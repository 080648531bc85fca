"""Plans by the clock (PLAN-6, PLAN-7): drafted on Friday noon, valid from Monday, missed items found by the night."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.sweeps import sweep
from visits.actions.plans.adopting import adopt, drop_moved, join_new_duties
from visits.actions.plans.drafting import draft_long, draft_week
from visits.actions.plans.matching import match_late_visits, miss_items
from visits.actions.plans.telling import tell_of_drafts
from visits.rules.plans import neighbour, period_start, weeks_to_draft
from visits.sweeps.room import make_room

MONTH_AHEAD = 24
"""From this day on the next month has its plan, from December on the next year."""


@sweep("draft_week_plans", label=_("Draft the week plans"))
def draft_week_plans(*, today: date, now: datetime) -> int:
    """PLAN-6: Friday noon, the next week for everybody; a week that has begun without a plan gets one too.

    A night made up for later drafts no week that is over.
    """
    make_room()
    moment = timezone.localtime(now)
    if today != moment.date():
        return 0
    drafted = 0
    for monday in weeks_to_draft(moment):
        staff_ids = draft_week(monday, today=today, now=now)
        drafted += len(staff_ids)
        if monday > today:
            tell_of_drafts(monday, staff_ids, now=now)
    return drafted


@sweep("draft_long_plans", label=_("Draft the plans of months and years"))
def draft_long_plans(*, today: date, now: datetime) -> int:
    """PLAN-1: the running month and year, and the next ones in time to be read."""
    make_room()
    starts = [("month", period_start("month", today)), ("year", period_start("year", today))]
    if today.day >= MONTH_AHEAD:
        starts.append(("month", neighbour("month", starts[0][1], 1)))
    if today.month == 12:
        starts.append(("year", neighbour("year", starts[1][1], 1)))
    return sum(len(draft_long(period, starts_on, now=now)) for period, starts_on in starts)


@sweep("join_plans", label=_("Join new duties to the plans"))
def join_plans(*, today: date, now: datetime) -> int:
    """A period that begins inside a week: the draft foresaw its share."""
    make_room()
    return join_new_duties(today=today)


@sweep("match_visits", label=_("Match visits to plans"))
def match_visits(*, today: date, now: datetime) -> int:
    """PLAN-7: visits that came in by other ways than the log sheet find their items too."""
    make_room()
    return match_late_visits(today=today, now=now)


@sweep("flag_missed_items", label=_("Find what was planned and not done"))
def flag_missed_items(*, today: date, now: datetime) -> int:
    """PLAN-7: an item of Tuesday without a contact is missed on Wednesday at 00:30."""
    make_room()
    return miss_items(today=today)


@sweep("adopt_drafts", label=_("Make untouched drafts the plan"))
def adopt_drafts(*, today: date, now: datetime) -> int:
    """PLAN-6: what nobody touched by Sunday night is the plan (系统排程), not late."""
    make_room()
    return adopt(today=today) + drop_moved(today=today)

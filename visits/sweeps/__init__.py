"""Everything the clock does to the ledger: set-based, safe to repeat, one business date at a time."""

from .callbacks import draw_callbacks, find_text_twins
from .care import care_tasks
from .closing import close_periods, flag_overdue_contacts
from .day_logs import close_day_logs
from .digests import morning_digests
from .freezing import freeze_months, frozen_through, months_to_freeze
from .missed_calls import pass_on_missed_calls
from .opening import open_duties
from .pacing import suggest_days
from .planning import (
    adopt_drafts,
    draft_long_plans,
    draft_week_plans,
    flag_missed_items,
    join_plans,
    match_visits,
)
from .reports import prepare_reports, remind_reports
from .standings import rebuild_standings
from .voices import voice_digest

__all__ = [
    "adopt_drafts",
    "care_tasks",
    "close_day_logs",
    "close_periods",
    "draft_long_plans",
    "draft_week_plans",
    "draw_callbacks",
    "find_text_twins",
    "flag_missed_items",
    "flag_overdue_contacts",
    "freeze_months",
    "frozen_through",
    "join_plans",
    "match_visits",
    "months_to_freeze",
    "morning_digests",
    "open_duties",
    "pass_on_missed_calls",
    "prepare_reports",
    "rebuild_standings",
    "remind_reports",
    "suggest_days",
    "voice_digest",
]

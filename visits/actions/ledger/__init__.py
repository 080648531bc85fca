"""Human writes of the duty ledger, and what visits and other apps' deeds do to it."""

from visits.actions.sheet import SettledDuty

from .correcting import correct_duty, postpone
from .facts import write_facts
from .following import (
    follow_absence,
    follow_assignment,
    follow_handover_undo,
    follow_merge,
    follow_state_change,
    follow_tier_change,
    follow_unit_change,
)
from .owing import align
from .placing import place
from .reversing import put_back, withdraw
from .settling import recompute, reopen_tasks_of, restate_tasks_of, settle

__all__ = [
    "SettledDuty",
    "align",
    "correct_duty",
    "follow_absence",
    "follow_assignment",
    "follow_handover_undo",
    "follow_merge",
    "follow_state_change",
    "follow_tier_change",
    "follow_unit_change",
    "place",
    "postpone",
    "put_back",
    "recompute",
    "reopen_tasks_of",
    "restate_tasks_of",
    "settle",
    "withdraw",
    "write_facts",
]

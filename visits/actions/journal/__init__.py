"""Deeds of the journal: switches, check-in book, day logs, their review, special visits."""

from .check_ins import ask_by_link, follow_undo, follow_visits, sign_visit, take_signature
from .day_logs import close_day
from .reviews import review_rest, review_work
from .switches import set_switches

__all__ = [
    "ask_by_link",
    "close_day",
    "follow_undo",
    "follow_visits",
    "review_rest",
    "review_work",
    "set_switches",
    "sign_visit",
    "take_signature",
]

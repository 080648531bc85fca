"""The business rules of keeping in touch: frozen data and pure functions; no clock, no database."""

from .counting import Cell, CountingRow, counts
from .freeze import freezes_at, last_day, next_month, report_due_on
from .pace import Item, birthday_place, free_days, level, next_birthday, nth_of, shares, slots_left, spread
from .standing import (
    NEVER_OPENED,
    NO_DATE,
    Promise,
    StandingFacts,
    face_to_face_due_on,
    is_overdue,
    standing_of,
)
from .states import (
    DutyFacts,
    Holding,
    VisitFacts,
    credit_of_miss,
    settles,
    settling_visit,
    state_of,
)
from .windows import (
    FIRST_DUE_DAYS,
    Window,
    due_on_after_tier_change,
    next_due_on,
    opened_through_after_tier_change,
    window_on,
)

__all__ = [
    "FIRST_DUE_DAYS",
    "NEVER_OPENED",
    "NO_DATE",
    "Cell",
    "CountingRow",
    "DutyFacts",
    "Holding",
    "Item",
    "Promise",
    "StandingFacts",
    "VisitFacts",
    "Window",
    "birthday_place",
    "counts",
    "credit_of_miss",
    "due_on_after_tier_change",
    "face_to_face_due_on",
    "free_days",
    "freezes_at",
    "is_overdue",
    "last_day",
    "level",
    "next_birthday",
    "next_due_on",
    "next_month",
    "nth_of",
    "opened_through_after_tier_change",
    "report_due_on",
    "settles",
    "settling_visit",
    "shares",
    "slots_left",
    "spread",
    "standing_of",
    "state_of",
    "window_on",
]

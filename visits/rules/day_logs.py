"""When a day has a work log, and when that log counts as kept (PLAN-3, F26)."""

from __future__ import annotations


def needs_log(*, is_working: bool, is_on_leave: bool, visits: int) -> bool:
    """At 24:00 every working day gets its log, except one on leave; a free day only when something was done on it."""
    return visits > 0 or (is_working and not is_on_leave)


def is_kept(*, closed_by_person: bool, entries: int) -> bool:
    """F26: a log that closed itself over an empty day says nothing about the day."""
    return closed_by_person or entries > 0

"""Which target holds: the most specific cell, and its newest row of the day (CMP-2, CON-32)."""

from __future__ import annotations

from datetime import date

from complaints.rules.targets import Asked, Target, best, level_that_counts

START = date(2000, 1, 1)


def row(number, *, category=None, tier=None, level="", since=START, kind="complaint"):
    return Target(number, kind, category, tier, level, 120, None, 2880, "always", since)


def asked(*, category=None, tier=None, level="ordinary", on=date(2026, 3, 2), kind="complaint"):
    return Asked(kind, category, tier, level, on)


def test_category_comes_before_tier_and_tier_before_level():
    """CMP-2: a table by category, tier and level; what is said more exactly wins."""
    rows = [row(1), row(2, level="major"), row(3, tier=7), row(4, category=9), row(5, category=9, level="major")]
    assert best(rows, asked()).id == 1
    assert best(rows, asked(level="major")).id == 2
    assert best(rows, asked(level="major", tier=7)).id == 3
    assert best(rows, asked(category=9, tier=7)).id == 4
    assert best(rows, asked(category=9, tier=7, level="major")).id == 5


def test_the_newest_row_of_a_cell_holds_from_its_day_on():
    rows = [row(1), row(2, since=date(2026, 3, 2)), row(3, since=date(2026, 3, 3)), row(4, tier=7)]
    assert best(rows, asked(on=date(2026, 3, 1))).id == 1
    assert best(rows, asked()).id == 2
    assert best(rows, asked(on=date(2026, 12, 1))).id == 3
    assert best(rows, asked(on=date(2026, 12, 1), tier=7)).id == 4


def test_no_row_is_no_target_and_an_empty_one_sets_none():
    """A kind nobody thought of has no target; the rule says so instead of guessing."""
    assert best([row(1, kind="need")], asked()) is None
    assert row(1).minutes("first_reply") == 120
    assert row(1).minutes("update") is None


def test_what_cannot_wait_has_the_time_of_a_major_matter():
    """SAL-18: a SIM card lost before a flight."""
    assert level_that_counts("ordinary", is_urgent=True) == "major"
    assert level_that_counts("serious", is_urgent=False) == "serious"

"""Callbacks: how many, which ones, and when two texts are nearly the same (CON-34, KPI-7)."""

from __future__ import annotations

import calendar
import hashlib
import math
import re
from datetime import date

LONG_TEXT = 30
"""Texts up to so many characters repeat themselves honestly."""
_BLANK = re.compile(r"\s")


def drawn_by(day: date, per_month: int) -> int:
    """How many of a month's sample are drawn by the end of a day: evenly, all by the last.

    >>> drawn_by(date(2026, 11, 15), 10), drawn_by(date(2026, 11, 30), 10)
    (5, 10)
    """
    days = calendar.monthrange(day.year, day.month)[1]
    return -(-per_month * day.day // days)


def draw_key(day: date, visit_id: int, weight: float) -> float:
    """The smallest keys are drawn: the same day and visits give the same sample, a heavier visit comes sooner."""
    digest = hashlib.md5(f"{day.isoformat()}:{visit_id}".encode(), usedforsecurity=False).hexdigest()
    uniform = (int(digest[:12], 16) + 1) / (16**12 + 1)
    return -math.log(uniform) / weight


def trigrams(text: str) -> frozenset[str]:
    """Three characters in a row, spaces left out; whatever the script (pg_trgm knows no Chinese)."""
    plain = _BLANK.sub("", text.lower())
    return frozenset(plain[place : place + 3] for place in range(max(len(plain) - 2, 1)))


def text_similarity(one: str, other: str) -> float:
    """Shared trigrams of all, 0 to 1.

    >>> text_similarity("今天拜访客户", "今天拜访客户"), text_similarity("今天拜访客户", "明日电话回访")
    (1.0, 0.0)
    """
    first, second = trigrams(one), trigrams(other)
    return len(first & second) / len(first | second)

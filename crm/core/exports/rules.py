"""Rules of exports: who may have a column unmasked, how much is too much, the row that gives a copy away."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from statistics import median

TIMES = 5
FLOOR = 1_000
"""Fewer rows a day than this alarm nobody, whatever one took along before (safety 1.5)."""
_FIRST = "安博昌达恒泰宏盛嘉禾瑞祥永兴裕隆"
_SECOND = "源丰和利通信成业茂康顺润景晟华辰"
_UNMASKS = {"P2": frozenset({"reveal_phone", "view_private_profile"}), "P3": frozenset({"view_private_profile"})}


def may_unmask(abilities: frozenset[str], classes: Iterable[str]) -> bool:
    """Nobody gets in a file what he could not look at on a page: P2 by revealing, P3 by the private profile."""
    return all(abilities & _UNMASKS.get(one, frozenset()) for one in classes if one)


def alarm_above(days: Sequence[int]) -> int:
    """So many rows on one day are five times one's own median of the days on which one took something along."""
    taken = [rows for rows in days if rows > 0]
    return max(FLOOR, int(TIMES * median(taken))) if taken else FLOOR * TIMES


def canary_of(number: int, key: str) -> str:
    """A firm that does not exist, for one export; who finds it in a file finds the export by it (safety 1.5)."""
    digest = hmac.new(key.encode(), f"canary:{number}".encode(), hashlib.sha256).digest()
    name = "".join(words[digest[place] % len(words)] for place, words in enumerate((_FIRST, _SECOND, _FIRST, _SECOND)))
    return f"江城{name}商贸行{number % 97:02d}"

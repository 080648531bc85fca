"""What a cell says: nothing, a number, a day. Decided on the distinct texts of a column, never row by row."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import date

BLANKS = frozenset(
    {"", "na", "n/a", "#n/a", "nan", "null", "none", "nil", "-", "--", "?", "\\n", "missing", "<na>", "nat", "空"}
)
MONEY = str.maketrans("", "", "$€£¥￥%元 \u00a0'")
THOUSANDS = re.compile(r"-?[1-9]\d{0,2}(,\d{3})+(\.\d*)?")
EUROPEAN = re.compile(r"-?\d{1,3}(\.\d{3})*,\d+|-?\d+,\d+")
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?")
LARGEST = 1e15
DAY_FIRST, MONTH_FIRST = "day", "month"
ISO = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})日?)?月?(?:[T ].*)?")
COMPACT = re.compile(r"((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
SLASHED = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{2}|\d{4})(?:[T ].*)?")
NAMED = re.compile(r"(?:(\d{1,2})[- ])?([A-Za-z]{3})[a-z]*[- ,]+(?:(\d{1,2})[ ,]+)?(\d{4}|\d{2})(?:[T ].*)?")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def clean(text: str) -> str:
    """A text without width variants and spaces around it."""
    return text.strip() if text.isascii() else unicodedata.normalize("NFKC", text).strip()


def is_blank(text: str) -> bool:
    """Whether a cell says nothing."""
    return clean(text).casefold() in BLANKS


def number_of(text: str, *, is_comma_decimal: bool = False) -> float | None:
    """A number, with or without money, per cent and thousands; None when it is none.

    >>> number_of("1,234.50"), number_of("￥29.85"), number_of("12 %"), number_of("1.234,5", is_comma_decimal=True)
    (1234.5, 29.85, 12.0, 1234.5)
    """
    text = clean(text).translate(MONEY)
    if is_comma_decimal:
        text = text.replace(".", "").replace(",", ".")
    elif THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    if not NUMBER.fullmatch(text):
        return None
    number = float(text)
    return number if math.isfinite(number) and abs(number) <= LARGEST else None


def has_comma_decimals(texts: Iterable[str]) -> bool:
    """Whether a column writes 3,5 for three and a half: some cell can only be read so."""
    found = False
    for text in texts:
        text = clean(text).translate(MONEY)
        if "," not in text:
            continue
        if not EUROPEAN.fullmatch(text):
            return False
        found |= not THOUSANDS.fullmatch(text)
    return found


def numbers_of(texts: Sequence[str]) -> list[float | None]:
    """Every distinct text of a column as a number."""
    comma = has_comma_decimals(texts)
    return [number_of(text, is_comma_decimal=comma) for text in texts]


def days_of(texts: Sequence[str]) -> list[int | None]:
    """Every distinct text of a column as a day (proleptic ordinal)."""
    order = DAY_FIRST if _has_day_first(texts) else MONTH_FIRST
    return [_day(clean(text), order) for text in texts]


def _has_day_first(texts: Iterable[str]) -> bool:
    """Whether 3/4/2020 is the third of April: some first number is more than twelve, and no second one is."""
    firsts, seconds = 0, 0
    for text in texts:
        if found := SLASHED.fullmatch(clean(text)):
            firsts, seconds = max(firsts, int(found[1])), max(seconds, int(found[2]))
    return firsts > 12 >= seconds


def _day(text: str, order: str) -> int | None:
    """One day; None when the text is none."""
    if found := COMPACT.fullmatch(text) or ISO.fullmatch(text):
        return _ordinal(int(found[1]), int(found[2]), int(found[3] or 1))
    if found := SLASHED.fullmatch(text):
        first, second, year = int(found[1]), int(found[2]), int(found[3])
        day, month = (first, second) if order == DAY_FIRST else (second, first)
        return _ordinal(year if year > 99 else 2000 + year, month, day)
    if (found := NAMED.fullmatch(text)) and found[2].casefold() in MONTHS:
        year = int(found[4])
        day = int(found[1] or found[3] or 1)
        return _ordinal(year if year > 99 else 2000 + year, MONTHS.index(found[2].casefold()) + 1, day)
    return None


def _ordinal(year: int, month: int, day: int) -> int | None:
    try:
        return date(year, month, day).toordinal() if 1900 <= year <= 2100 else None
    except ValueError:
        return None

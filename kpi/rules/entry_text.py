"""What a row of entered results says: its period and its numbers, as people write them (pure)."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from kpi.choices import Period

_MONTH = re.compile(r"^(\d{4})[-/.年](\d{1,2})月?$")
_QUARTER = re.compile(r"^(\d{4})[-/.年]?\s*(?:[Qq]([1-4])|第?([1-4一二三四])季度?)$")
_YEAR = re.compile(r"^(\d{4})年?$")
_CHINESE = {"一": 1, "二": 2, "三": 3, "四": 4}
MOST = Decimal(10) ** 9


def read_period(kind: str, text: str) -> date | None:
    """First day of the period a text names; None when it names none of this kind.

    >>> read_period("quarter", "2026Q4"), read_period("month", "2026-04"), read_period("year", "2026")
    (datetime.date(2026, 10, 1), datetime.date(2026, 4, 1), datetime.date(2026, 1, 1))
    """
    plain = text.strip()
    if kind == Period.YEAR:
        found = _YEAR.match(plain)
        return _day(int(found[1]), 1) if found else None
    if kind == Period.QUARTER:
        found = _QUARTER.match(plain)
        if found is None:
            return None
        number = found[2] or found[3]
        return _day(int(found[1]), 3 * (_CHINESE.get(number) or int(number)) - 2)
    found = _MONTH.match(plain)
    return _day(int(found[1]), int(found[2])) if found else None


def _day(year: int, month: int) -> date | None:
    return date(year, month, 1) if 2000 <= year <= 2100 and 1 <= month <= 12 else None


def write_period(kind: str, first: date) -> str:
    """The same the other way.

    >>> write_period("quarter", date(2026, 10, 1))
    '2026Q4'
    """
    if kind == Period.YEAR:
        return f"{first:%Y}"
    return f"{first:%Y}Q{first.month // 3 + 1}" if kind == Period.QUARTER else f"{first:%Y-%m}"


def read_number(text: str) -> Decimal | None:
    """A number with at most two decimals; None: it is none."""
    try:
        number = Decimal(text.strip().replace(",", "").replace("，", "").removesuffix("%").removesuffix("％").strip())
    except InvalidOperation:
        return None
    exponent = number.as_tuple().exponent
    return (
        number if number.is_finite() and abs(number) < MOST and isinstance(exponent, int) and exponent >= -2 else None
    )

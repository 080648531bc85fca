"""Birthdays kept by the Chinese calendar (农历生日), as days of the calendar on the wall (ENG-1)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from borax.calendars.lunardate import LCalendars, LunarDate

FIRST_YEAR, LAST_YEAR = 1900, 2100
"""The lunar years the library knows; it agrees with the astronomical calendar day by day from 1900 to 2088."""


@lru_cache(maxsize=512)
def lunar_month(year: int, month: int) -> tuple[date, int]:
    """First day and length of an ordinary (never a leap) month of a lunar year."""
    return LunarDate(year, month, 1, 0).to_solar_date(), int(LCalendars.ndays(year, month, 0))


def lunar_months() -> list[tuple[int, int, date, int]]:
    """Every ordinary month the calendar knows: year, month, first day, length (the table that SQL reads)."""
    years = range(FIRST_YEAR, LAST_YEAR + 1)
    return [(year, month, *lunar_month(year, month)) for year in years for month in range(1, 13)]


def lunar_birthday_in(birthday: date, year: int) -> date | None:
    """The day of a lunar year on which a lunar birthday is kept; None outside the calendar.

    What is stored are the numbers of the lunar date: 1968-08-15 is the 15th of the eighth month, 八月十五.
    - Leap months: the birthday is kept in the ordinary month of its number. Whoever was born in a leap month is
      congratulated every year, not once in decades; a second month of the same number brings no second birthday.
    - The 30th: in a year in which the month has 29 days, on the 29th, its last day (腊月三十 is then 腊月廿九, still
      New Year's Eve).
    - A date cannot say 30 February: 二月三十 is entered as the 29th.
    - The year is the lunar one: the twelfth month of 2025 ends on 16 February 2026.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    first, length = lunar_month(year, birthday.month)
    return first + timedelta(days=min(birthday.day, length) - 1)


def next_lunar_birthday(birthday: date, on: date) -> date | None:
    """The next lunar birthday from a day on: of the lunar year before (its end), of this one or of the next."""
    kept = (lunar_birthday_in(birthday, year) for year in (on.year - 1, on.year, on.year + 1))
    return next((day for day in kept if day is not None and day >= on), None)

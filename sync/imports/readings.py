"""How cells of dates and amounts are read (CUS-10): months, tenure, day numbers of Excel, fen."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.rules import add_months
from crm.core.errors import Invalid
from crm.core.text import narrow

CURRENCY = re.compile(r"[¥￥$€元\s]")
_MONTH = re.compile(r"^(\d{4})[-/.年]?(\d{1,2})月?$")
_CLOCK_TAIL = re.compile(r"[T ]\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?$")


def read_date(given: str, reading: str, today: date, field: str) -> Any:
    """Dates as files write them: a month alone is its first day; tenure counts back from today."""
    text = narrow(given).strip()
    if reading.endswith("_of_tenure") or reading == "excel_serial":
        amount = number(text, field)
        if reading == "excel_serial":
            return date(1899, 12, 30) + timedelta(days=min(int(amount), 200_000))
        if not 0 <= amount < 50_000:
            raise Invalid(_("This is not a plausible tenure."), code="out_of_range", field=field)
        if reading == "days_of_tenure":
            return today - timedelta(days=int(amount))
        months = int(amount * 12 if reading == "years_of_tenure" else amount)
        return max(add_months(today.replace(day=1), -min(months, 12 * 200)), date(1900, 1, 1))
    text = _CLOCK_TAIL.sub("", text)
    if reading in ("DD/MM/YYYY", "MM/DD/YYYY"):
        parts = re.split(r"[-/.]", text)
        if len(parts) == 3:
            day, month = (0, 1) if reading.startswith("DD") else (1, 0)
            return f"{parts[2]}-{parts[month]}-{parts[day]}"
        return text
    month_only = _MONTH.match(text)
    return f"{month_only[1]}-{month_only[2]}-01" if month_only else text


def read_amount(given: str, reading: str, field: str) -> Any:
    """Amounts as files write them: with signs of money, in fen, in units of ten thousand."""
    text = CURRENCY.sub("", narrow(given))
    if reading not in ("fen", "wan"):
        return text
    amount = number(text.replace(",", ""), field)
    return amount / 100 if reading == "fen" else amount * 10_000


def number(text: str, field: str) -> Decimal:
    """A number, or what is wrong with it."""
    try:
        found = Decimal(text)
    except InvalidOperation as problem:
        raise Invalid(_("This is not a number."), code="not_a_number", field=field) from problem
    if not found.is_finite():
        raise Invalid(_("This is not a number."), code="not_a_number", field=field)
    return found

"""How a date, a tier or a masked number looks in a table: one place for both template engines."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, ngettext

from crm.core import ui
from crm.core.text import mask_phone

SOON_DAYS = 3
NEVER = date(9999, 12, 31)


def dated(day: date, shape: str = "MONTH_DAY_FORMAT", weekday: str = "D") -> str:
    """A day with its weekday, in the order of the language: 「11月17日 周二」, "Tue, November 17"."""
    return gettext("%(weekday)s, %(date)s") % {"weekday": date_format(day, weekday), "date": date_format(day, shape)}


def due_words(day: date | None, today: date) -> tuple[str, str]:
    """The words for a due date and how urgent it is: "late", "soon" or "".

    >>> due_words(None, date(2026, 1, 1))
    ('', '')
    """
    if day is None or day == NEVER:
        return "", ""
    days = (day - today).days
    if days < 0:
        return ngettext("%(n)d day overdue", "%(n)d days overdue", -days) % {"n": -days}, "late"
    if days == 0:
        return gettext("today"), "soon"
    if days == 1:
        return gettext("tomorrow"), "soon"
    return ngettext("in %(n)d day", "in %(n)d days", days) % {"n": days}, "soon" if days <= SOON_DAYS else ""


def due(day: date | datetime | None, today: date | None = None) -> SafeString | str:
    """「今天 / 3 天后 / 逾期 5 天」 with the exact date on hover; a word or icon goes with every colour."""
    if isinstance(day, datetime):
        day = timezone.localdate(day)
    words, urgency = due_words(day, today or timezone.localdate())
    if day is None or not words:
        return ""
    look = {"late": "text-red", "soon": "text-orange", "": ""}[urgency]
    return format_html(
        '<time class="due {}" datetime="{}" title="{}">{}</time>',
        look,
        day.isoformat(),
        date_format(day, "DATE_FORMAT"),
        words,
    )


@lru_cache(maxsize=4096)
def _day_mark(day: date, today: date, language: str | None) -> SafeString:
    words, urgency = due_words(day, today)
    return format_html('<span class="due {}" title="{}">{}</span>', urgency, day.isoformat(), words)


def day_mark(day: date | None, today: date) -> SafeString | str:
    """The same as `due` for lists of a hundred rows: the few dates of a list are drawn once each."""
    return "" if day is None or day == NEVER else _day_mark(day, today, get_language())


@lru_cache(maxsize=4096)
def _ago(day: date, today: date, language: str | None) -> SafeString:
    days = (today - day).days
    if days <= 0:
        words = gettext("today")
    elif days == 1:
        words = gettext("yesterday")
    else:
        words = ngettext("%(n)d day ago", "%(n)d days ago", days) % {"n": days}
    return format_html('<span title="{}">{}</span>', day.isoformat(), words)


def ago(day: date | None, today: date) -> SafeString | str:
    """How long ago a day was, with the exact date on hover."""
    return "" if day is None else _ago(day, today, get_language())


def amount(value: Decimal | None) -> str:
    """Yuan with thousands separators, without empty decimals; nothing for none or zero."""
    if not value:
        return ""
    return f"{value:,.0f}" if value == value.to_integral_value() else f"{value:,.2f}"


def mask_phone_mark(value: str | None) -> str:
    """A phone number as those see it who may not dial it."""
    return mask_phone(value)


class ListMarks:
    """The marks of one list in one language: each of the few different ones is drawn once, then looked up."""

    def __init__(self, today: date) -> None:
        self.today = today
        self._tiers: dict[tuple[str, str], SafeString] = {}
        self._duties: dict[tuple[str, date | None], SafeString] = {}
        self._days: dict[date | None, SafeString | str] = {}

    def tier(self, tier: tuple[str, str]) -> SafeString:
        """A tier's badge, from (code, label)."""
        found = self._tiers.get(tier)
        if found is None:
            found = self._tiers[tier] = ui.tier_badge(*tier)
        return found

    def duty(self, state: str, due_on: date | None) -> SafeString:
        """What is owed and until when."""
        key = (state, due_on)
        found = self._duties.get(key)
        if found is None:
            found = self._duties[key] = format_html("{} {}", ui.duty_badge(state), day_mark(due_on, self.today))
        return found

    def ago(self, day: date | None) -> SafeString | str:
        """How long ago a day was, or never."""
        found = self._days.get(day)
        if found is None:
            never = format_html('<span class="text-3">{}</span>', gettext("never"))
            found = self._days[day] = ago(day, self.today) or never
        return found

"""Small pieces of HTML that appear by the hundred: icons, tier and duty marks, rings, initials.

Plain functions, cached where the same few answers come again and again, so that Django templates
(``{% load ui %}``), Jinja2 rows and Python code draw the same thing at next to no cost. Cached functions escape
their text always: a safe and an unsafe text of the same letters share one place in the cache.
"""

from decimal import Decimal
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as _noop

TIER_ICONS = {"diamond": "diamond-filled", "gold": "award-filled", "silver": "award"}

# state of a duty or a standing -> (look, icon, words); looks are classes of app.css
DUTY_MARKS = {
    "met": ("met", "circle-check", _noop("Met")),  # ti-circle-check
    "open": ("", "circle-dashed", _noop("Owed")),  # ti-circle-dashed
    "due_soon": ("soon", "clock", _noop("At risk")),  # ti-clock
    "overdue": ("late", "alert-triangle", _noop("Overdue")),  # ti-alert-triangle
    "provisional": ("soon", "clock-question", _noop("Missed, provisional")),  # ti-clock-question
    "missed": ("quiet", "circle-x", _noop("Missed")),  # ti-circle-x
    "excused": ("quiet", "circle-minus", _noop("Excused")),  # ti-circle-minus
    "none": ("quiet", "minus", _noop("Nothing owed")),  # ti-minus
}
RING_LENGTH = 100


@lru_cache(maxsize=512)
def icon(name: str, extra: str = "") -> SafeString:
    """A decorative icon; write the full ``ti-name`` somewhere in the sources, so that it is in the style sheet."""
    name = name.removeprefix("ti-")
    return format_html('<i class="ti ti-{}{}" aria-hidden="true"></i>', name, f" {extra}" if extra else "")


@lru_cache(maxsize=512)
def _mark(look: str, icon_name: str, text: str) -> SafeString:
    return format_html('<span class="mark {}">{}{}</span>', look, icon(icon_name) if icon_name else "", escape(text))


def mark(text: str | Promise, look: str = "", icon_name: str = "") -> SafeString:
    """A small label; look is late, soon, met, info, quiet or nothing (grey)."""
    return _mark(look, icon_name.removeprefix("ti-"), str(text))


@lru_cache(maxsize=512)
def tier_badge(code: str | None, label: str | Promise = "") -> SafeString:
    """A customer's tier: its colour, its icon and its word. Nothing for a customer without tier."""
    if not code:
        return mark_safe("")
    name = TIER_ICONS.get(code)
    return format_html(
        '<span class="tier tier-{}">{}{}</span>', code, icon(name) if name else "", escape(str(label) or code)
    )


@lru_cache(maxsize=128)
def _duty_mark(state: str, language: str | None) -> SafeString:
    look, icon_name, words = DUTY_MARKS.get(state, ("", "", state))
    return _mark(look, icon_name, gettext(words) if state in DUTY_MARKS else words)


def duty_badge(state: str | None) -> SafeString:
    """The state of a contact duty, in colour, icon and word (decisions 1)."""
    return _duty_mark(state or "none", get_language())


def money(amount: Decimal | int | None) -> str:
    """An amount in CNY as pages show it; a dash for none.

    >>> money(Decimal("1234.5")), money(None)
    ('¥1,234.50', '–')
    """
    return f"¥{amount:,.2f}" if amount is not None else "–"


def initials(name: str) -> str:
    """Two letters of a person: the given name of a Chinese name, the first letters of another."""
    name = name.strip()
    if name and ord(name[-1]) > 0x2E7F:
        return name[-2:] if len(name) > 2 else name
    return "".join(word[0] for word in name.split()[:2]).upper()


@lru_cache(maxsize=1024)
def avatar(name: str, extra: str = "") -> SafeString:
    """The initials of a person in a circle; decorative, the name stands beside it."""
    return format_html(
        '<span class="avatar{}" aria-hidden="true">{}</span>',
        f" {extra}" if extra else "",
        escape(initials(name)),
    )


def ring(done: int, whole: int, *, look: str = "", size: str = "", caption: str | Promise = "") -> SafeString:
    """A share of a whole as a ring with its numbers inside, a dash of nothing; look is met (default), soon or late."""
    part = 0 if whole <= 0 else min(RING_LENGTH, round(RING_LENGTH * done / whole))
    small = format_html("<small>{}</small>", caption) if caption else ""
    return format_html(
        '<span class="ring {} {}"><svg viewBox="0 0 36 36" aria-hidden="true"><circle cx="18" cy="18" r="15.9"/>'
        '<circle cx="18" cy="18" r="15.9" pathLength="{}" stroke-dasharray="{} {}"{}/></svg>'
        "<span>{}{}</span></span>",
        look,
        size,
        RING_LENGTH,
        part,
        RING_LENGTH,
        mark_safe(' visibility="hidden"') if not part else "",
        f"{done}/{whole}" if whole > 0 else "–",
        small,
    )


def lines(text: str) -> SafeString:
    """Text of a person with its line breaks, escaped."""
    return mark_safe(escape(text).replace("\n", "<br>"))  # noqa: S308 - escaped here

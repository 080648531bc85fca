"""How a value of an indicator is written: per cent, count, minutes, working days, points (KPI-50)."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from kpi.choices import Direction, Display, Light

DASH = "–"
DECIMALS = {
    Display.PERCENT.value: 1,
    Display.COUNT.value: 0,
    Display.PER_HUNDRED.value: 1,
    Display.MINUTES.value: 0,
    Display.DAYS.value: 1,
    Display.SCORE.value: 1,
}
MORE_DECIMALS = 2


def plain_number(value: Decimal, decimals: int = 0) -> str:
    """A number with thousands separators and just so many decimals.

    >>> plain_number(Decimal("1234.5"), 1), plain_number(Decimal("-0.04"), 1)
    ('1,234.5', '0.0')
    """
    rounded = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return f"{abs(rounded) if rounded == 0 else rounded:,.{decimals}f}"


def short_number(value: Decimal) -> str:
    """The same without empty decimals.

    >>> short_number(Decimal("3.500")), short_number(Decimal("100.000"))
    ('3.5', '100')
    """
    text = f"{value.normalize():,f}"
    return text if text != "-0" else "0"


def with_unit(text: str, display: str) -> str:
    """「92.0 %」「95 分钟」「0.8 个工作日」."""
    if display == Display.PERCENT:
        return _("%(number)s %%") % {"number": text}
    if display == Display.MINUTES:
        return _("%(number)s min") % {"number": text}
    if display == Display.DAYS:
        return _("%(number)s working days") % {"number": text}
    return text


def number_words(
    value: Decimal | None, display: str, *, target: Decimal | None = None, is_met: bool | None = None
) -> str:
    """The number alone. One that misses its target by less than is shown gets more decimals: 99.96 is not 100.0."""
    if value is None:
        return DASH
    decimals = DECIMALS.get(display, 1)
    if target is not None and is_met is False:
        last = decimals + MORE_DECIMALS
        while decimals < last and round(value, decimals) == target:
            decimals += 1
    return plain_number(value, decimals)


def value_words(
    value: Decimal | None, display: str, *, target: Decimal | None = None, is_met: bool | None = None
) -> str:
    """A value with its unit; a dash when there is none."""
    number = number_words(value, display, target=target, is_met=is_met)
    return number if value is None else with_unit(number, display)


def target_words(target: Decimal | None, display: str, direction: str, *, is_strict: bool = False) -> str:
    """「≥ 100 %」「< 3.5 %」; empty without a target."""
    if target is None:
        return ""
    sign = {(True, False): "≥", (True, True): ">", (False, False): "≤", (False, True): "<"}[
        direction != Direction.DOWN, is_strict
    ]
    return f"{sign} {with_unit(short_number(target), display)}"


def change_words(value: Decimal | None, before: Decimal | None, display: str) -> str:
    """What it is more or less than before: 「+2.1」; empty when one of them is not known or nothing changed."""
    if value is None or before is None:
        return ""
    text = plain_number(value - before, DECIMALS.get(display, 1))
    if not text.strip("0.,"):
        return ""
    return text if text.startswith("-") else f"+{text}"


def light_words(light: str, *, is_running: bool, is_met: bool | None = None) -> str:
    """The light in a word: colour is never alone (screens)."""
    if light == Light.GREEN:
        return _("Target met")
    if light == Light.AMBER:
        return _("May still be missed") if is_met else _("On the way")
    if light == Light.RED:
        return _("Out of reach") if is_running else _("Target missed")
    return _("No target")


LIGHT_LOOKS = {Light.GREEN.value: "met", Light.AMBER.value: "soon", Light.RED.value: "late"}
# ti-circle-check ti-clock ti-alert-circle ti-circle-dashed
LIGHT_ICONS = {Light.GREEN.value: "circle-check", Light.AMBER.value: "clock", Light.RED.value: "alert-circle"}


def rank_words(rank: int, of: int) -> str:
    """KPI-12: one's own place among so many."""
    return _("%(rank)d of %(of)d") % {"rank": rank, "of": of}


def managers_words(number: int) -> str:
    """So many managers."""
    return ngettext("%(n)d manager", "%(n)d managers", number) % {"n": number}


def units_words(number: int) -> str:
    """So many units."""
    return ngettext("%(n)d unit", "%(n)d units", number) % {"n": number}

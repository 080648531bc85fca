"""What a scoring needs beside weight and target, as people write it in one field of the scorecard (KPI-9)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from kpi.choices import Scoring

MOST_STEPS = 10
LIMIT = Decimal(100_000)
_NARROW = str.maketrans("；，,＝：:%", ";;;=== ")


@dataclass(frozen=True, slots=True)
class Needs:
    """The numbers of a scoring."""

    floor: Decimal | None = None
    steps: tuple[tuple[Decimal, Decimal], ...] = ()
    each: Decimal | None = None
    takes: Decimal | None = None


class Unreadable(ValueError):
    """The text does not say what the scoring needs; the argument is a code."""


def read_needs(scoring: str, text: str) -> Needs:
    """The numbers of a text: linear "60", steps "90=100; 80=75", taken away "0.5=20", nothing for all or nothing.

    >>> read_needs("step", "90=100；80=75").steps
    ((Decimal('90'), Decimal('100')), (Decimal('80'), Decimal('75')))
    """
    plain = text.translate(_NARROW).strip()
    parts = [part.strip() for part in plain.split(";") if part.strip()]
    if scoring == Scoring.STEP:
        return Needs(steps=_steps(parts))
    if scoring == Scoring.DEDUCT:
        if len(parts) != 1:
            raise Unreadable("deduct")
        each, takes = _pair(parts[0], "deduct")
        if each <= 0 or not 0 < takes <= 100:
            raise Unreadable("deduct")
        return Needs(each=each, takes=takes)
    if scoring == Scoring.LINEAR and parts:
        if len(parts) != 1:
            raise Unreadable("linear")
        return Needs(floor=_number(parts[0], "linear"))
    if parts:
        raise Unreadable("pass")
    return Needs()


def _steps(parts: list[str]) -> tuple[tuple[Decimal, Decimal], ...]:
    if not 1 <= len(parts) <= MOST_STEPS:
        raise Unreadable("step")
    pairs = tuple(_pair(part, "step") for part in parts)
    if any(not 0 <= share <= 100 for _limit, share in pairs) or len({limit for limit, _share in pairs}) != len(pairs):
        raise Unreadable("step")
    return tuple(sorted(pairs, key=lambda pair: -pair[1]))


def _pair(text: str, code: str) -> tuple[Decimal, Decimal]:
    left, found, right = text.partition("=")
    if not found:
        raise Unreadable(code)
    return _number(left, code), _number(right, code)


def _number(text: str, code: str) -> Decimal:
    try:
        number = Decimal(text.strip())
    except InvalidOperation as wrong:
        raise Unreadable(code) from wrong
    exponent = number.as_tuple().exponent
    if not number.is_finite() or abs(number) >= LIMIT or not isinstance(exponent, int) or exponent < -3:
        raise Unreadable(code)
    return number


def write_needs(scoring: str, needs: Needs) -> str:
    """The same the other way.

    >>> write_needs("deduct", Needs(each=Decimal("0.500"), takes=Decimal("20.00")))
    '0.5=20'
    """
    if scoring == Scoring.STEP:
        return "; ".join(f"{plain(limit)}={plain(share)}" for limit, share in needs.steps)
    if scoring == Scoring.DEDUCT and needs.each is not None and needs.takes is not None:
        return f"{plain(needs.each)}={plain(needs.takes)}"
    return plain(needs.floor) if scoring == Scoring.LINEAR and needs.floor is not None else ""


def plain(number: Decimal) -> str:
    """Without trailing zeros, never in powers of ten.

    >>> plain(Decimal("100.00"))
    '100'
    """
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text

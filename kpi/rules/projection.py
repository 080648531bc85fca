"""Where a running period ends up at the present pace, by working days (issue 5: early warning)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from crm.core.measures import Nature
from crm.core.rules import Calendar
from kpi.choices import Display
from kpi.rules.periods import Bounds
from kpi.rules.values import Number, exact, rounded

TOO_EARLY = 2
"""On the first working day of a period there is no pace yet."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Working days of a period: those that have begun, of all."""

    gone: int
    of: int

    @property
    def is_known(self) -> bool:
        """Whether there is a pace to go by."""
        return TOO_EARLY <= self.gone <= self.of


NO_PACE = Pace(0, 0)


def pace_of(bounds: Bounds, today: date, calendar: Calendar) -> Pace:
    """The pace on a day; none before and after the period."""
    if not bounds.holds(today):
        return NO_PACE
    return Pace(calendar.between(bounds.first, today), calendar.between(bounds.first, bounds.last))


@dataclass(frozen=True, slots=True)
class Kind:
    """What of an indicator decides how it goes on."""

    display: str
    nature: Nature = Nature.FLOW
    accrues: bool = False


def projected(kind: Kind, numerator: Number, denominator: Number, mendable: int, pace: Pace) -> Decimal | None:
    """The value at the end of the period at the present pace; None: the period is over, or it cannot be told.

    What stands at the end of a day goes on as it stands, and so does a share or mean of events that are over. A count
    and a quota grow with the working days. Of what is owed in the period as much is done as the pace lets expect,
    at most what can still be done.

    >>> projected(Kind("percent"), 30, 100, 70, Pace(10, 20))
    Decimal('60.0000')
    """
    if not pace.is_known:
        return None
    if kind.nature == Nature.FLOW:
        at_pace = Fraction(numerator) * pace.of / pace.gone
        if kind.accrues or kind.display == Display.COUNT:
            return rounded(exact(kind.display, at_pace, denominator))
        if mendable > 0:
            return rounded(exact(kind.display, min(at_pace, Fraction(numerator) + mendable), denominator))
    return rounded(exact(kind.display, numerator, denominator))

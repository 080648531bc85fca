"""Rules of dunning and credit in plain Python; the night's SQL does the same, a test compares the two."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from crm.core import parameters
from sales.money_choices import CreditState, DunningStage


@dataclass(frozen=True, slots=True)
class DunningDays:
    """After how many days past the due day the stages begin; the first begins on the first day."""

    call: int
    visit: int
    stop: int

    @classmethod
    def on(cls, day: date) -> DunningDays:
        """The days that hold on a day."""
        return cls(*(int(parameters.value(f"dunning_{name}_days", day)) for name in ("call", "visit", "stop")))

    def stage(self, days: int) -> DunningStage:
        """SAL-23: the stage of a bill so many days past its due day.

        >>> DunningDays(7, 15, 30).stage(14).name, DunningDays(7, 15, 30).stage(15).name
        ('CALL', 'VISIT')
        """
        if days >= self.stop:
            return DunningStage.STOP
        if days >= self.visit:
            return DunningStage.VISIT
        return DunningStage.CALL if days >= self.call else DunningStage.REMINDER

    def next_on(self, due_on: date, stage: int) -> date | None:
        """When the stage after this one begins; the last has none after it.

        >>> DunningDays(7, 15, 30).next_on(date(2026, 10, 20), 1)
        datetime.date(2026, 10, 27)
        """
        days = {1: self.call, 2: self.visit, 3: self.stop}.get(stage)
        return due_on + timedelta(days=days) if days is not None else None


def credit_state(*, used: Decimal, overdue: Decimal, limit: Decimal) -> CreditState:
    """SAL-23, SAL-24: in arrears before over the limit before good.

    >>> credit_state(used=Decimal(60), overdue=Decimal(0), limit=Decimal(50)).name
    'OVER'
    """
    if overdue > 0:
        return CreditState.ARREARS
    return CreditState.OVER if used > limit else CreditState.GOOD


def payment_score(in_time: int, bills: int) -> int | None:
    """Per cent of the bills that were paid by their due day, halves up; no bill, no score.

    >>> payment_score(10, 12), payment_score(1, 8), payment_score(0, 0)
    (83, 13, None)
    """
    return (200 * in_time + bills) // (2 * bills) if bills else None

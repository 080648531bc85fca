"""Who was lost, when and to whose charge; who was there on 1 January (RET-1, D9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.choices import CustomerKind, CustomerState

GONE = (CustomerState.CHURNED.value, CustomerState.EXITED.value)
"""States in which a customer was lost (CUS-31)."""
BASE_KINDS = (CustomerKind.VIP.value, CustomerKind.GROUP.value)
"""Whose churn is assessed: VIPs (F1, F2) and group customers (F3)."""


@dataclass(frozen=True, slots=True)
class Span:
    """Something that held from a day up to another, that day not included; None: it still holds."""

    value: int | None
    valid_from: date
    valid_to: date | None

    def holds(self, day: date) -> bool:
        """Whether it holds on the day."""
        return self.valid_from <= day and (self.valid_to is None or self.valid_to > day)


def value_on(spans: Sequence[Span], day: date) -> int | None:
    """What held on the day."""
    return next((span.value for span in spans if span.holds(day)), None)


def credited(assignments: Sequence[Span], lost_on: date) -> int | None:
    """F1: the manager of record at the loss; when the assignment ended with it, that of the day before."""
    found = value_on(assignments, lost_on)
    return found if found is not None else value_on(assignments, lost_on - timedelta(days=1))


def was_never_lost(lost_on: date, returned_on: date, return_days: int) -> bool:
    """Who comes back within so many days was never lost: a mistake, a change of contract, a retention that worked."""
    return (returned_on - lost_on).days <= return_days


def is_lost(state: str, exited_on: date | None, today: date) -> bool:
    """A customer in one of the last states, with a day that has come."""
    return state in GONE and exited_on is not None and exited_on <= today


@dataclass(frozen=True, slots=True)
class Known:
    """What the histories tell of a customer."""

    kind: str
    state: str
    joined_on: date | None
    exited_on: date | None
    entered_on: date
    """The day he was entered here."""
    losses: Sequence[Span] = ()
    """Away from, back again."""
    tiers: Sequence[Span] = ()
    assignments: Sequence[Span] = ()


def was_in_base(customer: Known, new_year: date) -> bool:
    """D9, told from the histories: of the kinds that are assessed, joined by then, not prospective, not away then.

    Somebody who was entered before the year began must have had a tier or a manager on its first day: else he was
    ordinary then. Of those entered later nothing older is known, and they are taken as they came.
    """
    if customer.kind not in BASE_KINDS or customer.state == CustomerState.PROSPECT:
        return False
    if customer.joined_on is not None and customer.joined_on > new_year:
        return False
    if customer.state in GONE and (customer.exited_on is None or customer.exited_on < new_year):
        return False
    if any(away.valid_from < new_year and away.holds(new_year) for away in customer.losses):
        return False
    return customer.entered_on > new_year or any(
        span.holds(new_year) and span.value is not None for span in (*customer.tiers, *customer.assignments)
    )


def first_known(spans: Sequence[Span], day: date) -> int | None:
    """What held on the day, or the first thing known afterwards."""
    ahead = [span for span in spans if span.valid_to is None or span.valid_to > max(day, span.valid_from)]
    return min(ahead, key=lambda span: span.valid_from).value if ahead else None

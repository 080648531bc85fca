"""Shares of a month of the desk; without a whole there is none (requirements 3.5)."""

from __future__ import annotations

from dataclasses import dataclass

SATISFIED = 4
"""F25: of five points."""
REQUESTS = ("need", "handling", "enquiry")
"""F43: what a customer asks for; a complaint has its own clocks."""


def per_cent(part: int, whole: int) -> float | None:
    """One decimal; none without a whole."""
    return round(100 * part / whole, 1) if whole else None


def per_hundred(count: int, customers: int) -> float | None:
    """F24: complaints per hundred VIP customers, two decimals; none without customers."""
    return round(100 * count / customers, 2) if customers else None


def mean_minutes(minutes: float, count: int) -> float | None:
    """F43: the mean, one decimal; none without a case."""
    return round(minutes / count, 1) if count else None


@dataclass(frozen=True, slots=True)
class Complaints:
    """F24 of one manager in one month."""

    justified: int
    complaints: int
    customers: int

    @property
    def rate(self) -> float | None:
        """百户投诉率."""
        return per_hundred(self.complaints, self.customers)


@dataclass(frozen=True, slots=True)
class Solved:
    """F25 of one unit in one month."""

    in_time: int
    due: int
    satisfied: int
    scored: int

    @property
    def in_time_share(self) -> float | None:
        """投诉及时解决率."""
        return per_cent(self.in_time, self.due)

    @property
    def satisfied_share(self) -> float | None:
        """处理满意率."""
        return per_cent(self.satisfied, self.scored)


@dataclass(frozen=True, slots=True)
class Response:
    """F43 of one manager in one month, with the deed after the word (CMP-36)."""

    requests: int
    answered: int
    reply_minutes: float
    acted: int
    action_minutes: float

    @property
    def minutes_to_reply(self) -> float | None:
        """需求响应时长: from receiving to the first reply."""
        return mean_minutes(self.reply_minutes, self.answered)

    @property
    def minutes_to_action(self) -> float | None:
        """From receiving to the first action."""
        return mean_minutes(self.action_minutes, self.acted)

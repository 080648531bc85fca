"""The 商品及服务质量信息反馈单 (CMP-28…31): inspected, signed, submitted, decided, exchanged, signed again, closed.

One table for actions, the buttons of the page and the tests. The customer signs twice: under what was found, and under
"客户确认" for what was delivered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from complaints.choices import QualityState as State

HANDLE, REVIEW, CUSTOMER = "handle", "review", "customer"


@dataclass(frozen=True, slots=True)
class Deed:
    """One deed: from which states into which, and who does it."""

    states: tuple[State, ...]
    target: State
    who: str


DEEDS: Mapping[str, Deed] = {
    # Mended until it is submitted, and again after a rejection; what was signed before no longer holds.
    "inspect": Deed((State.REPORTED, State.INSPECTED, State.SIGNED, State.REJECTED), State.INSPECTED, HANDLE),
    "sign": Deed((State.INSPECTED,), State.SIGNED, CUSTOMER),
    "submit": Deed((State.SIGNED,), State.SUBMITTED, HANDLE),
    "approve": Deed((State.SUBMITTED,), State.APPROVED, REVIEW),
    "reject": Deed((State.SUBMITTED,), State.REJECTED, REVIEW),
    "exchange": Deed((State.APPROVED,), State.EXCHANGED, HANDLE),
    "confirm": Deed((State.EXCHANGED,), State.CONFIRMED, CUSTOMER),
    "close": Deed((State.CONFIRMED,), State.CLOSED, REVIEW),
}

STATIONS: tuple[State, ...] = (
    State.REPORTED, State.INSPECTED, State.SIGNED, State.SUBMITTED, State.APPROVED, State.EXCHANGED, State.CONFIRMED,
    State.CLOSED,
)  # fmt: skip
"""The way in order; a rejected form is back at its inspection."""

_LACKS: tuple[tuple[State, str], ...] = (
    (State.INSPECTED, "not_inspected"),
    (State.SIGNED, "not_signed"),
    (State.SUBMITTED, "not_submitted"),
    (State.APPROVED, "not_approved"),
    (State.EXCHANGED, "not_exchanged"),
    (State.CONFIRMED, "not_confirmed"),
)


def place_of(state: str) -> int:
    """How far the form has come; a rejected one waits for a new inspection."""
    return 0 if state == State.REJECTED else STATIONS.index(State(state))


def refuse(deed: str, state: str) -> str:
    """Why a deed is not possible: "" it is; "passed" when the form is beyond it; else the first thing that is missing.

    CMP-28: not submitted without inspection; CMP-29: nor without the customer's signature; CMP-30: no exchange before
    the approval; CMP-31: not closed with the first signature only.
    """
    known = DEEDS[deed]
    if state in known.states:
        return ""
    place = place_of(state)
    needed = max(place_of(before) for before in known.states)
    if place > needed:
        return "passed"
    return next(code for station, code in _LACKS if place < place_of(station))


def allowed(state: str, rights: frozenset[str]) -> frozenset[str]:
    """The deeds whose forms the page shows."""
    return frozenset(name for name, deed in DEEDS.items() if deed.who in rights and state in deed.states)

"""An irregularity report and its hops (CMP-35): 一旦发现应立即向区域市场经理汇报 – told at once, passed on to the
enforcement department, the result written down and copied to the business operations department, then closed.
"""

from __future__ import annotations

from collections.abc import Mapping

from complaints.choices import IrregularityState as State

HOPS: Mapping[str, tuple[State, State]] = {
    "forward": (State.REPORTED, State.FORWARDED),
    "result": (State.FORWARDED, State.RESULT),
    "copy": (State.RESULT, State.COPIED),
    "close": (State.COPIED, State.CLOSED),
}
"""Deed → the state it needs and the one it leads to; none is skipped."""

ORDER = tuple(State)
_LACKS: Mapping[State, str] = {
    State.REPORTED: "not_forwarded", State.FORWARDED: "no_result", State.RESULT: "not_copied", State.COPIED: "passed",
    State.CLOSED: "passed",
}  # fmt: skip


def refuse(deed: str, state: str) -> str:
    """Why a hop is not possible: "" it is, "passed", or the first one that is missing.

    >>> refuse("close", "result")
    'not_copied'
    """
    here, needed = State(state), HOPS[deed][0]
    if here == needed:
        return ""
    return "passed" if ORDER.index(here) > ORDER.index(needed) else _LACKS[here]


def next_hop(state: str) -> str:
    """The one deed that is next; none when it is closed."""
    return next((name for name, (needed, _target) in HOPS.items() if needed == state), "")

"""What may be done to a case: one table of deeds for actions, buttons, the API and the tests (issue: the desk).

received –accept→ handling –pause/appoint→ waiting –resume→ handling –reply→ replied –close→ closed; a customer who is
not satisfied brings it back in the same round, a reopening starts a new one. Dispatch and escalation are side facts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from complaints.choices import OPEN_STATES, PAUSE_STATES, CaseKind, CaseState

HANDLE, ASSIGN, JUDGE, ORDERS = "handle", "assign", "judge", "orders"
RIGHTS = (HANDLE, ASSIGN, JUDGE, ORDERS)

ABILITY_OF: Mapping[str, str] = {
    HANDLE: "handle_cases", ASSIGN: "assign_cases", JUDGE: "judge_cases", ORDERS: "handle_orders",
}  # fmt: skip
"""Right on one case → ability asked of the access; the owner of a case may handle it whatever his post."""

HANDLER_KINDS = (CaseKind.COMPLAINT, CaseKind.QUALITY)
"""ORG-18: the unit's named handler answers for these; the customer's manager for the others."""

OPEN = tuple(state.value for state in OPEN_STATES)
PAUSED = tuple(state.value for state in PAUSE_STATES)
AT_WORK = (CaseState.HANDLING.value, *PAUSED)
UNFINISHED = (CaseState.RECEIVED.value, *AT_WORK)
SETTLED = (CaseState.REPLIED.value, CaseState.CLOSED.value)
WORKERS = (HANDLE, ASSIGN, ORDERS)


@dataclass(frozen=True, slots=True)
class Deed:
    """One deed: from which states, into which ("" = it stays as it is), by which of the rights, for which kinds."""

    name: str
    states: tuple[str, ...]
    target: str
    rights: tuple[str, ...]
    kinds: tuple[str, ...] = ()


TRANSITIONS = (
    Deed("accept", (CaseState.RECEIVED.value,), CaseState.HANDLING.value, (HANDLE, ORDERS)),
    Deed("pause", (CaseState.HANDLING.value,), CaseState.WAITING_CUSTOMER.value, (HANDLE, ORDERS)),
    Deed("appoint", (CaseState.HANDLING.value,), CaseState.APPOINTED.value, (HANDLE, ORDERS)),
    Deed("resume", PAUSED, CaseState.HANDLING.value, (HANDLE, ORDERS)),
    Deed("reply", (CaseState.HANDLING.value,), CaseState.REPLIED.value, (HANDLE,)),
    Deed("not_satisfied", (CaseState.REPLIED.value,), CaseState.HANDLING.value, (HANDLE, ASSIGN)),
    Deed("close", (CaseState.REPLIED.value,), CaseState.CLOSED.value, (HANDLE,)),
    Deed("reopen", (CaseState.CLOSED.value,), CaseState.HANDLING.value, (HANDLE, ASSIGN)),
    Deed("merge", OPEN, CaseState.MERGED.value, (HANDLE, ASSIGN)),
    # Back to what it was before.
    Deed("undo_merge", (CaseState.MERGED.value,), "", (HANDLE, ASSIGN)),
)
SIDE_DEEDS = (
    Deed("assign", OPEN, "", (ASSIGN,)),
    Deed("note", (*OPEN, CaseState.CLOSED.value), "", (HANDLE, ASSIGN, JUDGE, ORDERS)),
    Deed("said", (*OPEN, CaseState.CLOSED.value), "", WORKERS),
    Deed("update", UNFINISHED, "", (HANDLE, ORDERS)),
    Deed("step", (CaseState.HANDLING.value, CaseState.REPLIED.value), "", (HANDLE,), (CaseKind.COMPLAINT.value,)),
    Deed("order_step", (CaseState.HANDLING.value,), "", (HANDLE, ORDERS), (CaseKind.HANDLING.value,)),
    Deed("correct", OPEN, "", (HANDLE, ASSIGN)),
    Deed("attach", (*OPEN, CaseState.CLOSED.value), "", WORKERS),
    Deed("dispatch", AT_WORK, "", (HANDLE, ASSIGN)),
    Deed("escalate", AT_WORK, "", (HANDLE, ASSIGN)),
    Deed("propose", (*AT_WORK, *SETTLED), "", (HANDLE,), (CaseKind.COMPLAINT.value,)),
    Deed("judge", SETTLED, "", (JUDGE,), (CaseKind.COMPLAINT.value,)),
    Deed("cause", (*AT_WORK, *SETTLED), "", (HANDLE, ASSIGN, JUDGE), tuple(kind.value for kind in HANDLER_KINDS)),
)
DEEDS: Mapping[str, Deed] = {deed.name: deed for deed in (*TRANSITIONS, *SIDE_DEEDS)}

BULK_DEEDS = ("accept", "assign", "note", "resume", "close", "correct")
"""What may be done to many at once; each goes through the same guard as one alone."""


def refuse_deed(name: str, *, kind: str, state: str, rights: Collection[str]) -> str:
    """Why a deed is refused: "" it is not, "not_allowed", "wrong_kind" or "wrong_state", in this order."""
    deed = DEEDS[name]
    if not set(deed.rights).intersection(rights):
        return "not_allowed"
    if deed.kinds and kind not in deed.kinds:
        return "wrong_kind"
    return "" if state in deed.states else "wrong_state"


def allowed_deeds(*, kind: str, state: str, rights: Collection[str]) -> frozenset[str]:
    """The deeds whose buttons are shown; steps, replies and merges look at more than this."""
    return frozenset(name for name in DEEDS if not refuse_deed(name, kind=kind, state=state, rights=rights))


def rights_for(kind: str, has: Iterable[str]) -> frozenset[str]:
    """Rights that count for a kind: whoever handles orders does so with business handling only (SAL-41)."""
    return frozenset(right for right in has if right != ORDERS or kind == CaseKind.HANDLING)

"""The six steps of a complaint (CMP-6…13) and those of a business handling (SAL-26): in order, none is skipped.

`refuse_step` is the only guard; the action `record_step` is the only one that asks it, and page, one-call sheet, API,
bulk and import all go through that action.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from complaints.choices import FEELINGS, CaseKind, CustomerMood, StepNumber

FIRST, LAST = min(StepNumber.values), max(StepNumber.values)
REPLY_NEEDS = frozenset(range(FIRST, LAST))
"""A complaint's reply needs steps 1–5 of its round."""
CLOSE_NEEDS = frozenset(StepNumber.values)
FEWEST_OPTIONS = 2
"""CMP-11: fewer than two options of a solution warns (the number is ours)."""
MOST_OPTIONS = 6


@dataclass(frozen=True, slots=True)
class StepField:
    """One field of a step: its name, what it holds, whether the step is not finished without it."""

    name: str
    holds: str  # tick, text, mood, day, score, options
    is_required: bool = False
    longest: int = 500
    # Our own words, in which service phrases are looked for (CMP-16); the customer's are not.
    is_ours: bool = False


STEP_FIELDS: Mapping[int, tuple[StepField, ...]] = {
    # CMP-8: listen, show concern and sympathy, predict mood and need.
    StepNumber.PREDICT: (
        StepField("listened", "tick", is_required=True),
        StepField("sympathy", "tick"),
        StepField("mood", "mood"),
        StepField("need", "text"),
    ),
    # CMP-9: a sincere apology, the psychological need met.
    StepNumber.MEET: (
        StepField("apologised", "tick", is_required=True),
        StepField("words", "text", is_ours=True),
        StepField("need_met", "tick"),
    ),
    # CMP-10: an open question lets him vent; the facts, restated, understood.
    StepNumber.OPEN: (
        StepField("facts", "text", is_required=True, longest=1000),
        StepField("restated", "tick"),
        StepField("understanding", "tick"),
    ),
    # CMP-11: information, what to expect until when, a choice of solutions.
    StepNumber.PROVIDE: (
        StepField("information", "text", is_required=True, is_ours=True),
        StepField("expectation", "text", longest=200, is_ours=True),
        StepField("expected_on", "day"),
        StepField("options", "options", is_required=True, longest=200, is_ours=True),
    ),
    # CMP-12: what was agreed, when, and how satisfied he is (1–5).
    StepNumber.AGREE: (
        StepField("agreed", "text", is_required=True, longest=300, is_ours=True),
        StepField("agreed_on", "day"),
        StepField("satisfaction", "score", is_required=True),
    ),
    # CMP-13: a second apology, the next contact (within a week, ours).
    StepNumber.KEEP_IN_TOUCH: (
        StepField("apologised", "tick", is_required=True),
        StepField("words", "text", is_ours=True),
        StepField("follow_up_on", "day", is_required=True),
    ),
}
MOODS = tuple(CustomerMood.values)


def refuse_step(done: Collection[int], step: int) -> str:
    """Why a step cannot be recorded now: "" it can, else "unknown", "done", "feelings_first" or "step_before".

    >>> refuse_step({1}, 4), refuse_step({1, 2, 3}, 4), refuse_step({1, 2, 3}, 5)
    ('feelings_first', '', 'step_before')
    """
    if step not in STEP_FIELDS:
        return "unknown"
    if step in done:
        return "done"
    if step not in FEELINGS and not set(FEELINGS).issubset(done):
        return "feelings_first"
    return "" if step == FIRST or step - 1 in done else "step_before"


def next_step(done: Collection[int]) -> int | None:
    """The step that is open now; None after the last."""
    return next((step for step in StepNumber.values if not refuse_step(done, step)), None)


def missing_for_reply(kind: str, done: Collection[int]) -> frozenset[int]:
    """Steps without which the result of a complaint cannot be told."""
    return REPLY_NEEDS.difference(done) if kind == CaseKind.COMPLAINT else frozenset()


def missing_for_close(kind: str, done: Collection[int]) -> frozenset[int]:
    """Steps without which a complaint does not close."""
    return CLOSE_NEEDS.difference(done) if kind == CaseKind.COMPLAINT else frozenset()


def refuse_order_step(done: Collection[int], position: int, total: int) -> str:
    """SAL-26: steps of a business handling come one after the other: "", "unknown", "done" or "step_before"."""
    if not 0 <= position < total:
        return "unknown"
    if position in done:
        return "done"
    return "" if all(before in done for before in range(position)) else "step_before"

"""What the template of a case is given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from complaints.choices import FEELINGS, CaseKind, CaseState, ClockKind, CustomerMood, StepNumber
from complaints.clock_faces import ClockFace, face_of
from complaints.deed_pages import PAGES, DeedPage, form_of
from complaints.forms.deeds import DeedForm
from complaints.forms.steps import LABELS
from complaints.queries.case_parts import StepView
from complaints.queries.cases import CaseDetail
from complaints.queries.instructions import instructions_on
from complaints.queries.quality import feedback_of
from complaints.rules.steps import STEP_FIELDS
from complaints.time_left import length_words
from crm.core import guide
from crm.core.abilities import Access

PRIMARY = ("accept", "resume", "close", "reply", "undo_merge", "reopen")
"""The one deed that is next, in this order of choice."""
BESIDE = ("update", "dispatch", "escalate", "judge")
TALK = ("said", "update", "note")
NOT_IN_MENU = (*TALK, "step", "order_step", "attach")


@dataclass(slots=True)
class StepLine:
    """One of the six steps on the page."""

    number: int
    label: str
    is_feelings: bool
    is_done: bool
    is_now: bool
    tip: str
    done_at: datetime | None = None
    done_by: str = ""
    facts: list[tuple[str, str]] = field(default_factory=list)
    is_thin: bool = False


def case_context(detail: CaseDetail, access: Access, *, now: datetime) -> dict[str, Any]:
    """Everything the page shows; the buttons are those that are allowed."""
    head = detail.head
    is_complaint = head.kind == CaseKind.COMPLAINT
    primary = next((PAGES[name] for name in PRIMARY if name in detail.allowed), None)
    talk = {name: _talk_form(name, detail, access, now) for name in TALK if name in detail.allowed}
    step = form_of(PAGES["step"], detail, access, now=now) if "step" in detail.allowed else None
    codes = [f"step_{detail.next_step}", "six_principles"] if is_complaint and detail.next_step else []
    texts = guide.articles_of(codes) if codes else {}
    return {
        "detail": detail,
        "head": head,
        "now": now,
        "clocks": live_clocks(detail, now),
        "stopped": stopped_clocks(detail, now),
        "speed": speed_of(detail),
        "primary": primary,
        "is_close": primary is not None and primary.name == "close",
        "beside": _pages(detail, BESIDE, primary),
        "menu": _pages(detail, tuple(name for name in PAGES if name not in (*BESIDE, *NOT_IN_MENU)), primary),
        "talk": talk,
        "talk_pages": PAGES,
        "steps": step_lines(detail) if is_complaint else [],
        "step_form": step,
        "step_guide": texts.get(f"step_{detail.next_step}"),
        "principles": texts.get("six_principles"),
        "order_page": PAGES["order_step"] if "order_step" in detail.allowed else None,
        "is_forwarded": "order_step" not in detail.allowed and any(not row.is_done for row in detail.order_steps),
        "earlier_rounds": [one for one in detail.steps if one.round != head.round],
        "quality_id": feedback_of(head.id),
        "instructions": instructions_on(case_id=head.id),
        "may_instruct": access.scope_for("instruct_cases").allows(
            unit_id=head.customer_unit_id, manager_id=head.customer_manager_id
        ),
        "can_attach": "attach" in detail.allowed,
        "can_take": access.can("take_requests"),
        "may_urge": {row.id for row in detail.dispatches if row.state == "sent" and row.sent_by_id == access.user_id},
        "is_quality": head.kind == CaseKind.QUALITY,
        "waits_for": _waits_for(detail),
    }


def _pages(detail: CaseDetail, names: tuple[str, ...], primary: DeedPage | None) -> list[DeedPage]:
    return [PAGES[name] for name in names if name in detail.allowed and PAGES[name] is not primary]


def _talk_form(name: str, detail: CaseDetail, access: Access, now: datetime) -> DeedForm:
    form = form_of(PAGES[name], detail, access, now=now)
    form.auto_id = f"{name}_%s"
    return form


def live_clocks(detail: CaseDetail, now: datetime) -> list[ClockFace]:
    """The clocks that run or stand still, the nearest first."""
    live = [clock for clock in detail.clocks if clock.is_live]
    live.sort(key=lambda clock: (clock.due_at is None, clock.due_at or clock.started_at))
    return [face_of(clock, now) for clock in live]


def stopped_clocks(detail: CaseDetail, now: datetime) -> list[ClockFace]:
    """Those that were stopped, of all rounds: the history of the clocks stays (reopening)."""
    return [
        face_of(clock, now)
        for clock in detail.clocks
        if not clock.is_live and (clock.kind != ClockKind.UPDATE or clock.state != "void")
    ]


def speed_of(detail: CaseDetail) -> list[tuple[str, str]]:
    """CMP-36: from the receipt to our first word, to the first deed, to the result."""
    head = detail.head
    pairs = (
        (_("First word"), head.reply_minutes),
        (_("First deed"), head.action_minutes),
        (_("Result"), head.solution_minutes),
    )
    return [(label, length_words(minutes * 60)) for label, minutes in pairs if minutes is not None]


def step_lines(detail: CaseDetail) -> list[StepLine]:
    """The six steps of the round, in two halves."""
    done: Mapping[int, StepView] = {one.step: one for one in detail.steps if one.round == detail.head.round}
    lines = []
    for step in StepNumber:
        record = done.get(step.value)
        is_now = step.value == detail.next_step and detail.head.state != CaseState.MERGED
        tip = guide.tip(f"step_{step.value}")[0]
        line = StepLine(step.value, str(step.label), step in FEELINGS, record is not None, is_now, tip)
        if record is not None:
            line.done_at, line.done_by, line.facts = record.done_at, record.done_by, step_facts(record)
            line.is_thin = step == StepNumber.PROVIDE and len(record.data.get("options", ())) < 2
        lines.append(line)
    return lines


def step_facts(record: StepView) -> list[tuple[str, str]]:
    """The fields of a step in words; ticks stand for themselves."""
    return [
        (str(LABELS[record.step, rule.name]), _value(rule.name, record.data[rule.name]))
        for rule in STEP_FIELDS[record.step]
        if rule.name in record.data
    ]


def _value(name: str, value: Any) -> str:
    if value is True:
        return "✓"
    if name == "mood":
        return str(CustomerMood(value).label)
    if isinstance(value, list):
        return "\n".join(f"{place}. {text}" for place, text in enumerate(value, 1))
    return str(value)


def _waits_for(detail: CaseDetail) -> str:
    """What the next state waits for, said where its button is missing."""
    head = detail.head
    if head.kind != CaseKind.COMPLAINT or head.state in (CaseState.CLOSED, CaseState.MERGED, CaseState.RECEIVED):
        return ""
    if head.state == CaseState.REPLIED and detail.missing_for_close:
        return _("Step 6 is still open: keep in touch, then close.")
    if head.state != CaseState.REPLIED and detail.missing_for_reply:
        steps = ", ".join(map(str, detail.missing_for_reply))
        return _("Before the result is told: steps %(steps)s.") % {"steps": steps}
    return ""

"""The parts of a case, one statement each: steps, clocks, the pause, the conversation, files, steps of an order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import get_language

from complaints.choices import FEELINGS, EntryKind, ReplyMethod, StepNumber
from complaints.models import Case, CaseClock, CaseEntry, CaseFile, CasePause, CaseStep, OrderStep
from complaints.queries.words import entry_title


def is_english() -> bool:
    """Whether labels are shown in English now."""
    return (get_language() or "").startswith("en")


@dataclass(frozen=True, slots=True)
class StepView:
    """A step on record."""

    id: int
    round: int
    step: int
    label: str
    is_feelings: bool
    data: dict[str, Any]
    done_at: datetime
    done_by: str


def steps_of(case_id: int) -> tuple[StepView, ...]:
    """The steps of all rounds, in order."""
    rows = CaseStep.unscoped.filter(case_id=case_id).select_related("done_by").order_by("round", "step")
    return tuple(
        StepView(
            row.pk, row.round, row.step, str(StepNumber(row.step).label), row.step in FEELINGS, row.data, row.done_at,
            row.done_by.name,
        )
        for row in rows
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClockView:
    """One run of a clock."""

    id: int
    round: int
    kind: str
    label: str
    turn: int
    state: str
    state_label: str
    hours_label: str
    target_minutes: int
    started_at: datetime
    due_at: datetime | None
    warn_at: datetime | None
    remaining_seconds: int | None
    breached_at: datetime | None
    stopped_at: datetime | None

    @property
    def is_live(self) -> bool:
        """Whether it runs or stands still."""
        return self.stopped_at is None


def clocks_of(case_id: int) -> tuple[ClockView, ...]:
    """The clocks of all rounds, in order."""
    rows = CaseClock.unscoped.filter(case_id=case_id).order_by("round", "started_at", "pk")
    return tuple(
        ClockView(
            row.pk, row.round, row.kind, str(row.get_kind_display()), row.turn, row.state,
            str(row.get_state_display()), str(row.get_hours_display()), row.target_minutes, row.started_at, row.due_at,
            row.warn_at, row.remaining_seconds, row.breached_at, row.stopped_at,
        )
        for row in rows
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PauseView:
    """Why the clocks stand still, since when and until when."""

    state: str
    state_label: str
    reason: str
    began_at: datetime
    began_by: str
    until_at: datetime | None


def pause_of(case_id: int) -> PauseView | None:
    """The pause that has not ended."""
    row = CasePause.unscoped.filter(case_id=case_id, ended_at=None).select_related("began_by").first()
    if row is None:
        return None
    return PauseView(row.state, str(row.get_state_display()), row.reason, row.began_at, row.began_by.name, row.until_at)


@dataclass(frozen=True, slots=True)
class EntryView:
    """A line of the conversation; `title` says what it is, `text` what was said or why."""

    id: int
    round: int
    kind: str
    code: str
    title: str
    text: str
    method: str
    method_label: str
    phrases: tuple[int, ...]
    at: datetime
    by: str

    @property
    def is_of_customer(self) -> bool:
        """His own words."""
        return self.kind == EntryKind.SAID


MOST_ENTRIES = 500


def entries_of(case_id: int, limit: int = MOST_ENTRIES) -> tuple[EntryView, ...]:
    """The conversation, newest first."""
    rows: QuerySet[CaseEntry] = CaseEntry.unscoped.filter(case_id=case_id).select_related("by")
    return tuple(
        EntryView(
            row.pk, row.round, row.kind, row.code, entry_title(row.kind, row.code, row.params), row.text, row.method,
            str(ReplyMethod(row.method).label) if row.method else "", tuple(row.phrases), row.at,
            row.by.name if row.by else "",
        )
        for row in rows.order_by("-at", "-pk")[:limit]
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class FileView:
    """A file that belongs to a case."""

    id: int
    name: str
    content_type: str
    size: int
    added_at: datetime
    by: str


def files_of(case_id: int) -> tuple[FileView, ...]:
    """The files of a case, oldest first."""
    rows = CaseFile.unscoped.filter(case_id=case_id).select_related("attachment", "by").order_by("pk")
    return tuple(
        FileView(
            row.pk, row.attachment.name, row.attachment.content_type, row.attachment.size, row.added_at, row.by.name
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class OrderStepView:
    """A step of a business handling, done or to do (SAL-26)."""

    position: int
    code: str
    label: str
    is_done: bool
    is_next: bool
    done_at: datetime | None
    done_by: str


def order_steps_of(case: Case) -> tuple[OrderStepView, ...]:
    """The steps of the order's type in order; empty for other kinds."""
    if case.order_type is None:
        return ()
    rows = {row.position: row for row in OrderStep.unscoped.filter(case=case).select_related("done_by")}
    label = 2 if is_english() else 1
    return tuple(
        OrderStepView(
            position=position, code=step[0], label=step[label], is_done=position in rows,
            is_next=position == len(rows), done_at=rows[position].done_at if position in rows else None,
            done_by=rows[position].done_by.name if position in rows else "",
        )
        for position, step in enumerate(case.order_type.steps)
    )  # fmt: skip

"""The clocks of a case as its page shows them: running, standing still, stopped in time or too late."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from complaints.choices import ClockState
from complaints.queries.case_parts import ClockView
from complaints.time_left import length_words, look_of


@dataclass(frozen=True, slots=True)
class ClockFace:
    """One clock; look is late, soon, met or nothing. `due_at` is there while it runs: the page counts it down."""

    label: str
    look: str
    icon: str
    words: str = ""
    moment: str = ""
    due_at: datetime | None = None
    warn_at: datetime | None = None
    hours_label: str = ""
    round: int = 1


def moment_words(moment: datetime, now: datetime) -> str:
    """A moment shortly: the hour of today, else the day too."""
    local, today = timezone.localtime(moment), timezone.localdate(now)
    return local.strftime("%H:%M" if local.date() == today else "%m-%d %H:%M")


def face_of(clock: ClockView, now: datetime) -> ClockFace:
    """A clock in its state. ti-clock ti-player-pause ti-circle-check ti-alert-triangle ti-clock-off"""
    if clock.state == ClockState.PAUSED:
        return _paused(clock)
    if clock.state == ClockState.RUNNING and clock.due_at is not None:
        look = look_of(clock.due_at, clock.warn_at, now)
        return ClockFace(
            clock.label, look, "alert-triangle" if look == "late" else "clock", due_at=clock.due_at,
            moment=_("until %(moment)s") % {"moment": moment_words(clock.due_at, now)}, warn_at=clock.warn_at,
            hours_label=clock.hours_label, round=clock.round,
        )  # fmt: skip
    if clock.state == ClockState.VOID:
        return ClockFace(clock.label, "", "clock-off", clock.state_label, round=clock.round)
    is_late = clock.state == ClockState.LATE
    words = _("was late") if is_late else _("kept in time")
    return ClockFace(
        clock.label, "late" if is_late else "met", "alert-triangle" if is_late else "circle-check", words,
        moment_words(clock.stopped_at, now) if clock.stopped_at else "", round=clock.round,
    )  # fmt: skip


def _paused(clock: ClockView) -> ClockFace:
    left = clock.remaining_seconds or 0
    text = _("stands still with %(time)s left") if left >= 0 else _("stands still, late by %(time)s")
    words = text % {"time": length_words(abs(left))}
    return ClockFace(
        clock.label, "late" if left < 0 else "", "player-pause", words, hours_label=clock.hours_label, round=clock.round
    )

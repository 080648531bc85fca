"""Deeds of the journal: switches, check-in book, day logs, their review, special visits."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from visits.actions.facts import SPECIAL, WAITS
from visits.actions.journal import check_ins, special
from visits.actions.journal.check_ins import ask_by_link, sign_visit, take_signature
from visits.actions.journal.day_logs import close_day
from visits.actions.journal.reviews import review_rest, review_work
from visits.actions.journal.special import amend_special, open_special
from visits.actions.journal.switches import set_switches

if TYPE_CHECKING:
    from crm.core.models import User
    from visits.models import Visit


def follow_visits(*, visits: Sequence[Visit], by: User, waits: Collection[str] = WAITS, **_more: Any) -> None:
    """Called when visits were logged: their line of the book, and the special situations they answer."""
    check_ins.follow_visits(visits=visits, by=by)
    if SPECIAL in waits:
        special.meet(visits, by=by)


def follow_undo(*, visit_ids: Sequence[int], now: datetime, **_more: Any) -> None:
    """Called when visits were undone."""
    check_ins.follow_undo(visit_ids=visit_ids, now=now)
    special.part(visit_ids)


__all__ = [
    "amend_special",
    "ask_by_link",
    "close_day",
    "follow_undo",
    "follow_visits",
    "open_special",
    "review_rest",
    "review_work",
    "set_switches",
    "sign_visit",
    "take_signature",
]

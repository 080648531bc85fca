"""The conversation of a case: notes, what the customer said, interim words, and the result he was told (CMP-1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from complaints.actions import clocks
from complaints.actions.phrases import note_phrases
from complaints.actions.reach import (
    acted,
    done_steps,
    long_text,
    one_of,
    past_moment,
    save,
    spoke,
    the_case,
    write_entry,
)
from complaints.choices import CaseKind, CaseState, ClockKind, EntryKind, PhrasePlace, ReplyMethod
from complaints.models import Case, CaseEntry, OrderStep
from complaints.rules.steps import missing_for_reply
from crm.core.db import write
from crm.core.errors import DomainError, Invalid

if TYPE_CHECKING:
    from crm.core.models import User


@dataclass(frozen=True, slots=True)
class Said:
    """A line that was added, and the numbers of the service phrases found in it (it is kept all the same)."""

    case: Case
    entry: CaseEntry
    phrases: tuple[int, ...] = ()


class StepsMissing(DomainError):
    """Feelings first, then the matter, then the result: a complaint is not answered past its steps (CMP-6)."""

    code = "steps_missing"
    message = _("Steps %(steps)s of this round are not on record yet.")
    status = 409


def add_note(*, case_id: int, text: str, version: int | None = None, by: User, now: datetime) -> Said:
    """Write something down for the colleagues; the customer is not told."""
    text = long_text(text)
    with write(by=by):
        case = the_case(by, case_id, "note", version=version)
        return _line(case, EntryKind.NOTE, text, PhrasePlace.NOTE, by=by, now=now)


def add_said(*, case_id: int, text: str, version: int | None = None, by: User, now: datetime) -> Said:
    """What the customer said; service phrases are never looked for in his words (CMP-16)."""
    text = long_text(text)
    with write(by=by):
        case = the_case(by, case_id, "said", version=version)
        entry = write_entry(case, EntryKind.SAID, by=by, now=now, text=text)
        save(case)
    return Said(case, entry)


def add_update(*, case_id: int, text: str, method: str, version: int | None = None, by: User, now: datetime) -> Said:
    """An interim word to the customer: it stops the first-reply clock and starts that of the next update anew."""
    with write(by=by):
        return interim_word(the_case(by, case_id, "update", version=version), text, method, by=by, now=now)


def interim_word(case: Case, text: str, method: str, *, by: User, now: datetime, field: str = "text") -> Said:
    """The same with a case in hand."""
    text = long_text(text, field=field)
    one_of(method, ReplyMethod.values, "method")
    fields = spoke(case, now)
    clocks.restart_update(case, now)
    return _line(case, EntryKind.UPDATE, text, PhrasePlace.UPDATE, *fields, method=method, by=by, now=now)


def _line(
    case: Case,
    kind: EntryKind,
    text: str,
    place: PhrasePlace,
    *fields: str,
    method: str = "",
    by: User,
    now: datetime,
) -> Said:
    """Our own words: kept, and looked through for service phrases without ever being refused for them."""
    (phrases,) = note_phrases([(place, text)], by=by, now=now)
    entry = write_entry(case, kind, by=by, now=now, text=text, method=method, phrases=phrases)
    save(case, *fields)
    return Said(case, entry, tuple(phrases))


def reply_case(
    *,
    case_id: int,
    text: str,
    method: str,
    told_at: datetime | None = None,
    is_resolved: bool | None = None,
    version: int | None = None,
    by: User,
    now: datetime,
) -> Said:
    """Tell the customer the result: what, how and when (CMP-1). A complaint needs steps 1–5 of its round first."""
    with write(by=by):
        case = the_case(by, case_id, "reply", version=version)
        return tell_result(case, text, method, told_at=told_at, is_resolved=is_resolved, by=by, now=now)


def tell_result(
    case: Case,
    text: str,
    method: str,
    *,
    told_at: datetime | None,
    is_resolved: bool | None,
    by: User,
    now: datetime,
    field: str = "text",
) -> Said:
    """The same with a case in hand; every result goes through here, so that nothing is answered past its steps."""
    text = long_text(text, field=field)
    one_of(method, ReplyMethod.values, "method")
    told_at = past_moment(told_at, case, now, field="told_at")
    refuse_unfinished(case, is_resolved)
    case.result, case.reply_method, case.replied_at = text, method, told_at
    case.is_resolved = True if is_resolved is None else is_resolved
    fields = [*spoke(case, told_at), *acted(case, told_at)]
    for kind in (ClockKind.UPDATE, ClockKind.SOLUTION):
        clocks.stop_clock(case, kind, told_at)
    case.state = CaseState.REPLIED
    return _line(
        case, EntryKind.REPLY, text, PhrasePlace.REPLY,
        "state", "result", "reply_method", "replied_at", "is_resolved", *fields, method=method, by=by, now=now,
    )  # fmt: skip


def refuse_unfinished(case: Case, is_resolved: bool | None) -> None:
    """CMP-6: no result before steps 1–5 of the round; SAL-26: an order is done when all its steps are."""
    missing = missing_for_reply(case.kind, done_steps(case)) if case.kind == CaseKind.COMPLAINT else frozenset()
    if missing:
        raise StepsMissing(params={"steps": ", ".join(map(str, sorted(missing)))})
    if case.kind == CaseKind.HANDLING and is_resolved is not False and case.order_type is not None:
        total = len(case.order_type.steps)
        if OrderStep.unscoped.filter(case=case).count() < total:
            raise Invalid(
                _("The order has steps that are not done. If it was not carried out, say so."),
                code="order_unfinished", field="is_resolved",
            )  # fmt: skip

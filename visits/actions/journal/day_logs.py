"""The end of the day (日结, PLAN-3): one optional sentence, one tap; a returned log is answered the same way."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core import parameters
from crm.core.db import write
from crm.core.errors import Conflict, Invalid, NotAllowed
from crm.core.text import clean_text
from visits.choices import ReviewState
from visits.models import DayLog
from visits.queries.journal.day_logs import LogRow, day_bounds

if TYPE_CHECKING:
    from crm.core.models import User


def close_day(*, on: date, sentence: str = "", version: int | None = None, by: User, now: datetime) -> DayLog:
    """Close one's own day, or put the sentence of a closed one right until it is locked.

    The first closing counts; visits logged after it join as 补录. A returned log goes back to the reviewer. Without
    the version of the log that was seen (a second tap, a phone that was without signal) nothing written is lost:
    an empty or equal sentence changes nothing, a log without a sentence takes it, two sentences are a conflict.
    """
    sentence = clean_text(sentence, field="sentence", max_length=500, multiline=True)
    staff_id, today = by.access.staff_id, timezone.localdate(now)
    if staff_id is None or not by.access.can("serve_customers"):
        raise NotAllowed
    if on > today:
        raise Invalid(_("This day is still to come."), code="out_of_range", field="on")
    with write(by=by):
        log = DayLog.unscoped.select_for_update().filter(staff_id=staff_id, on=on).first()
        if log is None:
            _refuse_old(on, today)
            return _first(staff_id, on, sentence, by=by, now=now)
        if version is None and sentence in ("", log.sentence):
            return _closed_by_hand(log, by, today)
        if version is None:
            _refuse_other(log, sentence)
            log.closed_by_id = log.closed_by_id or by.pk
        _refuse_locked(log, today, version)
        log.sentence, log.version = sentence, log.version + 1
        if log.review_state == ReviewState.RETURNED:
            log.review_state = ReviewState.WAITING.value
        log.save(update_fields=["sentence", "version", "review_state", "closed_by"])
    return log


def _first(staff_id: int, on: date, sentence: str, *, by: User, now: datetime) -> DayLog:
    """The row itself; a second tap at the same moment finds it and changes the sentence."""
    first, last = day_bounds(on)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM visits_visit WHERE staff_id = %s AND occurred_at >= %s AND occurred_at < %s"
            " AND undone_at IS NULL",
            [staff_id, first, last],
        )
        entries = cursor.fetchone()[0]
    log, is_new = DayLog.unscoped.get_or_create(
        staff_id=staff_id, on=on, defaults={"sentence": sentence, "closed_at": now, "closed_by": by, "entries": entries}
    )
    if not is_new and sentence:
        _refuse_other(log, sentence)
    return log


def _closed_by_hand(log: DayLog, by: User, today: date) -> DayLog:
    """Nothing is added; a log that closed itself meanwhile was closed by him after all, as long as it is open."""
    if log.closed_by_id is None and not _row_of(log).is_locked(today):
        log.closed_by_id = by.pk
        log.save(update_fields=["closed_by"])
    return log


def _refuse_other(log: DayLog, sentence: str) -> None:
    """The day was closed with another sentence, on another device."""
    if log.sentence and log.sentence != sentence:
        current = {"sentence": log.sentence, "version": log.version}
        raise Conflict(_("This day has been closed already."), code="closed", current=current)


def _refuse_old(on: date, today: date) -> None:
    if today > on + timedelta(days=int(parameters.value("day_log_lock_days", today))):
        raise Invalid(_("This day is too long ago: its log is locked."), code="locked", field="on")


def _row_of(log: DayLog) -> LogRow:
    return LogRow(
        log.pk, log.staff_id, log.on, log.sentence, log.closed_at, log.closed_by_id, log.entries, log.review_state,
        log.version,
    )  # fmt: skip


def _refuse_locked(log: DayLog, today: date, version: int | None) -> None:
    if _row_of(log).is_locked(today):
        raise Conflict(_("This log is locked: it was reviewed, or the day is too long ago."), code="locked")
    if version is not None and version != log.version:
        raise Conflict(code="changed", current={"sentence": log.sentence, "version": log.version})

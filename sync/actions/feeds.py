"""What is expected of a source, and by when (sync-api "Each feed has an expected-by time")."""

from __future__ import annotations

from datetime import datetime, time

from django.utils.translation import gettext_lazy as _

from accounts.choices import FeedRhythm
from accounts.models import FeedExpectation
from accounts.queries import feeds
from crm.core.db import write
from crm.core.errors import Invalid, NotFound
from crm.core.models import User
from crm.core.text import clean_text
from sync.actions.clients import SLUG
from sync.kinds import EXPECTED


def expect_feed(
    *, source: str, kind: str, rhythm: str, expected_by: time, month_day: int | None, by: User, now: datetime
) -> FeedExpectation:
    """Expect rows of a kind from a source; saying it again changes when. It counts from now on."""
    source = clean_text(source, field="source", max_length=39, blank=False).lower()
    if not SLUG.match(source):
        raise Invalid(_("Use 2 to 39 small letters, digits, - or _, beginning with a letter."), field="source")
    if kind not in EXPECTED or rhythm not in FeedRhythm.values:
        raise Invalid(_("This is not one of the choices."), code="invalid_choice", field="kind")
    is_monthly = rhythm == FeedRhythm.MONTH_DAY
    if is_monthly and not 1 <= (month_day or 0) <= 31:
        raise Invalid(_("Say on which day of the month."), code="required", field="month_day")
    with write(by=by):
        row, _is_new = FeedExpectation.objects.select_for_update().get_or_create(
            source=source, kind=kind, defaults={"expected_by": expected_by, "since": now}
        )
        row.rhythm, row.expected_by, row.month_day = rhythm, expected_by, month_day if is_monthly else None
        row.is_active, row.late_since = True, None
        row.since = now
        row.save()
    feeds.forget()
    return row


def drop_expectation(*, pk: int, by: User) -> None:
    """Expect it no longer; the row stays, for it to be expected again."""
    with write(by=by):
        if not FeedExpectation.objects.filter(pk=pk).update(is_active=False, late_since=None):
            raise NotFound
    feeds.forget()

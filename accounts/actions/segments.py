"""Saved segments: the filters of the customer list under a name, usable as a target list (CUS-15)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import must, scope_of
from accounts.models import Segment, Unit
from crm.core.db import write
from crm.core.errors import Invalid, NotFound
from crm.core.text import clean_text

if TYPE_CHECKING:
    from crm.core.models import User

MOST = 50


def save_segment(
    *, name: str, query: str, by: User, now: datetime, unit_id: int | None = None, segment_id: int | None = None
) -> Segment:
    """Keep a filter under a name; the same name again replaces it. With a unit its people see it too.

    With `segment_id` that segment of one's own is changed; the name of another one is refused.
    """
    name = clean_text(name, field="name", max_length=50, blank=False)
    query = clean_text(query, field="query", max_length=1000)
    with write(by=by):
        must(by, "view_customers")
        units = Unit.visible_to(scope_of(by, "view_team"))
        if unit_id is not None and not units.filter(pk=unit_id).exists():
            raise Invalid(_("There is no such unit."), code="not_found", field="unit")
        row = _row(by, name, segment_id)
        if row is None and Segment.unscoped.filter(owner=by).count() >= MOST:
            raise Invalid(_("You have %(max)d segments already."), code="too_many", params={"max": MOST})
        row = row or Segment(owner=by, name=name, created_at=now)
        row.name, row.query, row.unit_id = name, query, unit_id
        row.save()
        return row


def _row(by: User, name: str, segment_id: int | None) -> Segment | None:
    """The segment to be written over, if there is one."""
    mine = Segment.unscoped.filter(owner=by)
    twin = mine.filter(name=name).first()
    if segment_id is None:
        return twin
    row = mine.select_for_update(of=("self",)).filter(pk=segment_id).first()
    if row is None:
        raise NotFound
    if twin is not None and twin.pk != row.pk:
        raise Invalid(_("You have a segment of this name already."), code="duplicate", field="name")
    return row


def delete_segment(*, segment_id: int, by: User) -> None:
    """Throw one's own segment away."""
    with write(by=by):
        if not Segment.unscoped.filter(pk=segment_id, owner=by).delete()[0]:
            raise NotFound

"""The secret link of a calendar feed: shown once, its digest kept, a new one ends the old one."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import TYPE_CHECKING

from crm.core.db import write
from crm.core.errors import NotAllowed
from visits.models import PlanFeed
from visits.queries.plans.feed import digest_of

if TYPE_CHECKING:
    from crm.core.models import User

TOKEN_BYTES = 32


def make_feed(*, by: User, now: datetime) -> str:
    """A new link for one's own calendar; it is told this once."""
    staff_id = by.access.staff_id
    if staff_id is None or not by.access.can("plan_week"):
        raise NotAllowed
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with write(by=by):
        PlanFeed.unscoped.update_or_create(
            staff_id=staff_id, defaults={"token_digest": digest_of(token), "made_at": now}
        )
    return token


def end_feed(*, by: User) -> bool:
    """The link is dead from now on."""
    staff_id = by.access.staff_id
    if staff_id is None:
        return False
    with write(by=by):
        return bool(PlanFeed.unscoped.filter(staff_id=staff_id).delete()[0])

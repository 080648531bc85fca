"""What people say of two customers that look alike."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from accounts.actions.doors import scope_of
from accounts.choices import PairState
from accounts.models import Customer, DuplicatePair
from accounts.queries.merges import MAY
from crm.core.db import write
from crm.core.errors import NotFound
from crm.core.jobs import start_job
from crm.core.models import Job

if TYPE_CHECKING:
    from crm.core.models import User

JOB = "find_duplicates"


def dismiss_pair(*, pair_id: int, by: User, now: datetime) -> DuplicatePair:
    """They are two: the pair is not brought up again. Whoever does it reaches both."""
    with write(by=by):
        scope = scope_of(by, MAY)
        pair = DuplicatePair.visible_to(scope).filter(pk=pair_id).select_for_update(of=("self",)).first()
        if pair is None or not Customer.visible_to(scope).filter(pk=pair.second_id).exists():
            raise NotFound
        if pair.state == PairState.OPEN:
            pair.state, pair.dismissed_by, pair.dismissed_at = PairState.DISMISSED, by, now
            pair.save(update_fields=["state", "dismissed_by", "dismissed_at"])
    return pair


def look_for_pairs(*, by: User, now: datetime) -> Job:
    """Look at everybody anew, in the background."""
    return start_job(JOB, {}, by=by, now=now)

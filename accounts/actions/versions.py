"""The version of a customer moves with all that belongs to the record: what is kept beside it as well (sync-api ETag).

Rows of the customer's own table move it in the statement that writes them; whatever writes a row beside it comes here.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import F
from django.utils import timezone

from accounts.actions.standing import refresh_completeness
from accounts.models import Customer


def profiles_changed(customer_ids: Collection[int], *, now: datetime) -> None:
    """A part of these profiles changed: version, moment and completeness of the customers follow (CUS-9)."""
    if customer_ids:
        Customer.unscoped.filter(pk__in=customer_ids).update(
            version=F("version") + 1, updated_at=now, profile_updated_at=now
        )
        refresh_completeness(customer_ids, today=timezone.localdate(now))


def records_changed(customer_ids: Collection[int], *, now: datetime) -> None:
    """What other systems know these customers by changed, not what is known of them: version and moment follow."""
    if customer_ids:
        Customer.unscoped.filter(pk__in=customer_ids).update(version=F("version") + 1, updated_at=now)

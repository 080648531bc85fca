"""What an undo would need is not kept longer than it could be undone: private data is in it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.utils.translation import gettext_lazy as _

from accounts.models import CustomerMerge
from crm.core import parameters
from crm.core.db import write
from crm.core.sweeps import sweep


@sweep("forget_merges", label=_("Forget what merges that cannot be undone any more put aside"))
def forget_merges(*, today: date, now: datetime) -> int:
    """Where a customer went stays known; the rows themselves are in the change log, without what is private."""
    days = timedelta(days=int(parameters.value("merge_undo_days", today)))
    with write(label="system:forget_merges"):
        return CustomerMerge.unscoped.filter(merged_at__lt=now - days).exclude(memory={}).update(memory={})

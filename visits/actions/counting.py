"""Changing what counts: from a date on, never the past (design 4: rules are data)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.db import write
from crm.core.errors import Invalid, NotAllowed
from visits.models import CountingRule
from visits.queries.catalogue import catalogue, forget
from visits.queries.counting import changed_cells, known_cells
from visits.rules.counting import Cell

if TYPE_CHECKING:
    from crm.core.models import User


def set_counting(*, cells: Mapping[Cell, bool], effective_from: date, by: User, now: datetime) -> dict[Cell, bool]:
    """Let cells count or not from a coming day on; answers those that changed. The change log keeps who and when."""
    if not by.access.can("configure"):
        raise NotAllowed
    today = timezone.localdate(now)
    if effective_from <= today:
        raise Invalid(
            _("What counts can only change from a coming day on: what was owed stays as it was."),
            code="out_of_range",
            field="effective_from",
        )
    if effective_from.year > today.year + 10:
        raise Invalid(_("This date is out of range."), code="out_of_range", field="effective_from")
    allowed = set(known_cells())
    if not set(cells) <= allowed:
        raise Invalid(_("Only an effective outcome can count."), code="invalid_choice", field="cells")
    changes = changed_cells(cells, effective_from)
    known = catalogue()
    with write(by=by):
        for cell, counts in changes.items():
            CountingRule.objects.update_or_create(
                channel_id=known.channels[cell.channel].id,
                direction=cell.direction,
                party=cell.party,
                outcome_id=known.outcomes[cell.outcome].id,
                is_bulk=cell.is_bulk,
                effective_from=effective_from,
                defaults={"counts": counts},
            )
    forget()
    return changes

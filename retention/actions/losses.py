"""Say how a customer was lost, to whom and why (RET-14)."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from crm.core.db import write
from crm.core.errors import Conflict, Invalid, NotAllowed
from crm.core.text import clean_text
from retention.choices import LossKind
from retention.models import ChurnRecord, Competitor
from retention.queries.losses import loss_for, may_edit

if TYPE_CHECKING:
    from crm.core.models import User


def explain_loss(
    *, record_id: int, kind: str, competitor_id: int | None, cause: str, version: int | None, by: User, now: datetime
) -> ChurnRecord:
    """The manager who had him, or who leads the unit, says how, to whom and why; the figures change at once.

    What was ported went to somebody: a competitor, "other" when it is not known.
    """
    if kind not in LossKind.values:
        raise Invalid(_("This is not one of the choices."), code="invalid_choice", field="kind")
    cause = clean_text(cause, field="cause", max_length=500, multiline=True)
    with write(by=by):
        seen = loss_for(by.access, record_id)
        if not may_edit(by.access, seen):
            raise NotAllowed
        row = ChurnRecord.unscoped.select_for_update(of=("self",)).get(pk=record_id)
        if version is not None and version != row.version:
            raise Conflict(current={"version": row.version, "cause": row.cause})
        competitor = _competitor(competitor_id, row)
        if kind == LossKind.PORTED and competitor is None:
            raise Invalid(_("Say to whom he was ported."), code="required", field="competitor")
        row.kind, row.competitor, row.cause = kind, competitor, cause
        row.edited_by, row.edited_at = by, now
        row.version += 1
        row.save()
    return row


def _competitor(competitor_id: int | None, row: ChurnRecord) -> Competitor | None:
    """One that is still offered, or the one that is written there already."""
    if competitor_id is None:
        return None
    found = Competitor.objects.filter(pk=competitor_id).first()
    if found is None or not (found.is_active or found.pk == row.competitor_id):
        raise Invalid(_("This is not one of the choices."), code="invalid_choice", field="competitor")
    return found

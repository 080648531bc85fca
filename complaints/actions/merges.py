"""Two cases of one matter become one, and apart again within a few days."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from complaints.actions import clocks
from complaints.actions.cases import end_pause
from complaints.actions.reach import WrongState, note_change, reason_text, save, the_case
from complaints.actions.standing import count_open
from complaints.choices import CaseState
from complaints.models import Case, CaseMerge
from complaints.queries.allowed import can_undo_merge
from complaints.rules.cases import OPEN, PAUSED
from crm.core.db import write
from crm.core.errors import Conflict, Invalid

if TYPE_CHECKING:
    from crm.core.models import User


def merge_cases(
    *, survivor_id: int, merged_id: int, reason: str = "", version: int | None = None, by: User, now: datetime
) -> CaseMerge:
    """Put a case into another open one of the same customer; its clocks are not needed any more.

    `version` is that of the case that is put in.
    """
    reason = reason_text(reason, blank=True)
    if survivor_id == merged_id:
        raise Invalid(_("A case is not merged into itself."), code="same", field="survivor")
    with write(by=by):
        # Locked in order of id, so that two merges at once do not wait for each other for ever.
        both = {
            case_id: the_case(by, case_id, "merge", version=version if case_id == merged_id else None)
            for case_id in sorted((survivor_id, merged_id))
        }
        survivor, case = both[survivor_id], both[merged_id]
        if survivor.customer_id != case.customer_id:
            raise Invalid(_("Both cases must be of the same customer."), code="other_customer", field="survivor")
        if case.state in PAUSED:
            end_pause(case, by=by, now=now)
            case.state = CaseState.HANDLING
        row = CaseMerge.unscoped.create(
            survivor=survivor, merged=case, state_before=case.state, reason=reason, merged_at=now, merged_by=by
        )
        case.state, case.merged_into = CaseState.MERGED, survivor
        save(case, "state", "merged_into")
        clocks.void_clocks(case, now)
        note_change(case, "merged_into", by=by, now=now, text=reason, number=survivor.number)
        note_change(survivor, "merged", by=by, now=now, text=reason, number=case.number)
        save(survivor)
        count_open([case.customer_id])
    return row


def undo_merge(*, case_id: int, version: int | None = None, by: User, now: datetime) -> Case:
    """Apart again, as it was: within the days of the parameter and while the other one is still open."""
    with write(by=by):
        case = the_case(by, case_id, "undo_merge", version=version)
        row = (
            CaseMerge.unscoped.select_for_update(of=("self",))
            .select_related("survivor")
            .filter(merged=case, undone_at=None)
            .first()
        )
        if row is None:
            raise WrongState(case)
        survivor = Case.unscoped.select_for_update(no_key=True).get(pk=row.survivor_id)
        if survivor.state not in OPEN or not can_undo_merge(case, now):
            raise Conflict(
                _("This merge cannot be undone any more."), code="too_late", current={"state": survivor.state}
            )
        row.undone_at, row.undone_by = now, by
        row.save(update_fields=["undone_at", "undone_by"])
        case.state, case.merged_into = row.state_before, None
        save(case, "state", "merged_into")
        clocks.revive_clocks(case, now)
        note_change(case, "merge_undone", by=by, now=now, number=survivor.number)
        survivor.version += 1
        note_change(survivor, "merge_undone", by=by, now=now, number=case.number)
        save(survivor)
        count_open([case.customer_id])
    return case

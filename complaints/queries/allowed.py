"""Which deeds are possible with one case now: the table's, less what this very case does not allow."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils import timezone

from complaints.choices import CaseState, StepNumber
from complaints.models import Case, CaseMerge
from complaints.queries.case_parts import OrderStepView
from complaints.queries.dispatched import has_orders_sent
from complaints.queries.rights import rights_on
from complaints.rules.cases import OPEN, allowed_deeds
from complaints.rules.steps import missing_for_close, missing_for_reply, next_step
from crm.core import parameters
from crm.core.abilities import Access


def allowed_on(
    access: Access, case: Case, done: frozenset[int], orders: Sequence[OrderStepView], *, now: datetime
) -> frozenset[str]:
    """The table's deeds, less what this very case does not allow now; the actions ask the same questions again."""
    has = rights_on(access, case, case.customer)
    allowed = set(allowed_deeds(kind=case.kind, state=case.state, rights=has))
    step = next_step(done)
    if step is None or (case.state == CaseState.REPLIED and step != StepNumber.KEEP_IN_TOUCH):
        allowed.discard("step")
    if missing_for_reply(case.kind, done):
        allowed.discard("reply")
    if missing_for_close(case.kind, done):
        allowed.discard("close")
    today = timezone.localdate(now)
    days = timedelta(days=int(parameters.value("case_reopen_days", today)))
    if case.closed_at is not None and now - case.closed_at > days:
        allowed.discard("reopen")
    if all(row.is_done for row in orders) or not may_finish_orders(access, case, has):
        allowed.discard("order_step")
    if "undo_merge" in allowed and not can_undo_merge(case, now):
        allowed.discard("undo_merge")
    if case.manager_id is not None and case.manager_id == access.staff_id:
        allowed.discard("judge")
    return frozenset(allowed)


def may_finish_orders(access: Access, case: Case, has: frozenset[str]) -> bool:
    """SAL-41: the manager finishes what his type lets him; the rest is for those who handle orders and the hall."""
    if case.order_type is None:
        return False
    return case.order_type.manager_completes or "orders" in has or has_orders_sent(access, case.pk)


def can_undo_merge(case: Case, now: datetime) -> bool:
    """Within its days, and while the case it went into is still open."""
    merge = CaseMerge.unscoped.filter(merged=case, undone_at=None).select_related("survivor").first()
    days = timedelta(days=int(parameters.value("merge_undo_days", timezone.localdate(now))))
    return merge is not None and now - merge.merged_at <= days and merge.survivor.state in OPEN

"""The steps of a business handling: in order, by whom its type lets (SAL-26, SAL-41)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from complaints.actions.reach import WrongState, acted, note_change, save, the_case
from complaints.choices import CaseState
from complaints.models import Case, OrderStep
from complaints.queries.allowed import may_finish_orders
from complaints.queries.dispatched import has_orders_sent
from complaints.queries.rights import rights_on
from complaints.rules.steps import refuse_order_step
from crm.core.db import write
from crm.core.errors import DomainError, NotAllowed, NotFound

if TYPE_CHECKING:
    from crm.core.models import User


class OrderStepRefused(DomainError):
    """SAL-26: no step of an order is skipped."""

    code = "step_refused"
    status = 409


REFUSALS: Mapping[str, str | Promise] = {
    "unknown": _("There is no such step."),
    "done": _("This step is done already."),
    "step_before": _("The step before this one is not done yet."),
}


def finish_order_step(*, case_id: int, position: int, version: int | None = None, by: User, now: datetime) -> OrderStep:
    """Tick the next step of an order off: the manager where its type lets him, else the hall or the back office.

    A unit to which the case was sent reaches it through the dispatch, even when it sees no case pages.
    """
    with write(by=by):
        case = _the_order(by, case_id, version)
        if not may_finish_orders(by.access, case, rights_on(by.access, case, case.customer)):
            raise NotAllowed
        return put_step(case, position, by=by, now=now)


def put_step(case: Case, position: int, *, by: User, now: datetime) -> OrderStep:
    """The same with a case in hand: the one place that asks the guard."""
    steps = case.order_type.steps if case.order_type else []
    done = set(OrderStep.unscoped.filter(case=case).values_list("position", flat=True))
    why = refuse_order_step(done, position, len(steps))
    if why:
        raise OrderStepRefused(REFUSALS[why], code=why, field="position")
    code, label_zh, label_en = steps[position]
    row = OrderStep.unscoped.create(case=case, position=position, code=code, done_at=now, done_by=by)
    note_change(case, "order_step", by=by, now=now, label_zh=label_zh, label_en=label_en)
    save(case, *acted(case, now))
    return row


def _the_order(by: User, case_id: int, version: int | None) -> Case:
    """In sight, or sent to one's own unit."""
    if Case.visible_to(by.access.scope_for("view_cases")).filter(pk=case_id).exists():
        case = the_case(by, case_id, "order_step", version=version)
        return case
    if not has_orders_sent(by.access, case_id):
        raise NotFound(_("There is no such case."))
    found = Case.unscoped.select_related("customer", "order_type").select_for_update(of=("self",), no_key=True)
    case = found.get(pk=case_id)
    if case.state != CaseState.HANDLING:
        raise WrongState(case)
    case.version += 1
    return case

"""Put into a plan, change, leave out (PLAN-1, PLAN-2, PLAN-22)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Customer, Segment, Staff
from crm.core.db import write
from crm.core.errors import Conflict, Invalid, NotFound
from crm.core.text import clean_text
from visits.actions.ledger.placing import write_days
from visits.actions.plans.doors import checked_day, checked_reason, own_item, own_plan, touch
from visits.choices import DutyState, HalfDay, ItemReason, ItemState
from visits.models import Duty, Plan, PlanHelper, PlanItem
from visits.queries.catalogue import catalogue
from visits.rules.plans import period_last

if TYPE_CHECKING:
    from crm.core.models import User

PURPOSE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class ItemWish:
    """What somebody puts into a plan by hand: a customer on a half-day, or a segment, or a matter of its own."""

    on: date
    half: str = HalfDay.MORNING
    customer_id: int | None = None
    segment_id: int | None = None
    channel: str = ""
    purpose: str = ""
    target: int = 1
    helper_ids: tuple[int, ...] = ()


def add_item(*, plan_id: int, wish: ItemWish, by: User, now: datetime) -> PlanItem:
    """One more item; a customer who was left out of the day comes back with it."""
    today = timezone.localdate(now)
    with write(by=by):
        plan = own_plan(plan_id, by=by, now=now)
        on = checked_day(plan, wish.on, today)
        purpose = clean_text(wish.purpose, field="purpose", max_length=PURPOSE_LENGTH)
        customer = _customer(plan, wish, by)
        segment = _segment(plan, wish, by)
        if customer is None and segment is None and (plan.period == "week" or not purpose):
            raise Invalid(_("Choose a customer."), code="required", field="customer")
        duty = _open_duty(customer) if customer is not None else None
        _refuse_twin(plan, customer, on)
        item = PlanItem.unscoped.create(
            plan=plan, customer=customer, segment=segment, planned_on=on, half=_half(wish.half),
            position=next_position(plan, on, wish.half), target=wish.target, purpose=purpose,
            reason=ItemReason.OWN, channel_id=_channel_id(wish.channel), duty=duty,
            reason_on=duty.due_on if duty is not None else None,
        )  # fmt: skip
        set_helpers(item, wish.helper_ids, plan)
        touch(plan, now)
        if duty is not None and plan.period == "week" and on <= duty.due_on:
            write_days({duty.pk: on})
        return item


def edit_item(*, item_id: int, wish: ItemWish, by: User, now: datetime) -> PlanItem:
    """How, what for and with whom; the day is `move_item`."""
    with write(by=by):
        plan, item = own_item(item_id, by=by, now=now)
        if item.state not in (ItemState.PLANNED, ItemState.MISSED):
            raise Conflict(_("This item is done or left out already."), code="closed", current={"state": item.state})
        item.purpose = clean_text(wish.purpose, field="purpose", max_length=PURPOSE_LENGTH)
        item.channel_id = _channel_id(wish.channel) or item.channel_id
        item.save(update_fields=["purpose", "channel_id"])
        set_helpers(item, wish.helper_ids, plan)
        touch(plan, now)
        return item


def remove_item(*, item_id: int, reason: str, by: User, now: datetime) -> PlanItem:
    """Leave an item out; PLAN-2: who is due in the period is left out with a reason only."""
    with write(by=by):
        plan, item = own_item(item_id, by=by, now=now)
        if item.state == ItemState.DONE:
            raise Conflict(_("This item is done already."), code="closed", current={"state": item.state})
        item.leave_out_reason = checked_reason(reason, needed=_is_due(plan, item.customer_id))
        item.state = ItemState.CANCELLED
        item.save(update_fields=["state", "leave_out_reason"])
        touch(plan, now)
        return item


def restore_item(*, item_id: int, by: User, now: datetime) -> PlanItem:
    """Take back that an item was left out."""
    today = timezone.localdate(now)
    with write(by=by):
        plan, item = own_item(item_id, by=by, now=now)
        if item.state == ItemState.CANCELLED:
            _refuse_twin(plan, item.customer, item.planned_on)
            is_over = plan.period == "week" and item.planned_on < today
            item.state = ItemState.MISSED if is_over else ItemState.PLANNED
            item.leave_out_reason = ""
            item.save(update_fields=["state", "leave_out_reason"])
            touch(plan, now)
        return item


def leave_out(*, plan_id: int, customer_id: int, reason: str, by: User, now: datetime) -> PlanItem:
    """PLAN-2: a due customer who is not in the plan stays out of it, with the reason."""
    today = timezone.localdate(now)
    with write(by=by):
        plan = own_plan(plan_id, by=by, now=now)
        customer = Customer.visible_to(by.access.scope_for("plan_week")).filter(pk=customer_id).first()
        if customer is None or customer.manager_id != plan.staff_id:
            raise NotFound(_("There is no such customer."))
        text = checked_reason(reason, needed=True)
        duty = _open_duty(customer)
        last = period_last(plan.period, plan.starts_on)
        item = PlanItem.unscoped.create(
            plan=plan, customer=customer, duty=duty, reason=ItemReason.DUE, leave_out_reason=text,
            reason_on=duty.due_on if duty is not None else None, state=ItemState.CANCELLED,
            planned_on=min(max(plan.starts_on, today), last),
        )  # fmt: skip
        touch(plan, now)
        return item


def next_position(plan: Plan, on: date, half: str) -> int:
    """After the last item of a half-day."""
    last = PlanItem.unscoped.filter(plan=plan, planned_on=on, half=half).aggregate(last=Max("position"))["last"]
    return (last or 0) + 1


def set_helpers(item: PlanItem, helper_ids: Iterable[int], plan: Plan) -> None:
    """PLAN-22: the colleagues an item names; people of today, never the planner himself."""
    wanted = set(helper_ids) - {plan.staff_id}
    if wanted and Staff.unscoped.filter(pk__in=wanted, is_active=True, unit_id=plan.staff.unit_id).count() < len(
        wanted
    ):
        raise Invalid(_("Choose colleagues of this unit."), code="not_found", field="helpers")
    PlanHelper.unscoped.filter(item=item).exclude(staff_id__in=wanted).delete()
    PlanHelper.unscoped.bulk_create(
        (PlanHelper(item=item, staff_id=staff_id) for staff_id in sorted(wanted)), ignore_conflicts=True
    )


def _half(half: str) -> str:
    if half not in HalfDay.values:
        raise Invalid(_("This is not one of the choices."), code="invalid_choice", field="half")
    return half


def _channel_id(code: str) -> int | None:
    if not code:
        return None
    entry = catalogue().channels.get(code)
    if entry is None or not entry.is_active:
        raise Invalid(_("This is not one of the choices."), code="invalid_choice", field="channel")
    return entry.id


def _customer(plan: Plan, wish: ItemWish, by: User) -> Customer | None:
    """Only customers of the plan's own manager are planned in it."""
    if wish.customer_id is None:
        return None
    customer = Customer.visible_to(by.access.scope_for("plan_week")).filter(pk=wish.customer_id).first()
    if customer is None or customer.manager_id != plan.staff_id:
        raise Invalid(_("There is no such customer."), code="not_found", field="customer")
    return customer


def _segment(plan: Plan, wish: ItemWish, by: User) -> Segment | None:
    if wish.segment_id is None or plan.period == "week":
        return None
    segment = Segment.visible_to(by.access.scope_for("plan_week")).filter(pk=wish.segment_id).first()
    if segment is None:
        raise Invalid(_("There is no such segment."), code="not_found", field="segment")
    return segment


def _refuse_twin(plan: Plan, customer: Customer | None, on: date) -> None:
    if customer is None:
        return
    same = PlanItem.unscoped.filter(plan=plan, customer=customer, planned_on=on).exclude(state=ItemState.CANCELLED)
    if same.exists():
        raise Invalid(_("This customer is planned on this day already."), code="planned_already", field="customer")


def _open_duty(customer: Customer) -> Duty | None:
    return Duty.unscoped.filter(customer=customer, state=DutyState.OPEN).order_by("due_on", "id").first()


def _is_due(plan: Plan, customer_id: int | None) -> bool:
    """Whether the customer is owed a contact that ends inside the plan's week."""
    if plan.period != "week" or customer_id is None:
        return False
    last = period_last(plan.period, plan.starts_on)
    return Duty.unscoped.filter(
        customer_id=customer_id, state=DutyState.OPEN, due_on__range=(plan.starts_on, last)
    ).exists()

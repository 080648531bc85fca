"""Move an item to another half-day; level a week anew when days fall out (PLAN-6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from crm.core.db import write
from crm.core.errors import Conflict, Invalid
from visits.actions.ledger.placing import write_days
from visits.actions.plans.doors import checked_day, own_item, own_plan, touch
from visits.actions.plans.items import ItemWish, edit_item, next_position
from visits.choices import HalfDay, ItemReason, ItemState
from visits.models import Duty, Plan, PlanItem
from visits.queries.plans.levelling import proposed_moves
from visits.queries.plans.sheets import item_values

if TYPE_CHECKING:
    from crm.core.models import User

_ORDER = """
UPDATE visits_planitem i SET position = o.position FROM unnest(%s::bigint[]) WITH ORDINALITY AS o(id, position)
WHERE i.id = o.id AND i.position <> o.position
"""
_MOVE_ALL = """
UPDATE visits_planitem i SET planned_on = m.day, moved_at = %s FROM unnest(%s::bigint[], %s::date[]) AS m(id, day)
WHERE i.id = m.id AND i.plan_id = %s AND i.state = 'planned'
"""


@dataclass(frozen=True, slots=True)
class Moved:
    """Where the item is now; another row when a missed one was planned again."""

    item: PlanItem
    is_again: bool = False


def move_item(
    *,
    item_id: int,
    on: date,
    half: str,
    by: User,
    now: datetime,
    place: int | None = None,
    seen: tuple[date, str] | None = None,
) -> Moved:
    """To another half-day, at a place in it; `seen` is where the mover saw it: elsewhere by now is a conflict (409).

    What was missed stays missed and is planned again.
    """
    today = timezone.localdate(now)
    if half not in HalfDay.values:
        raise Invalid(_("This is not one of the choices."), code="invalid_choice", field="half")
    with write(by=by):
        plan, item = own_item(item_id, by=by, now=now)
        if seen is not None and seen != (item.planned_on, item.half):
            raise Conflict(current={"on": item.planned_on.isoformat(), "half": item.half})
        if item.state in (ItemState.DONE, ItemState.CANCELLED):
            raise Conflict(_("This item is done or left out already."), code="closed", current={"state": item.state})
        checked_day(plan, on, today)
        _check_due(item, on)
        is_again = item.state == ItemState.MISSED or (plan.period == "week" and item.planned_on < today)
        moved = _again(plan, item, on, half, now) if is_again else _move(plan, item, on, half, now)
        if place is not None:
            _order(plan, moved, place)
        touch(plan, now)
        if moved.duty_id is not None and plan.period == "week":
            write_days({moved.duty_id: on})
        return Moved(moved, is_again)


def change_item(
    *, item_id: int, wish: ItemWish, by: User, now: datetime, drawn: Mapping[str, Any] | None = None
) -> Moved:
    """The plain form: day, half-day, how, what for and with whom, in one transaction.

    `drawn`: the item as the form showed it; when another device changed it since, nothing is written (409).
    """
    with write(by=by):
        if drawn is not None:
            _plan, seen = own_item(item_id, by=by, now=now)
            current = item_values(seen)
            if any(drawn.get(name, value) != value for name, value in current.items()):
                raise Conflict(code="changed", current=current)
        item = edit_item(item_id=item_id, wish=wish, by=by, now=now)
        if (item.planned_on, item.half) == (wish.on, wish.half):
            return Moved(item)
        return move_item(item_id=item_id, on=wish.on, half=wish.half, by=by, now=now)


def _check_due(item: PlanItem, on: date) -> None:
    """Never past the due day (design 4)."""
    if item.duty_id is None:
        return
    due_on = Duty.unscoped.filter(pk=item.duty_id, state="open").values_list("due_on", flat=True).first()
    if due_on is not None and on > due_on:
        raise Invalid(
            _("It is due on %(due)s: it cannot be planned past that day."),
            code="past_due_day",
            field="on",
            params={"due": date_format(due_on, "DATE_FORMAT")},
        )


def _refuse_twin(plan: Plan, item: PlanItem, on: date) -> None:
    if item.customer_id is None:
        return
    same = PlanItem.unscoped.filter(plan=plan, customer_id=item.customer_id, planned_on=on).exclude(pk=item.pk)
    if same.exclude(state=ItemState.CANCELLED).exists():
        raise Invalid(_("This customer is planned on this day already."), code="planned_already", field="on")


def _move(plan: Plan, item: PlanItem, on: date, half: str, now: datetime) -> PlanItem:
    if (item.planned_on, item.half) != (on, half):
        _refuse_twin(plan, item, on)
        item.position = next_position(plan, on, half)
        item.planned_on, item.half, item.moved_at = on, half, now
        item.save(update_fields=["planned_on", "half", "position", "moved_at"])
    return item


def _again(plan: Plan, item: PlanItem, on: date, half: str, now: datetime) -> PlanItem:
    """The miss stays on record; the contact gets a new day."""
    _refuse_twin(plan, item, on)
    PlanItem.unscoped.filter(pk=item.pk, state=ItemState.PLANNED).update(state=ItemState.MISSED)
    return PlanItem.unscoped.create(
        plan=plan, customer_id=item.customer_id, planned_on=on, half=half, position=next_position(plan, on, half),
        purpose=item.purpose, reason=ItemReason.AGAIN, reason_on=item.planned_on, channel_id=item.channel_id,
        duty_id=item.duty_id, task_id=item.task_id, moved_at=now,
    )  # fmt: skip


def _order(plan: Plan, item: PlanItem, place: int) -> None:
    others = PlanItem.unscoped.filter(plan=plan, planned_on=item.planned_on, half=item.half).exclude(pk=item.pk)
    ids = list(others.exclude(state=ItemState.CANCELLED).order_by("position", "id").values_list("pk", flat=True))
    ids.insert(max(0, min(place, len(ids))), item.pk)
    with connection.cursor() as cursor:
        cursor.execute(_ORDER, [ids])


def relevel_plan(*, plan_id: int, by: User, now: datetime, item_ids: Sequence[int] | None = None) -> int:
    """Do what the preview showed: what falls on leave or on a day too full gets another day. Twice moves nothing."""
    today = timezone.localdate(now)
    with write(by=by):
        plan = own_plan(plan_id, by=by, now=now)
        moves = proposed_moves(plan, today=today)
        chosen = {move.item_id: move for move in moves if item_ids is None or move.item_id in item_ids}
        if not chosen:
            return 0
        with connection.cursor() as cursor:
            cursor.execute(_MOVE_ALL, [now, list(chosen), [move.to_on for move in chosen.values()], plan.pk])
            moved = int(cursor.rowcount)
        write_days({move.duty_id: move.to_on for move in chosen.values() if move.duty_id is not None})
        touch(plan, now)
        return moved

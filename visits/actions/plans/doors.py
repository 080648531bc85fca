"""Whose plan it is and whether it can still be changed: asked once by every deed on plans."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.errors import Conflict, Invalid, NotFound
from crm.core.text import clean_text
from visits.models import Plan, PlanItem
from visits.rules.plans import period_last

if TYPE_CHECKING:
    from crm.core.models import User

REASON_LENGTH = 200


def own_plan(plan_id: int, *, by: User, now: datetime, is_closed: bool = False) -> Plan:
    """A plan of one's own or of whom one covers, locked; refused when its period is over."""
    plan = Plan.visible_to(by.access.scope_for("plan_week")).select_for_update(of=("self",)).filter(pk=plan_id).first()
    if plan is None:
        raise NotFound(_("There is no such plan."))
    if not is_closed and period_last(plan.period, plan.starts_on) < timezone.localdate(now):
        raise Conflict(_("This period is over: its plan stays as it was."), code="over")
    return plan


def own_item(item_id: int, *, by: User, now: datetime) -> tuple[Plan, PlanItem]:
    """An item of such a plan, locked together with it."""
    found = PlanItem.visible_to(by.access.scope_for("plan_week")).filter(pk=item_id).values_list("plan_id", flat=True)
    plan_id = found.first()
    if plan_id is None:
        raise NotFound(_("There is no such item."))
    plan = own_plan(plan_id, by=by, now=now)
    return plan, PlanItem.unscoped.select_for_update().get(pk=item_id)


def touch(plan: Plan, now: datetime) -> None:
    """A person has changed the plan: it is no longer the untouched draft."""
    Plan.unscoped.filter(pk=plan.pk).update(touched_at=plan.touched_at or now, version=F("version") + 1)


def checked_day(plan: Plan, on: date, today: date) -> date:
    """A day of the plan's period that is not over."""
    last = period_last(plan.period, plan.starts_on)
    if not plan.starts_on <= on <= last:
        raise Invalid(_("Choose a day of this plan's period."), code="out_of_range", field="on")
    if plan.period == "week" and on < today:
        raise Invalid(_("Choose today or a later day."), code="in_the_past", field="on")
    return on


def checked_reason(reason: str, *, needed: bool) -> str:
    """Why something is left out; PLAN-2 asks for it when it is due."""
    text = clean_text(reason, field="reason", max_length=REASON_LENGTH)
    if needed and not text:
        raise Invalid(
            _("This customer is due in this week: say why he is left out."), code="reason_needed", field="reason"
        )
    return text

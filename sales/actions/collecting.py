"""Asking for what is owed: each time is kept with its channel and what came of it (SAL-23)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import F, Max, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.doors import the_customer
from accounts.models import Customer
from accounts.queries import names
from crm.core import parameters
from crm.core.db import write
from crm.core.errors import Conflict, Invalid
from crm.core.notices import NoticeRow, notify
from crm.core.text import clean_text
from sales.actions.dunning import follow_one
from sales.models import DunningAction, DunningCase
from sales.money_choices import DunningChannel, DunningResult, DunningStage, DunningState

if TYPE_CHECKING:
    from crm.core.models import User


def log_dunning(
    *,
    customer_id: int,
    channel: str,
    result: str,
    by: User,
    now: datetime,
    promise_on: date | None = None,
    note: str = "",
) -> DunningAction:
    """Write down that the customer was asked for all he owes; a promise holds the stage until its day (SAL-23)."""
    today = timezone.localdate(now)
    with write(by=by):
        customer = the_customer(by, customer_id, "edit_sales", lock=False)
        cases = DunningCase.unscoped.filter(customer_id=customer_id, closed_on=None)
        owed = cases.aggregate(stage=Max("stage"), amount=Sum(F("bill__amount") - F("bill__paid_amount")))
        if owed["stage"] is None:
            raise Conflict(_("This customer owes nothing any more."), code="nothing_owed")
        if channel == DunningChannel.STOP and owed["stage"] != DunningStage.STOP:
            raise Invalid(
                _("Stopping the service is proposed in the last stage only."), code="too_early", field="channel"
            )
        action = DunningAction.unscoped.create(
            customer=customer,
            at=now,
            channel=DunningChannel(channel),
            stage=owed["stage"],
            amount=owed["amount"],
            result=DunningResult(result),
            promise_on=_promise(result, promise_on, today),
            note=clean_text(note, field="note", max_length=500),
            by=by,
        )
        if action.promise_on:
            cases.update(state=DunningState.PROMISED, promised_on=action.promise_on)
        follow_one(customer_id, now=now, by_id=by.pk)
        if channel == DunningChannel.STOP:
            _propose_stop(action, customer, by=by, now=now)
    return action


def _promise(result: str, promise_on: date | None, today: date) -> date | None:
    if result != DunningResult.PROMISED:
        return None
    last = today + timedelta(days=int(parameters.value("promise_days", today)))
    if promise_on is None or not today <= promise_on <= last:
        raise Invalid(_("A promise is for a day from today to %(last)s."), code="out_of_range", field="promise_on",
                      params={"last": last})  # fmt: skip
    return promise_on


def _propose_stop(action: DunningAction, customer: Customer, *, by: User, now: datetime) -> None:
    card = names.staff_card(customer.manager_id)
    boss = names.staff_card(card.supervisor_id) if card else None
    if boss is not None and boss.user_id != by.pk:
        about = {"by": by.name, "customer": customer.name}
        url = f"/sales/money/{customer.pk}/"
        notify(
            [NoticeRow(boss.user_id, "dunning_stop_proposed", "sales_dunningaction", action.pk, "", about, url)], now
        )

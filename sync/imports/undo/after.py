"""What follows from rows that were put back: everything derived from them, by the functions of the apps that own it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from django.db import connection
from django.utils import timezone

from accounts.actions import lifecycle
from accounts.actions.standing import ensure_standings, refresh_completeness
from complaints.actions.standing import count_open
from crm.core.models import User
from crm.core.wording import Text
from sales.actions.dunning import follow_rows
from visits.actions.ledger import recompute
from visits.actions.mending import take_back
from visits.models import Visit

After = Callable[[Sequence[int], datetime], None]


def frozen(visit_ids: Sequence[int]) -> set[int]:
    """Visits that a closed month rests on: they stay (decisions 3)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT met_by_id FROM visits_duty WHERE met_by_id = ANY(%s) AND frozen_at IS NOT NULL",
            [list(visit_ids)],
        )
        return {row[0] for row in cursor.fetchall()}


def withdraw_visits(visit_ids: Sequence[int], by: User, now: datetime) -> None:
    """Nothing rests on these visits any more, so that their rows can go."""
    rows = Visit.unscoped.filter(pk__in=visit_ids, undone_at=None).select_for_update().order_by("pk")
    take_back(list(rows), by=by, now=now)


def take_events_back(event_ids: Sequence[int], by: User, now: datetime) -> dict[int, Text]:
    """What happened to lines and customers has not happened; those that something came after stay, and why."""
    return dict(lifecycle.take_events_back(event_ids, by=by, now=now)) if event_ids else {}


def customers_again(customer_ids: Sequence[int], now: datetime) -> None:
    """Standings, duties and open complaints of customers that are what they were."""
    if not customer_ids:
        return
    today = timezone.localdate(now)
    ensure_standings(customer_ids)
    refresh_completeness(customer_ids, today=today)
    recompute(customer_ids, today=today, now=now)
    count_open(customer_ids)


def _cases(customer_ids: Sequence[int], _now: datetime) -> None:
    count_open(customer_ids)


def _bills(customer_ids: Sequence[int], now: datetime) -> None:
    follow_rows(customer_ids, now)


AFTER: dict[str, After] = {
    "accounts_customer": customers_again,
    "complaints_case": _cases,
    "sales_bill": _bills,
    "sales_payment": _bills,
}
"""By root table: what to do for the customers concerned."""

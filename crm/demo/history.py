"""Lives through the demo's fourteen months: each month's visits, then the ledger's own night (decisions 31)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.utils import timezone

from accounts.actions import ensure_standings
from accounts.actions.standing import rebuild_own_facts
from accounts.models import Assignment, ContactPerson, Customer, PersonProfile, Standing
from accounts.rules import next_period_start
from crm.core.db import write
from crm.demo.bulk import know_sizes
from crm.demo.contacts import DemoVisit
from crm.demo.figures import OF_FIGURES
from crm.demo.journal import write_visits
from crm.demo.portfolio import DemoCustomer
from crm.nightly import STEPS, run_night
from visits.actions.ledger import recompute
from visits.models import Duty, Visit
from visits.queries.catalogue import Catalogue

PAST_STEPS = tuple(step for step in STEPS if step in ("open_duties", "close_periods", "freeze_months"))
"""What a finished month needs; suggestions, flags and digests are of today only."""


def live_through(
    customers: Iterable[DemoCustomer],
    visits: Sequence[DemoVisit],
    catalogue: Catalogue,
    *,
    live_from: date,
    now: datetime,
) -> None:
    """Write the visits in order of time; whatever they settle, the ledger decides."""
    ensure_standings([customer.id for customer in customers])
    know_sizes(Customer, Standing, Assignment, PersonProfile, ContactPerson)
    today = timezone.localdate(now)
    by_month = {month: list(rows) for month, rows in groupby(visits, key=lambda visit: visit.on.replace(day=1))}
    month = live_from
    while month <= today:
        run_night(month, now=_night_of(month), steps=PAST_STEPS)
        following = next_period_start("month", month)
        rows = by_month.get(month, [])
        write_visits(rows, catalogue, now=now)
        last = min(following - timedelta(days=1), today)
        recompute(sorted({visit.customer.id for visit in rows}), today=last, now=min(now, _night_of(following)))
        if month == live_from:
            know_sizes(Duty, Visit)
        month = following
    with write(label="system:demo"):
        rebuild_own_facts(today=today)
    run_night(today, now=now, steps=[step for step in STEPS if step not in OF_FIGURES])


def _night_of(day: date) -> datetime:
    """Early in the morning of a day, the freeze of the month before the last being over."""
    return timezone.make_aware(datetime.combine(day, time(5, 30)))

"""The whole way with a real file: import it, assign the customers, run the nights, look 62 days ahead (decisions 8)."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from accounts.actions import assign_customers
from accounts.models import Assignment, Customer, Standing, Task, TierHistory
from crm.core.db import write
from crm.core.delimited.openers import opener_of
from crm.core.delimited.reader import inspect
from crm.core.errors import DomainError
from crm.demo.build import SEED
from crm.demo.bulk import know_sizes
from crm.demo.logins import DEMO_PASSWORD
from crm.demo.organisation import build_organisation
from crm.nightly import FIGURE_STEPS, STEPS, run_night
from sync.imports.mapping import Mapping, read_mapping
from sync.imports.run import import_file
from visits.choices import DutyState
from visits.models import Duty

MAPPINGS = Path(settings.BASE_DIR) / "sync" / "mappings"
DAYS_AHEAD = 62


def prove(path: Path, *, now: datetime, mapping: Path | None = None) -> dict[str, Any]:
    """Go the whole way in the database at hand, which must be empty; answers the figures of one JSON line."""
    today = timezone.localdate(now)
    found = read_mapping(mapping) if mapping is not None else mapping_for(path)
    with write(label="system:real"):
        organisation = build_organisation(
            Random(SEED),  # noqa: S311 - a proof, not a secret
            live_from=today,
            today=today,
            now=now,
            password=DEMO_PASSWORD,
        )
    started = time.perf_counter()
    outcome = import_file(opener_of(path), found, by=None, now=now)
    import_s = time.perf_counter() - started
    know_sizes(Customer, Standing, TierHistory)
    _assign([member.id for member in organisation.managers], now=now)
    know_sizes(Assignment, Duty, Task)
    started = time.perf_counter()
    run_night(today, now=now)
    night_s = time.perf_counter() - started
    figures = {"customers": Customer.unscoped.count(), "rejected": outcome.failed, **_ledger()}
    with transaction.atomic():
        ahead = _nights_ahead(today, now)
        transaction.set_rollback(True)
    return {**figures, **ahead, "import_s": round(import_s, 2), "night_s": round(night_s, 2)}


def mapping_for(path: Path) -> Mapping:
    """The first mapping kept in the project that fits the file's columns."""
    header = inspect(opener_of(path)).header
    refusal: DomainError | None = None
    for kept in sorted(MAPPINGS.glob("*.json")):
        found = read_mapping(kept)
        try:
            found.against(header)
        except DomainError as problem:
            refusal = refusal or problem
            continue
        return found
    raise refusal or DomainError("No mapping is kept for this file.")


def _assign(managers: list[int], *, now: datetime) -> None:
    """Every customer gets a manager, in turn (ORG-1)."""
    waiting = list(
        Customer.unscoped.filter(manager=None, unit__is_active=True)
        .exclude(kind="ordinary")
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    for place, staff_id in enumerate(managers):
        share = waiting[place :: len(managers)]
        if share:
            assign_customers(customer_ids=share, staff_id=staff_id, reason="Go-live", by=None, now=now)


AHEAD = tuple(step for step in STEPS if step not in FIGURE_STEPS)
"""What is looked at in 62 days are duties."""


def _nights_ahead(today: date, now: datetime) -> dict[str, int]:
    for days in range(1, DAYS_AHEAD + 1):
        run_night(today + timedelta(days=days), now=now + timedelta(days=days), steps=AHEAD)
    return {f"{name}_{DAYS_AHEAD}": count for name, count in _ledger().items()}


def _ledger() -> dict[str, int]:
    return {
        "duties_open": Duty.unscoped.filter(state=DutyState.OPEN).count(),
        "overdue": Standing.unscoped.filter(is_overdue=True).count(),
    }

"""Sweeps: the steps of the night (PLT-3). Each runs under its own advisory lock and leaves a `SweepRun` row.

Two schedulers at once, a late run and a repeated run are harmless: the second waits for nobody and does nothing.
"""

from __future__ import annotations

import logging
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.functional import Promise

from crm.core.db import write
from crm.core.models import SweepRun

logger = logging.getLogger(__name__)
LOCK_SPACE = 0x43524D  # "CRM": our own space of two-part advisory locks

Sweep = Callable[..., int | Mapping[str, Any] | None]


@dataclass(frozen=True)
class Step:
    """A registered step: a function of the business date and the moment, answering rows or a mapping with "rows"."""

    name: str
    run: Sweep
    label: str | Promise = ""
    own_transactions: bool = False


STEPS: dict[str, Step] = {}


def sweep(name: str, *, label: str | Promise = "", own_transactions: bool = False) -> Callable[[Sweep], Sweep]:
    """Register a step: `@sweep("open_duties") def open_duties(*, today, now) -> int`.

    It runs inside one transaction under the step's lock. `own_transactions` is for steps that commit in chunks; they
    hold a session lock instead.
    """

    def register(run: Sweep) -> Sweep:
        if name in STEPS and STEPS[name].run.__qualname__ != run.__qualname__:
            raise ValueError(f"sweep {name} is registered twice")
        STEPS[name] = Step(name, run, label, own_transactions)
        return run

    return register


def lock_number(name: str) -> int:
    """The lock of a name, a signed 32-bit number; a test proves that no two registered names share one."""
    number = zlib.crc32(name.encode())
    return number - 2**32 if number >= 2**31 else number


def try_lock(name: str) -> bool:
    """Take the name's lock until the end of the transaction; False when another holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCK_SPACE, lock_number(name)])
        return bool(cursor.fetchone()[0])


def run_step(name: str, business_date: date, now: datetime) -> SweepRun | None:
    """Run one step for one business date. None when another process is at it; a fault is recorded and raised."""
    step = STEPS[name]
    began = time.perf_counter()
    run = SweepRun.objects.create(step=name, business_date=business_date, started_at=now)
    try:
        done = _locked(step, business_date, now)
    except (DatabaseError, ArithmeticError, LookupError, ValueError, TypeError, AttributeError) as fault:
        run.error = f"{type(fault).__name__}: {fault}"[:2000]
        _close(run, began)
        raise
    if done is None:
        run.delete()
        return None
    if isinstance(done, Mapping):
        run.detail = {key: value for key, value in done.items() if key != "rows"}
        run.rows = int(done.get("rows", 0))
    else:
        run.rows = done
    _close(run, began)
    logger.info("sweep done", extra={"step": name, "rows": run.rows, "seconds": float(run.seconds or 0)})
    return run


def _close(run: SweepRun, began: float) -> None:
    run.seconds = round(time.perf_counter() - began, 3)
    run.finished_at = timezone.now()
    run.save(update_fields=["error", "detail", "rows", "seconds", "finished_at"])


def _locked(step: Step, business_date: date, now: datetime) -> int | Mapping[str, Any] | None:
    """Do the step under its lock; None when another holds it."""
    if not step.own_transactions:
        with write(label=f"system:{step.name}"):
            if not try_lock(step.name):
                return None
            return step.run(today=business_date, now=now) or 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCK_SPACE, lock_number(step.name)])
        if not cursor.fetchone()[0]:
            return None
        try:
            return step.run(today=business_date, now=now) or 0
        finally:
            if not connection.needs_rollback:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_SPACE, lock_number(step.name)])


def finished_on(name: str, business_date: date) -> bool:
    """Whether the step has been done for this business date."""
    return SweepRun.objects.filter(step=name, business_date=business_date, finished_at__isnull=False, error="").exists()


def last_finished() -> datetime | None:
    """When the last step of a night ended well: what the watchdog looks at (safety rule 6)."""
    return (
        SweepRun.objects.filter(finished_at__isnull=False, error="")
        .order_by("-started_at")
        .values_list("finished_at", flat=True)
        .first()
    )

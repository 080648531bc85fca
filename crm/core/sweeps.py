"""Sweeps: the steps of the night (PLT-3). Each runs under its own advisory lock and leaves a `SweepRun` row.

Two schedulers at once, a late run and a repeated run are harmless: the second waits for nobody and does nothing.
A step with much to do is cut into pieces (`crm.core.pieces`).
"""

from __future__ import annotations

import logging
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import Error, connection
from django.utils import timezone
from django.utils.functional import Promise

from crm.core.db import replace_dead_connection, write
from crm.core.models import SweepRun

logger = logging.getLogger(__name__)
LOCK_SPACE = 0x43524D  # "CRM": our own space of two-part advisory locks
FAULTS = (Error, ArithmeticError, LookupError, ValueError, TypeError, AttributeError)
"""What `run_step` records and raises."""
CUT_OFF = "cut off before its end"
"""What a run says whose process was killed; the next run of its step finds it out."""

Result = int | Mapping[str, Any] | None
Sweep = Callable[..., Result]
Ring = Callable[[Sequence[int]], None]
"""Tells other workers that pieces wait; without it they are done here, one after the other."""


@dataclass(frozen=True)
class Step:
    """A registered step: a function of the business date and the moment, answering rows or a mapping with "rows"."""

    name: str
    run: Sweep
    label: str | Promise = ""
    own_transactions: bool = False
    cut: Callable[..., Sequence[Mapping[str, Any]]] | None = None
    whole_at_end: bool = True


STEPS: dict[str, Step] = {}


def sweep(name: str, *, label: str | Promise = "", **more: Any) -> Callable[[Sweep], Sweep]:
    """Register a step: `@sweep("open_duties") def open_duties(*, today, now) -> int`.

    It runs inside one transaction under the step's lock. `own_transactions` is for steps that commit in chunks; they
    hold a session lock instead. `cut(today=, now=)` names the spans of a step that may be large: then the step takes
    `span=` as well, None for everything. `whole_at_end` runs it once more for everything after the pieces, to catch
    what moved between them: cheap for steps that only find what is left to do.
    """

    def register(run: Sweep) -> Sweep:
        if name in STEPS and STEPS[name].run.__qualname__ != run.__qualname__:
            raise ValueError(f"sweep {name} is registered twice")
        STEPS[name] = Step(name, run, label, **more)
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


@contextmanager
def session_lock(name: str) -> Iterator[bool]:
    """Hold the name's lock over several transactions; it falls with the connection. False: another holds it."""
    key = [LOCK_SPACE, lock_number(name)]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", key)
        mine = bool(cursor.fetchone()[0])
    try:
        yield mine
    finally:
        if mine and not connection.needs_rollback and connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", key)


def run_step(name: str, business_date: date, now: datetime, *, ring: Ring | None = None) -> SweepRun | None:
    """Run one step for one business date. None when another process is at it; a fault is recorded and raised."""
    step = STEPS[name]
    began = time.perf_counter()
    run = SweepRun.objects.create(step=name, business_date=business_date, started_at=now)
    try:
        done = _locked(step, run, ring)
    except FAULTS as fault:
        run.error = f"{type(fault).__name__}: {fault}"[:2000]
        _record(run, began)
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


def _record(run: SweepRun, began: float) -> None:
    """Write the fault down; when the database itself is away the next run says that this one was cut off."""
    try:
        replace_dead_connection()
        _close(run, began)
    except Error as away:
        logger.warning("the end of a step could not be written", extra={"step": run.step}, exc_info=away)


def _locked(step: Step, run: SweepRun, ring: Ring | None) -> int | Mapping[str, Any] | None:
    """Do the step under its lock; None when another holds it."""
    if step.cut is None and not step.own_transactions:
        with write(label=f"system:{step.name}"):
            if not try_lock(step.name):
                return None
            _bury(run)
            return step.run(today=run.business_date, now=run.started_at) or 0
    with session_lock(step.name) as mine:
        if not mine:
            return None
        if step.cut is None:
            _bury(run)
            return step.run(today=run.business_date, now=run.started_at) or 0
        from crm.core.pieces import run_in_pieces

        done = run_in_pieces(step, run, ring)
        _bury(run)
        return done


def _bury(run: SweepRun) -> None:
    """Whoever holds the step's lock knows: an older run without an end was killed."""
    dead = SweepRun.objects.filter(step=run.step, finished_at__isnull=True, pk__lt=run.pk)
    dead.update(error=CUT_OFF, finished_at=timezone.now())


def run_often(name: str, now: datetime) -> int:
    """A step that runs every minute: under its lock, without a row in the list of runs; answers what it did."""
    step = STEPS[name]
    with write(label=f"system:{name}"):
        if not try_lock(name):
            return 0
        done = step.run(today=timezone.localdate(now), now=now) or 0
    return int(done.get("rows", 0)) if isinstance(done, Mapping) else int(done)


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

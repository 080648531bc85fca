"""A large step in pieces, each a transaction of its own, so that workers on several machines share it (design 4).

A piece is a row; whoever works on it holds its row lock, and its end is written in the same transaction as its work.
So a worker that is killed leaves a piece that was never begun, and whoever looks next takes it: no leases, no clock.
Who runs the step works on pieces himself and waits at the lock of the last one: the step ends when all have ended.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import F
from django.utils import timezone

from crm.core.db import write
from crm.core.models import SweepPiece, SweepRun
from crm.core.sweeps import FAULTS, STEPS

if TYPE_CHECKING:
    from crm.core.sweeps import Result, Ring, Step

logger = logging.getLogger(__name__)
TRIES = 2
"""A piece that met a deadlock or a lost connection is tried once more."""
KEPT = timedelta(days=14)


class PiecesLeft(ValueError):
    """Some pieces failed: the step is not done."""


def run_in_pieces(step: Step, run: SweepRun, ring: Ring | None) -> dict[str, Any]:
    """The whole step; in pieces when it has much to do, or goes on with the pieces of a run that was cut off."""
    if not _take_over(run):
        spans = step.cut(today=run.business_date, now=run.started_at) if step.cut else ()
        if len(spans) < 2:
            return _whole(step, run)
        SweepPiece.objects.bulk_create(
            SweepPiece(run=run, number=number, span=dict(span)) for number, span in enumerate(spans, start=1)
        )
    if ring is not None:
        ring(list(_waiting(run).values_list("pk", flat=True)))
    while _waiting(run).exists():
        # Nothing to claim: others are at the rest. Waiting at the lock of a piece ends with its worker, alive or not.
        if not _do_next(step, run, wait=False):
            _do_next(step, run, wait=True)
    total = _total(run)
    return _added(total, _whole(step, run)) if step.whole_at_end else total


def run_piece(piece_id: int) -> bool:
    """What another worker does when the bell rings; False when there is nothing to do any more."""
    found = (
        SweepPiece.objects.filter(pk=piece_id, finished_at=None, run__finished_at=None).select_related("run").first()
    )
    return found is not None and _do_next(STEPS[found.run.step], found.run, wait=False, only=piece_id)


def forget_old_pieces(*, now: datetime) -> int:
    """What is left of pieces is in their run; runs are numbered in the order of their beginning."""
    old = SweepRun.objects.filter(started_at__lt=now - KEPT).order_by("-started_at", "-pk")
    last = old.values_list("pk", flat=True).first()
    return int(SweepPiece.objects.filter(run_id__lte=last).delete()[0]) if last else 0


def _waiting(run: SweepRun) -> Any:
    return SweepPiece.objects.filter(run=run, finished_at=None, attempts__lt=TRIES)


def _take_over(run: SweepRun) -> bool:
    """The pieces of an earlier run of the same night whose process was killed become ours, done ones and others."""
    dead = SweepRun.objects.filter(
        step=run.step, business_date=run.business_date, finished_at=None, pk__lt=run.pk, pieces__isnull=False
    )
    latest = dead.order_by("-pk").first()
    if latest is None:
        return False
    with write(label=f"system:{run.step}"):
        _wait_for_ever()
        SweepPiece.objects.filter(run=latest).update(run=run)
    run.started_at = latest.started_at
    return True


def _do_next(step: Step, run: SweepRun, *, wait: bool, only: int | None = None) -> bool:
    """Claim a piece and do it, in one transaction; False when there was none to claim."""
    piece = None
    line = connection.connection
    try:
        with write(label=f"system:{step.name}"):
            if wait:
                _wait_for_ever()
            waiting = _waiting(run).select_for_update(skip_locked=not wait)
            piece = (waiting if only is None else waiting.filter(pk=only)).order_by("number").first()
            if piece is not None:
                _do(step, run, piece)
    except FAULTS as fault:
        if piece is None or connection.connection is not line or not connection.is_usable():
            raise  # the connection was cut, and with it the lock of the step: whoever called tries again
        logger.warning("piece failed", extra={"step": step.name, "piece": piece.number}, exc_info=fault)
        SweepPiece.objects.filter(pk=piece.pk).update(
            attempts=F("attempts") + 1, error=f"{type(fault).__name__}: {fault}"[:500]
        )
    return piece is not None


def _do(step: Step, run: SweepRun, piece: SweepPiece) -> None:
    began = time.perf_counter()
    done = _counts(step.run(today=run.business_date, now=run.started_at, span=piece.span))
    piece.rows, piece.detail = done.pop("rows", 0), done
    piece.seconds = round(time.perf_counter() - began, 3)
    piece.finished_at = timezone.now()
    piece.error = ""
    piece.save(update_fields=["rows", "detail", "seconds", "finished_at", "error"])


def _whole(step: Step, run: SweepRun) -> dict[str, Any]:
    with write(label=f"system:{step.name}"):
        return _counts(step.run(today=run.business_date, now=run.started_at, span=None))


def _wait_for_ever() -> None:
    """Another worker's piece may take longer than a connection's limits allow to wait."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lock_timeout', '0', true), set_config('statement_timeout', '0', true)")


def _counts(done: Result) -> dict[str, Any]:
    return dict(done) if isinstance(done, Mapping) else {"rows": int(done or 0)}


def _added(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    return {key: one.get(key, 0) + other.get(key, 0) for key in {**one, **other}}


def _total(run: SweepRun) -> dict[str, Any]:
    """The sums of all pieces; a piece that failed fails the step."""
    pieces: Sequence[SweepPiece] = list(SweepPiece.objects.filter(run=run).order_by("number"))
    failed = [piece for piece in pieces if piece.finished_at is None]
    if failed:
        raise PiecesLeft(f"{len(failed)} of {len(pieces)} pieces failed; piece {failed[0].number}: {failed[0].error}")
    total: dict[str, Any] = {"rows": 0}
    for piece in pieces:
        total = _added(total, {"rows": piece.rows or 0, **piece.detail})
    return total | {"pieces": len(pieces)}

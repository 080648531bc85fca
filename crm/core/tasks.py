"""Celery tasks of the ground: arguments are ids only; the work itself is a row in PostgreSQL."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from celery import shared_task
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerError

from crm.core import delivery, heartbeats, jobs, pieces

logger = logging.getLogger(__name__)
PIECE_EXPIRES = 3600
"""Seconds after which a bell for a piece is no longer worth hearing: the night is over or somebody else has done it."""


@shared_task(name="crm.core.tasks.run_job")
def run_job(job_id: int) -> str:
    """Do one job; repeating it is harmless."""
    return jobs.run(job_id)


@shared_task(name="crm.core.tasks.dispatch_jobs")
def dispatch_jobs() -> int:
    """A second bell beside the dispatcher process: claim what waits and do it here."""
    taken = jobs.claim()
    jobs.kick(taken)
    return len(taken)


@shared_task(name="crm.core.tasks.deliver")
def deliver() -> int:
    """Notices leave the house: planned, then sent; every minute, and twice is the same as once (PLT-6)."""
    delivery.plan_deliveries(now=timezone.now())
    return delivery.send_waiting(now=timezone.now())


@shared_task(name="crm.core.tasks.heartbeat")
def heartbeat() -> None:
    """Beat and worker are alive (decisions 28)."""
    heartbeats.beat("worker", now=timezone.now())


@shared_task(name="crm.core.tasks.night_piece")
def night_piece(piece_id: int) -> bool:
    """Do one piece of a step of the night, unless somebody else has done it."""
    return pieces.run_piece(piece_id)


def ring_for_pieces(piece_ids: Sequence[int]) -> None:
    """Ask every worker to help; when the broker is away whoever runs the step does all of it."""
    try:
        for piece_id in piece_ids:
            night_piece.apply_async(args=(piece_id,), retry=False, expires=PIECE_EXPIRES)
    except (BrokerError, OSError) as away:
        logger.warning("broker is away: the night goes on alone", exc_info=away)

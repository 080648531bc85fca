"""Celery tasks of the ground: arguments are ids only; the work itself is a row in PostgreSQL."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from crm.core import heartbeats, jobs


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


@shared_task(name="crm.core.tasks.heartbeat")
def heartbeat() -> None:
    """Beat and worker are alive (decisions 28)."""
    heartbeats.beat("worker", now=timezone.now())

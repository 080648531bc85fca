"""What beat calls. The work and its state are in PostgreSQL; repeating a task is harmless."""

from __future__ import annotations

from celery import shared_task
from django.utils import timezone

from crm import nightly as night
from crm.core.sweeps import run_step


@shared_task(name="crm.tasks.nightly")
def nightly() -> int:
    """The night, with every night that was missed before it (decisions 8)."""
    return len(night.run_due_nights(timezone.localdate(), now=timezone.now()))


@shared_task(name="crm.tasks.freeze")
def freeze() -> int:
    """05:05: the moment of the freeze is 05:00 (decisions 3), the night itself is too early for it."""
    run = run_step("freeze_months", timezone.localdate(), timezone.now())
    return int(run.rows or 0) if run else 0

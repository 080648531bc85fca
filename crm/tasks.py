"""What beat calls. The work and its state are in PostgreSQL; repeating a task is harmless."""

from __future__ import annotations

from celery import shared_task
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from crm import nightly as night
from crm.core.sweeps import run_often, run_step
from crm.core.tasks import ring_for_pieces

AWAY = (OperationalError, InterfaceError)
"""PostgreSQL was restarted: come back when it is up again, not only in an hour."""
EVERY_TEN_MINUTES = ("late_dispatches", "late_alerts", "late_escalations", "watch_feeds")
EVERY_MINUTE = ("pass_on_missed_calls", "case_clocks", "open_signal_alerts")


@shared_task(name="crm.tasks.nightly", autoretry_for=AWAY, retry_backoff=10, max_retries=6)
def nightly() -> int:
    """The night, with every night that was missed before it (decisions 8); large steps are shared by all workers."""
    return len(night.run_due_nights(timezone.localdate(), now=timezone.now(), ring=ring_for_pieces))


@shared_task(name="crm.tasks.freeze", autoretry_for=AWAY, retry_backoff=10, max_retries=6)
def freeze() -> int:
    """05:05: the moment of the freeze is 05:00 (decisions 3), the night is too early for it; then its figures."""
    today, now = timezone.localdate(), timezone.now()
    runs = [run_step(step, today, now, ring=ring_for_pieces) for step in ("freeze_months", "freeze_results")]
    return sum(int(run.rows or 0) for run in runs if run)


@shared_task(name="crm.tasks.refresh_results", autoretry_for=AWAY, retry_backoff=10, max_retries=6)
def refresh_results() -> int:
    """Every quarter of an hour: the figures of the running periods, of those for whom something changed (KPI-4).

    When any of them is another, the scores that rest on them follow.
    """
    today, now = timezone.localdate(), timezone.now()
    run = run_step("refresh_results", today, now)
    if run and run.rows:
        run_step("count_scores", today, now)
    return int(run.rows or 0) if run else 0


@shared_task(name="crm.tasks.draft_plans", autoretry_for=AWAY, retry_backoff=10, max_retries=6)
def draft_plans() -> int:
    """Friday noon: next week's plans (PLAN-6). Late or twice is the same; the night drafts what was missed."""
    run = run_step("draft_week_plans", timezone.localdate(), timezone.now())
    return int(run.rows or 0) if run else 0


@shared_task(name="crm.tasks.late_matters", autoretry_for=AWAY, retry_backoff=10, max_retries=6)
def late_matters() -> int:
    """Every ten minutes: what other units did not reply to, alerts nobody acted on, what a level did not answer, and
    which feeds did not arrive (RET-4, RET-13, CMP-24, sync-api)."""
    today, now = timezone.localdate(), timezone.now()
    runs = [run_step(step, today, now) for step in EVERY_TEN_MINUTES]
    return sum(int(run.rows or 0) for run in runs if run)


@shared_task(name="crm.tasks.every_minute")
def every_minute() -> int:
    """Clocks in hours: what is late passes on to the next one, or is reported up; hard signals of customers who leave
    (CON-13, CMP-2, RET-3)."""
    now = timezone.now()
    return sum(run_often(step, now) for step in EVERY_MINUTE)

"""The night (00:30 Asia/Shanghai): its steps in order, one business date at a time (PLT-3, decisions 8).

Every step is one transaction, or one per piece when it has much to do, and safe to repeat: a night that was killed
half-way is simply run again. A step begins when the one before it has ended, with all its pieces.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from crm.core.models import SweepRun
from crm.core.sweeps import FAULTS, Ring, finished_on, run_step
from crm.core.sweeps import STEPS as KNOWN

STEPS: tuple[str, ...] = (
    "open_duties",
    "join_plans",
    "suggest_days",
    "close_periods",
    "flag_overdue_contacts",
    "match_visits",
    "flag_missed_items",
    "close_day_logs",
    "draft_week_plans",
    "draft_long_plans",
    "adopt_drafts",
    "freeze_months",
    "rebuild_standings",
    "rebuild_portfolio",
    "rebuild_case_facts",
    "scan_arrears",
    "tell_of_stops",
    "guarantee_papers",
    "remind_agreements",
    "notice_leaving_members",
    "record_losses",
    "snapshot_churn_base",
    "count_churn_base",
    "prepare_churn_reports",
    "follow_saves",
    "open_analyses",
    "take_risk_snapshots",
    "label_risk_snapshots",
    "score_churn_risk",
    "settle_base_rate",
    "raise_alerts",
    "rebuild_risk_facts",
    "review_risk_model",
    "close_outings",
    "care_tasks",
    "find_text_twins",
    "draw_callbacks",
    "propose_tiers",
    "probation_reminders",
    "flag_overdue_tasks",
    "find_duplicates",
    "forget_merges",
    "tell_of_policies",
    "morning_digests",
    "voice_digest",
    "prepare_reports",
    "remind_reports",
    "freeze_results",
    "count_results",
    "count_scores",
    "warn_of_targets",
    "tend_clients",
    "housekeeping",
)
FIGURE_STEPS = frozenset({"freeze_results", "count_results", "count_scores", "warn_of_targets"})
"""Figures rest on what the other steps write and change none of it."""
MOST_NIGHTS = 40
"""Decisions 8: so many missed nights are made up for."""


@dataclass(frozen=True, slots=True)
class Done:
    """One step of one night."""

    business_date: date
    step: str
    rows: int
    seconds: float
    differences: int = 0


Listener = Callable[[Done], None]


def run_night(
    business_date: date,
    *,
    now: datetime,
    steps: Sequence[str] = STEPS,
    listen: Listener | None = None,
    ring: Ring | None = None,
) -> list[Done] | None:
    """Run the steps of one business date. None: another scheduler is at it and will finish.

    `ring` lets other workers share the pieces of large steps; without it all of them are done here.
    A step that fails does not keep the others from their work; its fault is recorded and raised at the end.
    """
    done: list[Done] = []
    fault: Exception | None = None
    for step in steps:
        try:
            run = run_step(step, business_date, now, ring=ring)
        except FAULTS as failure:
            fault = fault or failure
            continue
        if run is None:
            return None
        row = Done(business_date, step, int(run.rows or 0), float(run.seconds or 0), _differences(run))
        done.append(row)
        if listen is not None:
            listen(row)
    if fault is not None:
        raise fault
    return done


def _differences(run: SweepRun) -> int:
    return int(run.detail.get("differences", 0))


def run_nights(
    dates: Sequence[date], *, now: datetime, listen: Listener | None = None, ring: Ring | None = None
) -> list[Done]:
    """Several nights in order; when somebody else is at it the rest is his. A failed night does not stop the next."""
    done: list[Done] = []
    fault: Exception | None = None
    for business_date in dates:
        try:
            night = run_night(business_date, now=now, listen=listen, ring=ring)
        except FAULTS as failure:
            fault = fault or failure
            continue
        if night is None:
            break
        done += night
    if fault is not None:
        raise fault
    return done


def due_nights(today: date) -> list[date]:
    """The nights that were missed, oldest first, and tonight's; at most 40 (decisions 8)."""
    last = last_night(today)
    first = max(last + timedelta(days=1), today - timedelta(days=MOST_NIGHTS - 1)) if last else today
    return [first + timedelta(days=offset) for offset in range((today - first).days + 1)]


def last_night(today: date) -> date | None:
    """The last business date up to today whose every step has been done."""
    dates = (
        SweepRun.objects.filter(step=STEPS[-1], business_date__lte=today, finished_at__isnull=False, error="")
        .order_by("-business_date")
        .values_list("business_date", flat=True)
        .distinct()[:MOST_NIGHTS]
    )
    return next((day for day in dates if all(finished_on(step, day) for step in STEPS)), None)


def run_due_nights(
    today: date, *, now: datetime, listen: Listener | None = None, ring: Ring | None = None
) -> list[Done]:
    """What the clock calls: tonight and every missed night before it. Twice is the same as once."""
    return run_nights(due_nights(today), now=now, listen=listen, ring=ring)


def unknown_steps(steps: Sequence[str]) -> list[str]:
    """Names that are no step of the night (of `manage.py nightly --step`)."""
    return [step for step in steps if step not in KNOWN]

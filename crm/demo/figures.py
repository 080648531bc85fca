"""Counts the figures of the demo once everything else has happened: final months frozen, running ones counted."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from crm.nightly import STEPS, run_night
from kpi.actions.counting import counts_ending_with, pack_evidence
from kpi.sweeps import months_to_freeze

OF_FIGURES = tuple(step for step in STEPS if step in ("freeze_results", "count_results", "count_scores"))
"""Steps of the night that wait until the whole demo has been lived."""


def count_figures(*, now: datetime) -> None:
    """What only tells of today is taken for what it was in each month: the demo has no other history of it."""
    today = timezone.localdate(now)
    for month in months_to_freeze():
        for count in counts_ending_with(month, today):
            if count.measure is not None and count.measure.is_of_today:
                pack_evidence(count, today=today, now=now)
    run_night(today, now=now, steps=OF_FIGURES)

"""On the 1st a picture for training; every night the labels of those whose window is over (churn.md)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.queries.spans import Span
from crm.core.sweeps import sweep
from retention.actions.snapshots import label, take
from retention.sweeps.scoring import parts_to_score
from visits.sweeps.room import make_room


def parts_to_take(*, today: date, now: datetime) -> list[dict[str, Any]]:
    """Everybody on the 1st, nobody on other days."""
    return parts_to_score(today=today, now=now) if today.day == 1 else []


@sweep("take_risk_snapshots", label=_("Keep what is known of every customer"), cut=parts_to_take, whole_at_end=False)
def take_risk_snapshots(*, today: date, now: datetime, span: Mapping[str, Any] | None = None) -> int:
    """On the 1st, also when it is made up for: features know nothing later than that day. Twice is the same as once."""
    if today.day != 1:
        return 0
    make_room()
    part = Span.of(span)
    return take(today, where=part.where(customer="{id}"), params=part.params)


@sweep("label_risk_snapshots", label=_("See what came of those who were scored"))
def label_risk_snapshots(*, today: date, now: datetime) -> int:
    """Lost within the window or not; involuntary losses and those in the gap are left out."""
    make_room()
    return label(today)

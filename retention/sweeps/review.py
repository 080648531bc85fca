"""On the 1st, and when another model took over: look back at what was foretold."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.core.sweeps import sweep
from retention.actions.review import keep_review
from visits.sweeps.room import make_room

_IS_REVIEWED = """
SELECT EXISTS (SELECT 1 FROM retention_modelreview v JOIN retention_riskmodel m ON m.id = v.model_id
  WHERE m.state = 'in_force' AND v.made_on > %s)
"""


@sweep("review_risk_model", label=_("Look back at what the risk model foretold"))
def review_risk_model(*, today: date, now: datetime) -> int:
    """Back-test, calibration, drift and saved rate, kept for the model's page; never for a night made up for."""
    make_room()
    if today < timezone.localdate(now):
        return 0
    last = today - timedelta(days=1 if today.day == 1 else 32)
    with connection.cursor() as cursor:
        cursor.execute(_IS_REVIEWED, [last])
        if cursor.fetchone()[0]:
            return 0
    keep_review(now=now, today=today)
    return 1

"""Every night: who may leave, and how far the points are to be believed (RET-3)."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actions.standing import write_standings
from accounts.queries.spans import Span, by_range
from crm.core.sweeps import sweep
from retention.actions.merging import RISK_FACTS
from retention.actions.models import settle_intercept
from retention.actions.scoring import score
from retention.queries.scoring import AsOf
from visits.sweeps.room import make_room

logger = logging.getLogger(__name__)
# Scored in the moment in which he was deleted.
_STRAYS = """
DELETE FROM retention_riskscore s WHERE NOT EXISTS (SELECT 1 FROM accounts_customer c WHERE c.id = s.customer_id)
"""


def parts_to_score(*, today: date, now: datetime) -> list[dict[str, Any]]:
    """Everybody, by ranges of customers; [] while they are few."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id), max(id) FROM accounts_customer")
        return by_range(cursor.fetchone(), today)


@sweep("score_churn_risk", label=_("Score who may leave"), cut=parts_to_score, whole_at_end=False)
def score_churn_risk(*, today: date, now: datetime, span: Mapping[str, Any] | None = None) -> int:
    """RET-3: every customer's score by the model in force; what did not change is not written. A score is today's: a
    night that is made up for scores nobody. Twice is the same as once."""
    if today < timezone.localdate(now):
        return 0
    make_room()
    part = Span.of(span)
    return score(AsOf(today, now), where=part.where(customer="{id}"), params=part.params)


@sweep("settle_base_rate", label=_("Settle the points by how many customers are lost"))
def settle_base_rate(*, today: date, now: datetime) -> int:
    """churn.md, stage 0: on the 1st, and once when there are scores at all; the scores follow in the same step."""
    make_room()
    if today < timezone.localdate(now) or (today.day != 1 and _is_settled()):
        return 0
    if settle_intercept(today=today, now=now) is None:
        return 0
    return score(AsOf(today, now))


def _is_settled() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT training ? 'base_rate' OR stage <> 'expert' FROM retention_riskmodel WHERE state = 'in_force'"
        )
        row = cursor.fetchone()
        return bool(row and row[0])


@sweep("rebuild_risk_facts", label=_("Compare the lists with scores and alerts"))
def rebuild_risk_facts(*, today: date, now: datetime) -> dict[str, int]:
    """What lists show of risk and alert, compared with scores and alerts, and mended (decisions 22)."""
    make_room()
    with connection.cursor() as cursor:
        cursor.execute(_STRAYS)
    mended = write_standings(RISK_FACTS, [], columns=["risk", "alert_level"])
    if mended:
        logger.error("standings differed from scores and alerts", extra={"rows": mended})
    return {"rows": mended, "differences": mended}

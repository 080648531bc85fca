"""Score and alert of customers who became one, or apart again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from accounts.actions.standing import write_standings
from retention.actions.scoring import score
from retention.queries.scoring import AsOf

RISK_FACTS = """
SELECT s.customer_id, r.risk, coalesce(a.level, '') AS alert_level FROM accounts_standing s
LEFT JOIN retention_riskscore r ON r.customer_id = s.customer_id
LEFT JOIN retention_alert a ON a.customer_id = s.customer_id AND a.closed_at IS NULL
"""
"""What lists show of risk and alert."""


def follow_merge(*, customer_ids: Iterable[int], today: date, now: datetime, **_more: Any) -> None:
    """They are scored by what each has now; lists show the alert that is open."""
    ids = list(customer_ids)
    score(AsOf(today, now), where="{id} = ANY(%(ids)s)", params={"ids": ids})
    write_standings(f"{RISK_FACTS} WHERE s.customer_id = ANY(%s)", [ids], columns=["risk", "alert_level"])

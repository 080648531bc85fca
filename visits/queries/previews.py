"""What a handover, a cover or a new promise would move in the ledger, for the previews of accounts (settings)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import connection

from accounts.choices import Purpose
from accounts.rules import period_end, period_start


def handover_counts(*, customer_ids: Sequence[int], today: date) -> dict[str, int]:
    """ORG-29: open duties and excuses that wait, of the customers that would move."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT d.id) FILTER (WHERE d.state = 'open'), count(e.id) FROM visits_duty d"
            " LEFT JOIN visits_excuse e ON e.duty_id = d.id AND e.state = 'requested'"
            " WHERE d.customer_id = ANY(%s) AND (d.state = 'open' OR e.id IS NOT NULL)",
            [list(customer_ids)],
        )
        duties, excuses = cursor.fetchone()
    return {"open_duties": duties, "open_excuses": excuses}


def cover_counts(*, staff_id: int, starts_on: date, ends_on: date, today: date) -> dict[str, int]:
    """What falls into a cover: duties due by its last day, and those suggested for its days."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE due_on <= %s), count(*) FILTER (WHERE suggested_on BETWEEN %s AND %s)"
            " FROM visits_duty WHERE manager_id = %s AND state = 'open'",
            [ends_on, starts_on, ends_on, staff_id],
        )
        due, suggested = cursor.fetchone()
    return {"due_duties": due, "suggested_duties": suggested}


def preview_rule(
    *, tier_id: int | None, purpose: str, period: str, effective_from: date, today: date
) -> dict[str, int]:
    """CUS-3, screens 11: duties a promise adds in its first period, and customers who would be behind already.

    Behind: not contacted since the period before the running one began. Nothing is owed: nothing is added.
    """
    if not period:
        return {"added": 0, "overdue": 0}
    starts, ends = period_start(period, effective_from), period_end(period, effective_from)
    before = period_start(period, period_start(period, today) - timedelta(days=1))
    whose = "c.is_important" if purpose == Purpose.FACE_TO_FACE else "c.tier_id = %(tier)s"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE NOT EXISTS (SELECT 1 FROM visits_duty d WHERE d.customer_id = c.id"
            " AND d.purpose = %(purpose)s AND d.state <> 'void' AND d.due_on BETWEEN %(starts)s AND %(ends)s)),"
            " count(*) FILTER (WHERE coalesce(s.last_visit_on, u.live_from) < %(before)s)"
            " FROM accounts_customer c JOIN accounts_standing s ON s.customer_id = c.id"
            " JOIN accounts_unit u ON u.id = c.unit_id"
            f" WHERE c.state = 'active' AND u.live_from <= %(from)s AND {whose}",
            {
                "tier": tier_id, "purpose": purpose, "starts": starts, "ends": ends, "before": before,
                "from": effective_from,
            },
        )  # fmt: skip
        added, overdue = cursor.fetchone()
    return {"added": added, "overdue": overdue}

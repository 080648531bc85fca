"""CON-37: after every (re)assignment the new manager introduces himself: a task each, diamond within 5 working days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import connection
from django.utils import timezone

from accounts.choices import TaskKind
from accounts.queries.tiers import contact_periods
from accounts.rules import period_end
from crm.core import parameters, working_days

if TYPE_CHECKING:
    from crm.core.models import User

HANDOVER = "accounts_handover"
DIAMOND = "diamond"

_INSERT = """
INSERT INTO accounts_task (kind, customer_id, staff_id, title, reason, due_on, origin_table, origin_id, state,
    created_at, created_by_id)
SELECT %s, c.id, %s, '', '', CASE WHEN t.code = %s AND t.kind = 'vip' THEN %s ELSE coalesce(d.due_on, %s) END,
    %s, %s, 'open', %s, %s
FROM accounts_customer c LEFT JOIN accounts_tier t ON t.id = c.tier_id
LEFT JOIN unnest(%s::bigint[], %s::date[]) AS d(tier_id, due_on) ON d.tier_id = c.tier_id
WHERE c.id = ANY(%s) AND c.state = 'active'
"""


def introduce(
    customer_ids: Sequence[int],
    *,
    staff_id: int,
    handover_id: int | None,
    by: User | None,
    now: datetime,
) -> None:
    """Make the introduction tasks of active customers."""
    today = timezone.localdate(now)
    soon = introduction_day(today)
    ends = {tier_id: period_end(period, today) for tier_id, period in contact_periods(today).items()}
    ids, by_id = list(customer_ids), by.pk if by is not None else None
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            [
                TaskKind.INTRODUCTION, staff_id, DIAMOND, soon, soon, HANDOVER if handover_id else "", handover_id,
                now, by_id, list(ends), list(ends.values()), ids,
            ],
        )  # fmt: skip


def drop_introductions(customer_ids: Sequence[int], *, by: User | None, now: datetime) -> None:
    """Whoever loses a customer need not introduce himself any more."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE accounts_task SET state = 'cancelled', closed_at = %s, closed_by_id = %s"
            " WHERE customer_id = ANY(%s) AND kind = %s AND state = 'open'",
            [now, by.pk if by is not None else None, list(customer_ids), TaskKind.INTRODUCTION],
        )


def introduction_day(today: date) -> date:
    """The day by which a diamond customer knows his new manager: five working days on."""
    return working_days.calendar().add(today, int(parameters.value("introduction_days", today)))

"""Every minute the clocks of the desk, every night what lists read of them (CMP-2)."""

from __future__ import annotations

import logging
from datetime import date, datetime

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.actions.standing import write_standings
from complaints.actions.cases import resume_case
from complaints.actions.late_clocks import mark_late, tell_appointments, warn
from complaints.actions.recount import recompute_clocks, refresh_cases
from complaints.actions.standing import COUNTED_KINDS
from complaints.choices import OPEN_STATES, PAUSE_STATES
from complaints.queries.clockwork import FACTS_OF_CASES
from crm.core.sweeps import sweep

logger = logging.getLogger(__name__)
MOST_APPOINTMENTS = 500
OPEN = [state.value for state in OPEN_STATES]

_COME = """
SELECT c.id FROM complaints_casepause p JOIN complaints_case c ON c.id = p.case_id
WHERE p.ended_at IS NULL AND p.until_at <= %s AND c.state = ANY(%s)
ORDER BY p.until_at LIMIT %s FOR NO KEY UPDATE OF c SKIP LOCKED
"""


@sweep("case_clocks", label=_("Warn of deadlines at the desk, and report what is late"))
def case_clocks(*, today: date, now: datetime) -> int:
    """CMP-2: agreed times that have come, then what is late, then what soon will be. Twice is the same as once."""
    return end_appointments(now) + mark_late(now) + warn(now)


def end_appointments(now: datetime) -> int:
    """An agreed time ends the pause by itself: the case is in hand again and its clocks run."""
    with connection.cursor() as cursor:
        cursor.execute(_COME, [now, [state.value for state in PAUSE_STATES], MOST_APPOINTMENTS])
        come = [row[0] for row in cursor.fetchall()]
    for case_id in come:
        resume_case(case_id=case_id, by=None, now=now)
    tell_appointments(come, now)
    return len(come)


# Of every open case, and of those that are not open and still say when they are due.
_DIFFERENT = f"""
SELECT c.id FROM complaints_case c
JOIN ({FACTS_OF_CASES} WHERE k.state = ANY(%s) OR k.next_due_at IS NOT NULL GROUP BY k.id) x ON x.id = c.id
WHERE (c.next_due_at, c.is_breached) IS DISTINCT FROM (x.due, x.breached)
"""
_LOCK = "SELECT id FROM complaints_case WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED"
_COMPLAINTS = """
SELECT s.customer_id, coalesce(k.n, 0)::smallint AS open_complaints FROM accounts_standing s LEFT JOIN (
  SELECT customer_id, count(*) AS n FROM complaints_case WHERE kind = ANY(%s) AND state = ANY(%s) GROUP BY customer_id
) k ON k.customer_id = s.customer_id WHERE s.open_complaints <> coalesce(k.n, 0)
"""


@sweep("rebuild_case_facts", label=_("Compare the board with the clocks"))
def rebuild_case_facts(*, today: date, now: datetime) -> dict[str, int]:
    """Set every clock by the tables of now (the calendar may have changed); then compare every open case with its
    clocks, every customer with his open complaints, and mend what differs."""
    moved = recompute_clocks(now)
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENT, [OPEN])
        different = [row[0] for row in cursor.fetchall()]
        # A case that somebody has in hand is left to him.
        cursor.execute(_LOCK, [different])
        mended = refresh_cases({row[0] for row in cursor.fetchall()})
    mended += write_standings(_COMPLAINTS, [list(COUNTED_KINDS), OPEN], columns=["open_complaints"])
    if mended:
        logger.error("the board differed from the clocks", extra={"rows": mended, "first": different[:5]})
    return {"rows": mended + moved.clocks, "differences": mended, "moved": moved.clocks}

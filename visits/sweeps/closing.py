"""Close finished periods and flag what is overdue (CON-1, CON-2, CON-4, PLT-3; decisions 1 and 6)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.actions.standing import write_standings
from crm.core.sweeps import sweep
from visits.actions.ledger.facts import soon_from, write_facts
from visits.actions.ledger.settling import LONGEST_HOLDER
from visits.sweeps.room import make_room

LONGEST_WINDOW = timedelta(days=366)

# Whoever got his next duty in the same night is flagged there; the others (tier changed, face to face) are looked at.
_CLOSE = """
WITH closed AS (
  UPDATE visits_duty SET state = 'provisional', closed_at = %(now)s
  WHERE state = 'open' AND due_on < %(today)s RETURNING customer_id, purpose, owed_from
)
SELECT count(*), min(k.owed_from), array_agg(DISTINCT k.customer_id) FILTER (WHERE k.purpose <> 'contact'
  OR NOT (s.is_overdue AND s.duty_state = 'overdue' AND s.next_due_on >= %(today)s))
FROM closed k JOIN accounts_standing s ON s.customer_id = k.customer_id
"""

# Only where the manager changed within the window can somebody else than the present one have held him longest.
CREDIT = f"""
WITH changed AS MATERIALIZED (
  SELECT DISTINCT a.customer_id FROM accounts_assignment a
  WHERE a.valid_from > %(since)s OR coalesce(a.valid_to, '-infinity') > %(since)s
), x AS (
  SELECT d.id, {LONGEST_HOLDER} AS manager_id FROM visits_duty d JOIN changed m ON m.customer_id = d.customer_id
  WHERE d.state = 'provisional' AND d.frozen_at IS NULL AND d.due_on BETWEEN %(first)s AND %(last)s
)
UPDATE visits_duty d SET manager_id = x.manager_id FROM x
WHERE d.id = x.id AND d.manager_id IS DISTINCT FROM x.manager_id
"""

_SOON = """
SELECT customer_id, 'due_soon' AS duty_state FROM accounts_standing
WHERE next_due_on BETWEEN %s AND %s AND duty_state = 'open'
"""
_OVERDUE = """
SELECT customer_id, 'overdue' AS duty_state, true AS is_overdue FROM accounts_standing
WHERE next_due_on < %s AND duty_state IN ('open', 'due_soon')
"""


@sweep("close_periods", label=_("Close finished periods"))
def close_periods(*, today: date, now: datetime) -> dict[str, int]:
    """An open row whose period has ended is a miss, provisional until the freeze: it can still be back-dated."""
    make_room()
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, {"today": today, "now": now})
        closed, since, care = cursor.fetchone()
    credited = credit_misses(since, since, today - timedelta(days=1)) if closed else 0
    write_facts(care or [], today=today)
    return {"rows": closed, "credited": credited, "looked_at": len(care or [])}


def credit_misses(since: date, first: date, last: date) -> int:
    """Decisions 6: rows due from first to last whose manager changed since the earliest window began."""
    with connection.cursor() as cursor:
        cursor.execute(CREDIT, {"since": since, "first": first, "last": last})
        return int(cursor.rowcount)


@sweep("flag_overdue_contacts", label=_("Flag what is at risk or overdue"))
def flag_overdue_contacts(*, today: date, now: datetime) -> dict[str, int]:
    """CON-1: at risk from seven days before the due day; overdue is a comparison, never an event a night could lose."""
    make_room()
    soon = write_standings(_SOON, [today, soon_from(today)], columns=["duty_state"])
    overdue = write_standings(_OVERDUE, [today], columns=["duty_state", "is_overdue"])
    return {"rows": soon + overdue, "at_risk": soon, "overdue": overdue}

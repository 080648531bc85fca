"""Close finished periods and flag what is overdue (CON-1, CON-2, CON-4, PLT-3; decisions 1 and 6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils.translation import gettext_lazy as _

from accounts.actions.standing import write_standings
from accounts.queries.spans import SPAN, Span, by_manager
from crm.core.sweeps import sweep
from visits.actions.ledger.facts import soon_from, write_facts
from visits.actions.ledger.settling import LONGEST_HOLDER
from visits.sweeps.room import make_room

LONGEST_WINDOW = timedelta(days=366)

# Whoever got his next duty in the same night is flagged there; the others (tier changed, face to face) are looked at.
_CLOSE = f"""
WITH closed AS (
  UPDATE visits_duty SET state = 'provisional', closed_at = %(now)s
  WHERE state = 'open' AND due_on < %(today)s AND {SPAN} RETURNING customer_id, purpose, owed_from
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
  WHERE d.state = 'provisional' AND d.frozen_at IS NULL AND d.due_on BETWEEN %(first)s AND %(last)s AND {SPAN}
)
UPDATE visits_duty d SET manager_id = x.manager_id FROM x
WHERE d.id = x.id AND d.manager_id IS DISTINCT FROM x.manager_id
"""

_SOON = f"""
SELECT s.customer_id, 'due_soon' AS duty_state FROM accounts_standing s
WHERE s.next_due_on BETWEEN %(today)s AND %(soon)s AND s.duty_state = 'open' AND {SPAN}
"""
_OVERDUE = f"""
SELECT s.customer_id, 'overdue' AS duty_state, true AS is_overdue FROM accounts_standing s
WHERE s.next_due_on < %(today)s AND s.duty_state IN ('open', 'due_soon') AND {SPAN}
"""
_TO_CLOSE = "SELECT manager_id, count(*) FROM visits_duty WHERE state = 'open' AND due_on < %s GROUP BY 1"
_TO_FLAG = (
    "SELECT manager_id, count(*) FROM accounts_standing WHERE next_due_on <= %(soon)s AND (duty_state = 'open'"
    " OR duty_state = 'due_soon' AND next_due_on < %(today)s) GROUP BY 1"
)


def parts_to_close(*, today: date, now: datetime) -> list[dict[str, Any]]:
    """How many duties of each manager have ended."""
    with connection.cursor() as cursor:
        cursor.execute(_TO_CLOSE, [today])
        return by_manager(cursor.fetchall(), today)


@sweep("close_periods", label=_("Close finished periods"), cut=parts_to_close)
def close_periods(*, today: date, now: datetime, span: Mapping[str, Any] | None = None) -> dict[str, int]:
    """An open row whose period has ended is a miss, provisional until the freeze: it can still be back-dated."""
    make_room()
    part = Span.of(span)
    statement = _CLOSE.replace(SPAN, part.where(manager="manager_id", customer="customer_id"))
    with connection.cursor() as cursor:
        cursor.execute(statement, {"today": today, "now": now} | part.params)
        closed, since, care = cursor.fetchone()
    credited = credit_misses(since, since, today - timedelta(days=1), part=part) if closed else 0
    write_facts(care or [], today=today)
    return {"rows": closed, "credited": credited, "looked_at": len(care or [])}


def credit_misses(since: date, first: date, last: date, *, part: Span) -> int:
    """Decisions 6: rows due from first to last whose manager changed since the earliest window began."""
    statement = CREDIT.replace(SPAN, part.where(manager="d.manager_id", customer="d.customer_id"))
    with connection.cursor() as cursor:
        cursor.execute(statement, {"since": since, "first": first, "last": last} | part.params)
        return int(cursor.rowcount)


def parts_to_flag(*, today: date, now: datetime) -> list[dict[str, Any]]:
    """How many customers of each manager come near their due day, or are past it."""
    with connection.cursor() as cursor:
        cursor.execute(_TO_FLAG, {"today": today, "soon": soon_from(today)})
        return by_manager(cursor.fetchall(), today)


@sweep("flag_overdue_contacts", label=_("Flag what is at risk or overdue"), cut=parts_to_flag)
def flag_overdue_contacts(*, today: date, now: datetime, span: Mapping[str, Any] | None = None) -> dict[str, int]:
    """CON-1: at risk from seven days before the due day; overdue is a comparison, never an event a night could lose."""
    make_room()
    part = Span.of(span)
    mine = part.where(manager="s.manager_id", customer="s.customer_id")
    params = {"today": today, "soon": soon_from(today)} | part.params
    soon = write_standings(_SOON.replace(SPAN, mine), params, columns=["duty_state"])
    overdue = write_standings(_OVERDUE.replace(SPAN, mine), params, columns=["duty_state", "is_overdue"])
    return {"rows": soon + overdue, "at_risk": soon, "overdue": overdue}

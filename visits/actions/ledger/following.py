"""What the ledger does when accounts changes something (decisions 19): named in settings, same transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db import connection

from accounts.choices import Purpose
from accounts.models import Customer
from visits.actions.ledger.facts import write_facts
from visits.actions.ledger.owing import align
from visits.actions.ledger.placing import place
from visits.actions.ledger.settling import recompute, restate

if TYPE_CHECKING:
    from crm.core.models import User

# Open duties go along with their due day; the first contact of each customer is the introduction (CON-37).
_MOVE = """
UPDATE visits_duty d SET manager_id = c.manager_id, unit_id = c.unit_id, is_introduction = f.is_first
FROM accounts_customer c, (
  SELECT o.id, %(introducing)s AND o.purpose = %(contact)s AND row_number()
    OVER (PARTITION BY o.customer_id, o.purpose ORDER BY o.due_on, o.id) = 1 AS is_first
  FROM visits_duty o WHERE o.customer_id = ANY(%(ids)s) AND o.state = 'open'
) f
WHERE d.id = f.id AND c.id = d.customer_id
  AND (d.manager_id, d.unit_id, d.is_introduction) IS DISTINCT FROM (c.manager_id, c.unit_id, f.is_first)
"""


def follow_assignment(
    *,
    customer_ids: Iterable[int],
    to_staff_id: int | None = None,
    today: date,
    now: datetime,
    handover_id: int | None = None,
    by: User | None = None,
) -> None:
    """ORG-29, CON-37: open duties go to the new manager and keep their due day; the first one is the introduction.

    A miss counts for who held the customer longest in the window (decisions 6), so ended rows are looked at again.
    """
    _move(list(customer_ids), introducing=to_staff_id is not None, today=today, now=now)


def follow_handover_undo(
    *,
    customer_ids: Iterable[int],
    today: date,
    now: datetime,
    to_staff_id: int | None = None,
    handover_id: int | None = None,
    by: User | None = None,
) -> None:
    """An undone handover takes its duties back and leaves no introduction behind."""
    _move(list(customer_ids), introducing=False, today=today, now=now)


def _move(ids: list[int], *, introducing: bool, today: date, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, {"ids": ids, "introducing": introducing, "contact": Purpose.CONTACT.value})
    restate(ids, today=today, now=now)
    write_facts(ids, today=today)


def follow_tier_change(*, customer_ids: Iterable[int], today: date, now: datetime, **_more: Any) -> None:
    """Decisions 5: the open duty takes the stricter of the two windows; the new rule starts with its next period.

    Also when a customer is marked important (CON-4), or gets his first tier (D6).
    """
    align(customer_ids, today=today, now=now)


def follow_state_change(*, customer_ids: Iterable[int], today: date, now: datetime, **_more: Any) -> None:
    """CUS-31: only active customers are owed contact; whoever is no longer active drops from the due list."""
    align(customer_ids, today=today, now=now, from_today=True)


def follow_unit_change(*, unit_id: int, today: date, now: datetime, **_more: Any) -> None:
    """Design 4: a unit's ledger starts at its go-live date, also when the date is set or moved."""
    concerned = Customer.unscoped.filter(unit_id=unit_id, tier__isnull=False).order_by("pk")
    align(list(concerned.values_list("pk", flat=True)), today=today, now=now)


def follow_merge(*, customer_ids: Iterable[int], today: date, now: datetime, **_more: Any) -> None:
    """Two customers became one, or apart again: what is owed and what settled it follows from the visits each has."""
    ids = list(customer_ids)
    align(ids, today=today, now=now)
    recompute(ids, today=today, now=now)


def follow_absence(*, staff_ids: Iterable[int], today: date, now: datetime, **_more: Any) -> None:
    """Design 4: a leave moves the suggestions off its days at once."""
    place(today=today, manager_ids=staff_ids)

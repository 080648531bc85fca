"""Who answers for a case (ORG-18), who is told, and to whom it may be given."""

from __future__ import annotations

from datetime import date

from django.db import connection

from accounts.choices import Role
from accounts.queries import names
from accounts.queries.names import StaffCard
from accounts.queries.portfolio import covered_today
from complaints.rules.cases import HANDLER_KINDS

_HANDLER = """
SELECT s.id FROM accounts_unit u JOIN accounts_staff s ON s.id = u.complaint_handler_id AND s.is_active
WHERE u.id = ANY(%s) ORDER BY length(u.path) DESC LIMIT 1
"""
_HEAD = """
SELECT s.id FROM accounts_unit u JOIN accounts_staff s ON s.id = u.head_id AND s.is_active
WHERE u.id = ANY(%s) ORDER BY length(u.path) DESC LIMIT 1
"""
_SUPERVISORS = """
SELECT DISTINCT s.user_id, length(u.path) FROM accounts_post p
JOIN accounts_staff s ON s.id = p.staff_id AND s.is_active JOIN accounts_unit u ON u.id = p.unit_id
WHERE p.unit_id = ANY(%s) AND p.role = %s
  AND (p.starts_on IS NULL OR p.starts_on <= %s) AND (p.ends_on IS NULL OR p.ends_on >= %s)
ORDER BY 2 DESC
"""


def _one(sql: str, units: tuple[int, ...]) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(units)])
        row = cursor.fetchone()
        return int(row[0]) if row else None


def handler_of(unit_id: int) -> int | None:
    """ORG-18: the handler named on the unit, else on the nearest unit above it, else the unit's head."""
    units = names.units_above(unit_id)
    return _one(_HANDLER, units) or _one(_HEAD, units)


def owner_for(kind: str, *, unit_id: int, manager_id: int | None) -> int | None:
    """Who answers for a new case: the handler for complaints and quality, the customer's manager for the rest."""
    if kind in HANDLER_KINDS:
        return handler_of(unit_id)
    card = names.staff_card(manager_id)
    return manager_id if card is not None and card.is_active else handler_of(unit_id)


def supervisors_of(unit_id: int, today: date) -> tuple[int, ...]:
    """Users who supervise a unit today; those of the nearest unit above it that has any."""
    with connection.cursor() as cursor:
        cursor.execute(_SUPERVISORS, [list(names.units_above(unit_id)), Role.SUPERVISOR.value, today, today])
        rows = cursor.fetchall()
    return tuple(user_id for user_id, depth in rows if depth == rows[0][1])


def told_of(owner_id: int | None, unit_id: int, today: date) -> tuple[int, ...]:
    """Users who learn of a case: its owner and who covers him; nobody answers for it → the unit's supervisors."""
    if owner_id is None:
        return supervisors_of(unit_id, today)
    people = (owner_id, *covered_today([owner_id], today).values())
    return tuple(card.user_id for card in map(names.staff_card, people) if card is not None)


_TAKERS = """
SELECT DISTINCT s.id FROM accounts_post p JOIN accounts_staff s ON s.id = p.staff_id AND s.is_active
WHERE ((p.role = ANY(%s) AND p.unit_id = ANY(%s)) OR s.id = %s)
  AND (p.starts_on IS NULL OR p.starts_on <= %s) AND (p.ends_on IS NULL OR p.ends_on >= %s)
"""
TAKING_ROLES = (Role.COMPLAINT_HANDLER.value, Role.SUPERVISOR.value)


def takers_of(unit_id: int, manager_id: int | None, today: date) -> list[StaffCard]:
    """To whom a case may be given: the customer's manager, handlers and supervisors of his unit and of those above.

    They all see the case; nobody else would.
    """
    with connection.cursor() as cursor:
        cursor.execute(_TAKERS, [list(TAKING_ROLES), list(names.units_above(unit_id)), manager_id, today, today])
        cards = [names.staff_card(row[0]) for row in cursor.fetchall()]
    return sorted((card for card in cards if card is not None), key=lambda card: (card.unit_id, card.number))

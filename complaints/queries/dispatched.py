"""What was sent across and reported up from a case (CMP-24)."""

from __future__ import annotations

from django.db import connection

from accounts.queries.dispatches import DispatchRow, StepRow, dispatches_from, own_units, steps_from
from crm.core.abilities import Access

ORIGIN = "complaints_case"


def dispatches_of(access: Access, case_id: int) -> tuple[DispatchRow, ...]:
    """The dispatches of a case that was reached, newest first."""
    return tuple(dispatches_from(access, ORIGIN, case_id))


def escalations_of(case_id: int) -> tuple[StepRow, ...]:
    """The levels of the escalations of a case that was reached, newest escalation first, in order of level."""
    return tuple(steps_from(ORIGIN, case_id))


def has_orders_sent(access: Access, case_id: int) -> bool:
    """Whether the case was sent to a unit for which somebody answers: he may finish its order steps (SAL-41)."""
    units = own_units(access)
    if not units:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM accounts_dispatch WHERE origin_table = %s AND origin_id = %s"
            " AND to_unit_id = ANY(%s) AND state <> 'withdrawn')",
            [ORIGIN, case_id, list(units)],
        )
        return bool(cursor.fetchone()[0])

"""Across, then up: a case sent to another unit, reported up, and what comes back into its conversation (CMP-24)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import connection

from accounts.actions.dispatches import send_dispatch
from accounts.actions.escalations import escalate
from accounts.choices import DispatchState
from accounts.models import Dispatch, Escalation
from complaints.actions.orders import put_step
from complaints.actions.reach import acted, note_change, save, the_case
from complaints.choices import CaseKind, CaseState
from complaints.models import Case, OrderStep
from complaints.queries.dispatched import ORIGIN as TABLE
from complaints.queries.people import handler_of
from complaints.rules.cases import OPEN
from crm.core.db import write

if TYPE_CHECKING:
    from crm.core.models import User


def send_case(
    *,
    case_id: int,
    to_unit_id: int,
    text: str,
    reply_due_at: datetime | None = None,
    version: int | None = None,
    by: User,
    now: datetime,
) -> Dispatch:
    """派单: ask another unit, which replies by a moment; urging and replying are those of every dispatch."""
    with write(by=by):
        case = the_case(by, case_id, "dispatch", version=version)
        row = send_dispatch(
            customer_id=case.customer_id, to_unit_id=to_unit_id, text=text, origin_table=TABLE, origin_id=case.pk,
            reply_due_at=reply_due_at, by=by, now=now,
        )  # fmt: skip
        note_change(case, "dispatched", by=by, now=now, text=row.text, unit=to_unit_id)
        save(case, *acted(case, now))
    return row


def report_case_up(
    *, case_id: int, reason: str, version: int | None = None, by: User, now: datetime
) -> Escalation | None:
    """上报: what cannot be solved here goes up level by level, with a reason."""
    with write(by=by):
        case = the_case(by, case_id, "escalate", version=version)
        row = escalate(
            customer_id=case.customer_id, origin_table=TABLE, origin_id=case.pk,
            subject=f"{case.number} {case.customer.name}"[:200], reason=reason, by=by, now=now,
        )  # fmt: skip
        note_change(case, "escalated", by=by, now=now, text=row.reason if row else reason)
        save(case, *acted(case, now))
    return row


def follow_reply(*, dispatch: Dispatch, by: User, now: datetime) -> None:
    """A unit replied (settings.DISPATCH_FOLLOWERS): the case gets a line; a hall that solved an order has done it."""
    if dispatch.origin_table != TABLE:
        return
    with write(by=by):
        case = (
            Case.unscoped.select_related("customer", "order_type")
            .select_for_update(of=("self",), no_key=True)
            .get(pk=dispatch.origin_id)
        )
        case.version += 1
        solved = dispatch.state == DispatchState.REPLIED
        note_change(
            case, "dispatch_replied" if solved else "dispatch_unsolved", by=by, now=now, text=dispatch.reply,
            unit=dispatch.to_unit_id,
        )  # fmt: skip
        save(case)
        if solved and case.kind == CaseKind.HANDLING and case.state == CaseState.HANDLING and case.order_type:
            first = OrderStep.unscoped.filter(case=case).count()
            for position in range(first, len(case.order_type.steps)):
                put_step(case, position, by=by, now=now)


_MOVED = """
UPDATE complaints_case c SET owner_id = %(to)s, version = c.version + 1 FROM (
  SELECT k.id FROM complaints_case k WHERE k.customer_id = ANY(%(customers)s) AND k.state = ANY(%(open)s)
    AND k.kind NOT IN ('complaint', 'quality')
    AND k.owner_id IS DISTINCT FROM %(to)s AND (k.owner_id IS NULL OR k.owner_id = k.manager_id
      OR EXISTS (SELECT 1 FROM accounts_assignment a WHERE a.customer_id = k.customer_id AND a.staff_id = k.owner_id))
  ORDER BY k.id FOR NO KEY UPDATE) m
WHERE c.id = m.id RETURNING c.id, c.round, c.version
"""
_LINES = """
INSERT INTO complaints_caseentry (case_id, round, kind, text, code, params, method, phrases, at, by_id)
SELECT u.id, u.round, 'change', '', 'moved', jsonb_build_object('v', u.version, 'staff', %s::bigint), '', '{}', %s, %s
FROM unnest(%s::bigint[], %s::int[], %s::int[]) AS u(id, round, version)
"""


def follow_assignment(
    *,
    customer_ids: Sequence[int],
    to_staff_id: int | None,
    handover_id: int | None,
    today: date,
    now: datetime,
    by: User | None,
) -> None:
    """Customers changed hands: what their manager answered for goes along; credit for the past stays (design 4)."""
    if to_staff_id is None:
        _to_handlers(customer_ids, by=by, now=now)
        return
    _move(list(customer_ids), to_staff_id, by=by, now=now)


def _to_handlers(customer_ids: Sequence[int], *, by: User | None, now: datetime) -> None:
    """Nobody looks after them any more: the handler of each unit answers."""
    rows = Case.unscoped.filter(customer_id__in=list(customer_ids), state__in=OPEN).values_list(
        "customer__unit_id", "customer_id"
    )
    by_unit: dict[int, list[int]] = {}
    for unit_id, customer_id in rows:
        by_unit.setdefault(unit_id, []).append(customer_id)
    for unit_id, ids in by_unit.items():
        _move(ids, handler_of(unit_id), by=by, now=now)


def _move(customer_ids: list[int], to_staff_id: int | None, *, by: User | None, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_MOVED, {"to": to_staff_id, "customers": customer_ids, "open": list(OPEN)})
        moved = cursor.fetchall()
        if moved:
            ids, rounds, versions = (list(column) for column in zip(*moved, strict=True))
            cursor.execute(_LINES, [to_staff_id, now, by.pk if by else None, ids, rounds, versions])

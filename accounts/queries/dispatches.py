"""Dispatches and escalations: who answers, what waits for me, what became of mine (RET-13, CMP-24)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import connection

from accounts.choices import DispatchState, EscalationState, Role, StepState, UnitType
from accounts.queries import names
from accounts.rules.ladder import Rung, ladder
from crm.core.abilities import Access
from crm.core.pages import Keyset

ANSWERS = "answer_dispatches"
ORDER = Keyset(order=("d.reply_due_at", "d.id"), limit=50, types=(datetime, int))
CLOSED_ORDER = Keyset(order=("-d.sent_at", "-d.id"), limit=50, types=(datetime, int))
ANSWERING = (
    Role.SUPERVISOR, Role.COMPLAINT_HANDLER, Role.REGIONAL_MARKET_MANAGER, Role.GROUP_DEPARTMENT,
    Role.BUSINESS_SUPPORT, Role.SERVICE_CENTRE, Role.SERVICE_DIRECTOR, Role.BACK_OFFICE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class DispatchRow:
    """A dispatch on a list or on its page."""

    id: int
    customer_id: int
    customer_name: str
    text: str
    from_unit_id: int
    to_unit_id: int
    reply_due_at: datetime
    state: str
    sent_by_id: int
    sent_by: str
    sent_at: datetime
    reply: str
    replied_by: str | None
    replied_at: datetime | None
    urge_count: int
    urged_at: datetime | None
    origin_table: str
    origin_id: int
    is_customer_visible: bool

    @property
    def state_label(self) -> str:
        """The state in words."""
        return str(DispatchState(self.state).label)

    @property
    def from_unit(self) -> str:
        """Who sent it."""
        return names.unit_name(self.from_unit_id)

    @property
    def to_unit(self) -> str:
        """Who replies."""
        return names.unit_name(self.to_unit_id)


@dataclass(frozen=True, slots=True)
class DispatchPage:
    """One page of a list."""

    rows: Sequence[DispatchRow]
    next_cursor: str | None


def own_units(access: Access) -> tuple[int, ...]:
    """The units whose dispatches somebody answers: his home unit, and those he leads."""
    if not access.can(ANSWERS):
        return ()
    card = names.staff_card(access.staff_id)
    home = (card.unit_id,) if card else ()
    return tuple(sorted({*home, *access.scope_for(ANSWERS).unit_ids}))


_DISPATCHES = """
SELECT d.id, d.customer_id, c.name, d.text, d.from_unit_id, d.to_unit_id, d.reply_due_at, d.state, d.sent_by_id,
    s.name, d.sent_at, d.reply, r.name, d.replied_at, d.urge_count, d.urged_at, d.origin_table, d.origin_id, {visible}
FROM accounts_dispatch d JOIN accounts_customer c ON c.id = d.customer_id
JOIN core_user s ON s.id = d.sent_by_id LEFT JOIN core_user r ON r.id = d.replied_by_id
WHERE {where}
"""


def received_dispatches(
    access: Access, *, is_open: bool = True, cursor: str | None = None, limit: int = 50
) -> DispatchPage:
    """What other units sent here: open ones by deadline, answered ones newest first."""
    return _page(access, "d.to_unit_id = ANY(%s)", [list(own_units(access))], is_open, cursor, limit)


def sent_dispatches(
    access: Access, *, is_open: bool = True, cursor: str | None = None, limit: int = 50
) -> DispatchPage:
    """What was sent about customers in view."""
    where, params = access.scope.sql("c")
    return _page(access, where, params, is_open, cursor, limit)


def _page(
    access: Access, where: str, params: Sequence[Any], is_open: bool, cursor: str | None, limit: int
) -> DispatchPage:
    keyset = replace(ORDER if is_open else CLOSED_ORDER, limit=limit)
    after, place = keyset.where(cursor)
    state = "d.state = 'sent'" if is_open else "d.state <> 'sent'"
    rows = _rows(access, f"{where} AND {state} AND {after} ORDER BY {keyset.order_sql} LIMIT %s",
                 [*params, *place, limit + 1])  # fmt: skip
    shown, next_cursor = keyset.page(
        rows, (lambda row: (row.reply_due_at, row.id)) if is_open else (lambda row: (row.sent_at, row.id))
    )
    return DispatchPage(shown, next_cursor)


def _rows(access: Access, where: str, params: Sequence[Any]) -> list[DispatchRow]:
    visible, visible_params = access.scope.sql("c")
    with connection.cursor() as cursor:
        cursor.execute(_DISPATCHES.format(visible=visible, where=where), [*visible_params, *params])
        return [DispatchRow(*row) for row in cursor.fetchall()]


def dispatch_for(access: Access, dispatch_id: int) -> DispatchRow | None:
    """A dispatch that somebody sent, may answer or sees through its customer; None for anybody else."""
    rows = _rows(access, "d.id = %s", [dispatch_id])
    if not rows:
        return None
    row = rows[0]
    concerned = row.is_customer_visible or row.to_unit_id in own_units(access) or row.sent_by_id == access.user_id
    return row if concerned else None


def dispatches_from(access: Access, origin_table: str, origin_id: int) -> list[DispatchRow]:
    """What was sent from one row that the caller has reached, newest first."""
    return _rows(
        access, "d.origin_table = %s AND d.origin_id = %s ORDER BY d.id DESC LIMIT 50", [origin_table, origin_id]
    )


_ANSWERERS = """
SELECT DISTINCT s.user_id FROM accounts_unit u JOIN accounts_staff s ON s.is_active AND (
    s.id IN (u.head_id, u.complaint_handler_id) OR (u.head_id IS NULL AND u.complaint_handler_id IS NULL
    AND s.unit_id = u.id AND EXISTS (SELECT 1 FROM accounts_post p WHERE p.staff_id = s.id AND p.role = ANY(%s)
        AND (p.starts_on IS NULL OR p.starts_on <= %s) AND (p.ends_on IS NULL OR p.ends_on >= %s))))
WHERE u.id = %s
"""


def answerers_of(unit_id: int, today: date) -> tuple[int, ...]:
    """Users told of a dispatch to a unit: its head and its handler; without them everybody there who answers."""
    with connection.cursor() as cursor:
        cursor.execute(_ANSWERERS, [[role.value for role in ANSWERING], today, today, unit_id])
        return tuple(row[0] for row in cursor.fetchall())


_UNITS = """
SELECT u.id, u.name, u.type FROM accounts_unit u WHERE u.is_active AND u.type <> ALL(%s) ORDER BY u.path
"""


def units_to_ask() -> list[tuple[int, str]]:
    """The units a matter can be sent to, in the order of the tree."""
    with connection.cursor() as cursor:
        cursor.execute(_UNITS, [[UnitType.PARTNER.value]])
        return [(row[0], row[1]) for row in cursor.fetchall()]


# --- Escalations

_RUNGS = """m.supervisor_id,
    (SELECT b.head_id FROM accounts_unit b WHERE u.path LIKE b.path || '%%' AND b.type = 'branch' AND b.is_active
     ORDER BY length(b.path) DESC LIMIT 1),
    (SELECT g.head_id FROM accounts_unit g WHERE g.type = 'gcd' AND g.is_active
     ORDER BY (split_part(g.path, '/', 2) = split_part(u.path, '/', 2)) DESC, g.id LIMIT 1)"""
_LADDER = f"""
SELECT {_RUNGS}
FROM accounts_customer c JOIN accounts_unit u ON u.id = c.unit_id
LEFT JOIN accounts_staff m ON m.id = COALESCE(c.manager_id, %s)
WHERE c.id = %s
"""
_LATE = f"""
SELECT d.id FROM accounts_dispatch d JOIN accounts_customer c ON c.id = d.customer_id
JOIN accounts_unit u ON u.id = c.unit_id LEFT JOIN accounts_staff m ON m.id = c.manager_id
WHERE d.state = 'sent' AND d.reply_due_at <= %s
    AND NOT EXISTS (SELECT FROM accounts_escalation e WHERE e.origin_table = 'accounts_dispatch' AND e.origin_id = d.id)
    AND COALESCE({_RUNGS}) IS {{taken}} AND {{more}}
ORDER BY d.reply_due_at, d.id LIMIT %s
"""
_UNTOLD = """NOT EXISTS (SELECT FROM core_notice n WHERE n.kind = 'dispatch_stuck'
    AND n.subject_table = 'accounts_dispatch' AND n.subject_id = d.id)"""


def late_to_report(now: datetime, limit: int) -> list[int]:
    """Dispatches past their deadline that were not reported up yet and somebody above can take, the oldest first."""
    return _late(_LATE.format(taken="NOT NULL", more="TRUE"), now, limit)


def late_without_level(now: datetime, limit: int) -> list[int]:
    """Those past their deadline with nobody above, of which nobody was told yet."""
    return _late(_LATE.format(taken="NULL", more=_UNTOLD), now, limit)


def _late(sql: str, now: datetime, limit: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [now, limit])
        return [row[0] for row in cursor.fetchall()]


def ladder_of(customer_id: int, *, starter_staff_id: int | None) -> tuple[Rung, ...]:
    """The levels above a customer's manager (without one: above whoever reports), decisions 23."""
    with connection.cursor() as cursor:
        cursor.execute(_LADDER, [starter_staff_id, customer_id])
        row = cursor.fetchone()
    return ladder(*row) if row else ()


@dataclass(frozen=True, slots=True)
class StepRow:
    """One level of an escalation."""

    id: int
    escalation_id: int
    level: int
    staff_id: int
    reached_at: datetime
    due_at: datetime
    state: str
    accepted_at: datetime | None
    comment: str
    answered_by: str | None
    answered_at: datetime | None
    subject: str
    reason: str
    customer_id: int
    customer_name: str
    escalation_state: str
    started_by: str | None
    started_at: datetime
    origin_table: str
    origin_id: int

    @property
    def state_label(self) -> str:
        """The state of the level in words."""
        return str(StepState(self.state).label)

    @property
    def owner(self) -> str:
        """Whose level it is."""
        return names.staff_name(self.staff_id)

    @property
    def is_waiting(self) -> bool:
        """Whether somebody must still act here."""
        return self.state in (StepState.WAITING, StepState.ACCEPTED) and self.escalation_state == EscalationState.OPEN


_STEPS = """
SELECT p.id, p.escalation_id, p.level, p.staff_id, p.reached_at, p.due_at, p.state, p.accepted_at, p.comment, a.name,
    p.answered_at, e.subject, e.reason, e.customer_id, c.name, e.state, s.name, e.started_at,
    e.origin_table, e.origin_id
FROM accounts_escalationstep p JOIN accounts_escalation e ON e.id = p.escalation_id
JOIN accounts_customer c ON c.id = e.customer_id
LEFT JOIN core_user a ON a.id = p.answered_by_id LEFT JOIN core_user s ON s.id = e.started_by_id
WHERE {where}
"""


def _steps(where: str, params: Sequence[Any]) -> list[StepRow]:
    with connection.cursor() as cursor:
        cursor.execute(_STEPS.format(where=where), list(params))
        return [StepRow(*row) for row in cursor.fetchall()]


def stand_ins(staff_id: int | None, today: date) -> tuple[int, ...]:
    """Himself and whom he covers today: approvals have a deputy (design 4)."""
    if staff_id is None:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT absent_id FROM accounts_cover WHERE substitute_id = %s AND cancelled_at IS NULL"
            " AND %s BETWEEN starts_on AND ends_on",
            [staff_id, today],
        )
        return (staff_id, *(row[0] for row in cursor.fetchall()))


def deputies_of(staff_id: int, today: date) -> tuple[int, ...]:
    """Staff ids of those who cover somebody today."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT substitute_id FROM accounts_cover WHERE absent_id = %s AND cancelled_at IS NULL"
            " AND %s BETWEEN starts_on AND ends_on",
            [staff_id, today],
        )
        return tuple(row[0] for row in cursor.fetchall())


def waiting_steps(access: Access, today: date) -> list[StepRow]:
    """What was reported up to somebody or to whom he covers, the nearest deadline first."""
    mine = list(stand_ins(access.staff_id, today))
    where = "p.staff_id = ANY(%s) AND p.state IN ('waiting', 'accepted') AND e.state = 'open' ORDER BY p.due_at, p.id"
    return _steps(f"{where} LIMIT 200", [mine])


def open_escalations(access: Access, limit: int = 50) -> list[StepRow]:
    """What was reported up about customers in view and is not settled: its newest level, the nearest deadline first."""
    scope, params = access.scope.sql("c")
    newest = "NOT EXISTS (SELECT 1 FROM accounts_escalationstep q WHERE q.escalation_id = e.id AND q.level > p.level)"
    return _steps(f"{scope} AND e.state = 'open' AND {newest} ORDER BY p.due_at, p.id LIMIT %s", [*params, limit])


def escalation_steps(access: Access, escalation_id: int, today: date) -> list[StepRow]:
    """All levels of one escalation, for who sees the customer or has a level of it; nothing for anybody else."""
    scope, params = access.scope.sql("c")
    mine = list(stand_ins(access.staff_id, today))
    where = (
        f"e.id = %s AND ({scope} OR EXISTS (SELECT 1 FROM accounts_escalationstep q"
        " WHERE q.escalation_id = e.id AND q.staff_id = ANY(%s))) ORDER BY p.level"
    )
    return _steps(where, [escalation_id, *params, mine])


def steps_from(origin_table: str, origin_id: int) -> list[StepRow]:
    """Every level of what was reported up from one row that the caller has reached, the newest escalation first."""
    where = "e.origin_table = %s AND e.origin_id = %s ORDER BY e.id DESC, p.level LIMIT 50"
    return _steps(where, [origin_table, origin_id])

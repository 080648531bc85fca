"""The inbox of alerts: who may leave, why, by when somebody acts, what was done and what came of it (RET-3…6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import orjson
from django.db import connection

from accounts.choices import AlertLevel, SignalKind
from accounts.queries import names
from accounts.queries.names import TierView
from crm.core.abilities import Access
from crm.core.scope import Scope
from retention.choices import AlertOutcome, AlertState, AlertTrigger
from retention.queries.saving import SEES

LIMIT = 50
LEVELS = (AlertLevel.RED.value, AlertLevel.ORANGE.value, AlertLevel.YELLOW.value)
"""The loudest first."""


@dataclass(frozen=True, slots=True)
class AlertRow:
    """An alert as lists show it."""

    id: int
    customer_id: int
    customer: str
    tier_id: int | None
    unit_id: int
    manager_id: int | None
    value: Any
    trigger: str
    level: str
    state: str
    points: int
    probability: float
    reasons: Sequence[Any]
    signal_kind: str | None
    signal_text: str | None
    opened_at: datetime
    due_at: datetime
    first_action_at: datetime | None
    snoozed_until: date | None
    is_on_old_data: bool
    outcome: str
    outcome_reason: str
    closed_at: datetime | None
    step_note: str | None
    step_state: str | None
    step_at: datetime | None
    step_by: str | None
    case_state: str | None
    offers_waiting: int
    rank: int

    @property
    def is_open(self) -> bool:
        """Whether it is still worked on."""
        return self.closed_at is None

    @property
    def is_acted_on(self) -> bool:
        """RET-4: whether anything was done about it."""
        return self.first_action_at is not None

    @property
    def is_only_a_sign(self) -> bool:
        """He said or showed it himself, and the score knew nothing of it: points beside it would mislead."""
        return bool(self.signal_kind) and self.points <= 0

    @property
    def tier(self) -> TierView | None:
        """The customer's tier today."""
        return names.tier(self.tier_id)

    @property
    def manager(self) -> str:
        """Whose customer he is today."""
        return names.staff_name(self.manager_id)

    @property
    def level_label(self) -> str:
        """How loud it is, in words."""
        return str(AlertLevel(self.level).label)

    @property
    def state_label(self) -> str:
        """How far it has come, in words."""
        return str(AlertState(self.state).label)

    @property
    def outcome_label(self) -> str:
        """What came of it, in words."""
        return str(AlertOutcome(self.outcome).label) if self.outcome else ""

    @property
    def trigger_label(self) -> str:
        """What opened it: the very signal when there was one."""
        return str(SignalKind(self.signal_kind).label) if self.signal_kind else str(AlertTrigger(self.trigger).label)


_RANK = "array_position(ARRAY['red', 'orange', 'yellow'], a.level::text)"
_ROWS = f"""
SELECT a.id, c.id, c.name, c.tier_id, c.unit_id, c.manager_id, c.monthly_spend, a.trigger, a.level, a.state, a.points,
  a.probability, a.reasons::text, g.kind, g.text, a.opened_at, a.due_at, a.first_action_at, a.snoozed_until,
  a.is_on_old_data, a.outcome, a.outcome_reason, a.closed_at, st.note, st.to_state, st.at, su.name, k.state,
  (SELECT count(*) FROM retention_saveoffer o WHERE o.case_id = k.id AND o.state = 'waiting'), {_RANK}
FROM retention_alert a JOIN accounts_customer c ON c.id = a.customer_id
LEFT JOIN accounts_signal g ON g.id = a.signal_id LEFT JOIN retention_savecase k ON k.alert_id = a.id
LEFT JOIN LATERAL (SELECT s.note, s.to_state, s.at, s.by_id FROM retention_alertstep s WHERE s.alert_id = a.id
  ORDER BY s.id DESC LIMIT 1) st ON TRUE
LEFT JOIN core_user su ON su.id = st.by_id
WHERE {{where}}
"""
_REASONS = 12
_NAMED = {
    "level": "a.level = %s",
    "trigger": "a.trigger = %s",
    "state": "a.state = %s",
    "outcome": "a.outcome = %s",
    "unit_ids": "c.unit_id = ANY(%s)",
    "manager_id": "c.manager_id IS NOT DISTINCT FROM %s",
    "customer_id": "c.id = %s",
    "first": "a.opened_at >= %s",
    "before": "a.opened_at < %s",
    "late_at": "a.first_action_at IS NULL AND a.closed_at IS NULL AND a.due_at < %s",
    "snoozed_on": "a.snoozed_until > %s",
    "awake_on": "(a.snoozed_until IS NULL OR a.snoozed_until <= %s)",
}
_FLAGS = {
    "open": "a.closed_at IS NULL",
    "closed": "a.closed_at IS NOT NULL",
    "unseen": "a.state = 'open'",
    "saving": "k.closed_at IS NULL AND k.id IS NOT NULL",
    "waiting": "EXISTS (SELECT 1 FROM retention_saveoffer o WHERE o.case_id = k.id AND o.state = 'waiting')",
}


def _conditions(scope: Scope, filters: Mapping[str, Any], search: str) -> tuple[list[str], list[Any]]:
    where, params = scope.sql("c")
    parts = [where]
    for name, value in filters.items():
        if name in _FLAGS:
            parts.append(_FLAGS[name])
        else:
            parts.append(_NAMED[name])
            params = [*params, value]
    if search:
        escaped = search.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
        parts.append("(c.name ILIKE %s OR c.number = %s)")
        params = [*params, f"%{escaped}%", search.upper()]
    return parts, params


def alerts(
    access: Access, filters: Mapping[str, Any], *, search: str = "", after: tuple[int, datetime, int] | None = None,
    limit: int = LIMIT,
) -> list[AlertRow]:  # fmt: skip
    """Grouped by level, what is due first on top; closed ones the latest first. At most one more than are shown."""
    parts, params = _conditions(access.scope_for(SEES), filters, search)
    is_open = "open" in filters
    if after is not None:
        rank, moment, alert_id = after
        if is_open:
            parts.append(f"({_RANK}, a.due_at, a.id) > (%s, %s, %s)")
            params = [*params, rank, moment, alert_id]
        else:
            parts.append("(a.opened_at, a.id) < (%s, %s)")
            params = [*params, moment, alert_id]
    order = f"{_RANK}, a.due_at, a.id" if is_open else "a.opened_at DESC, a.id DESC"
    return _read(f"{_ROWS.format(where=' AND '.join(parts))} ORDER BY {order} LIMIT %s", [*params, limit + 1])


def alert_row(scope: Scope, alert_id: int) -> AlertRow | None:
    """One alert in sight."""
    where, params = scope.sql("c")
    rows = _read(_ROWS.format(where=f"a.id = %s AND {where}"), [alert_id, *params])
    return rows[0] if rows else None


def open_alert_of(scope: Scope, customer_id: int) -> int | None:
    """The open alert of a customer in sight."""
    where, params = scope.sql("c")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.id FROM retention_alert a JOIN accounts_customer c ON c.id = a.customer_id"
            f" WHERE a.customer_id = %s AND a.closed_at IS NULL AND {where}",
            [customer_id, *params],
        )
        row = cursor.fetchone()
    return int(row[0]) if row else None


@dataclass(frozen=True, slots=True)
class Counts:
    """The open alerts in sight: by level, late, unseen, with a save case, with an offer that waits."""

    by_level: Mapping[str, int]
    late: int
    unseen: int
    saving: int
    waiting: int

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.by_level.values())


def open_counts(scope: Scope, filters: Mapping[str, Any], now: datetime) -> Counts:
    """Numbers over the inbox, each the filter of the same name."""
    parts, params = _conditions(scope, {"open": True, **filters}, "")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT a.level, count(*), count(*) FILTER (WHERE a.first_action_at IS NULL AND a.due_at < %s),"
            f" count(*) FILTER (WHERE {_FLAGS['unseen']}), count(*) FILTER (WHERE {_FLAGS['saving']}),"
            f" count(*) FILTER (WHERE {_FLAGS['waiting']})"
            " FROM retention_alert a JOIN accounts_customer c ON c.id = a.customer_id"
            f" LEFT JOIN retention_savecase k ON k.alert_id = a.id WHERE {' AND '.join(parts)} GROUP BY 1",
            [now, *params],
        )
        rows = cursor.fetchall()
    found = {row[0]: int(row[1]) for row in rows}
    return Counts(found, *(sum(int(row[place]) for row in rows) for place in range(2, 6)))


def _read(sql: str, params: Sequence[Any]) -> list[AlertRow]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return [AlertRow(*_told(row)) for row in cursor.fetchall()]


def _told(row: Sequence[Any]) -> list[Any]:
    return [*row[:_REASONS], orjson.loads(row[_REASONS]), *row[_REASONS + 1 :]]

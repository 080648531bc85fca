"""RET-12: what the data say of a customer who may leave; each list short, with its newest day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from complaints.choices import CaseState
from complaints.queries.case_parts import is_english
from crm.core.scope import Scope
from retention.choices import AlertOutcome, AlertState

MONTHS, SHOWN = 12, 6


@dataclass(frozen=True, slots=True)
class Month:
    """A month of the customer as a whole; a null figure is one nobody told."""

    month: date
    revenue: Decimal | None
    voice_minutes: int | None
    data_mb: int | None
    messages: int | None


@dataclass(frozen=True, slots=True)
class Bill:
    """A bill of the customer."""

    month: date
    amount: Decimal
    paid: Decimal
    due_on: date
    paid_on: date | None

    def is_late(self, today: date) -> bool:
        """Unpaid and past due."""
        return self.paid_on is None and self.due_on < today


@dataclass(frozen=True, slots=True)
class Complaint:
    """A complaint of the customer."""

    id: int
    number: str
    state: str
    facts: str
    received_at: datetime

    @property
    def state_label(self) -> str:
        """How far it has come."""
        return str(CaseState(self.state).label)


@dataclass(frozen=True, slots=True)
class Contact:
    """A contact with the customer."""

    id: int
    on: date
    channel: str
    content: str
    by: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """A signed agreement and its last day."""

    number: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier alert of the customer."""

    id: int
    opened_at: datetime
    level: str
    state: str
    outcome: str

    @property
    def outcome_label(self) -> str:
        """What came of it."""
        return str(AlertOutcome(self.outcome).label) if self.outcome else str(AlertState(self.state).label)


@dataclass(frozen=True, slots=True)
class DataPack:
    """All of it."""

    months: Sequence[Month]
    bills: Sequence[Bill]
    complaints: Sequence[Complaint]
    contacts: Sequence[Contact]
    agreements: Sequence[Agreement]
    past: Sequence[Past]

    def agreement_ends(self, today: date) -> date | None:
        """The last day of what is in force."""
        ends = [one.ends_on for one in self.agreements if one.ends_on and one.starts_on <= today <= one.ends_on]
        return max(ends, default=None)


_MONTHS = """
SELECT u.month, u.revenue, u.voice_minutes, u.data_mb, u.messages FROM sales_usagemonth u
WHERE u.customer_id = %s AND u.product_id IS NULL ORDER BY u.month DESC LIMIT %s
"""
_BILLS = """
SELECT b.month, b.amount, b.paid_amount, b.due_on, b.paid_on FROM sales_bill b
WHERE b.customer_id = %s AND b.line_id IS NULL ORDER BY b.month DESC LIMIT %s
"""
_COMPLAINTS = """
SELECT q.id, q.number, q.state, left(q.facts, 120), q.received_at FROM complaints_case q
WHERE q.customer_id = %s AND q.kind = 'complaint' ORDER BY q.received_at DESC, q.id DESC LIMIT %s
"""
_CONTACTS = """
SELECT v.id, v.occurred_on, CASE WHEN %s THEN h.label_en ELSE h.label_zh END, left(v.content, 120), t.name
FROM visits_visit v JOIN visits_channel h ON h.id = v.channel_id JOIN accounts_staff f ON f.id = v.staff_id
JOIN core_user t ON t.id = f.user_id
WHERE v.customer_id = %s AND v.undone_at IS NULL ORDER BY v.occurred_at DESC, v.id DESC LIMIT %s
"""
_AGREEMENTS = """
SELECT g.number, g.starts_on, g.ends_on FROM sales_agreement g
WHERE g.customer_id = %s AND g.state = 'signed' ORDER BY g.starts_on DESC, g.id DESC LIMIT %s
"""
_PAST = """
SELECT a.id, a.opened_at, a.level, a.state, a.outcome FROM retention_alert a
WHERE a.customer_id = %s AND a.id <> %s ORDER BY a.opened_at DESC, a.id DESC LIMIT %s
"""


def data_pack(customer_id: int, alert_id: int) -> DataPack:
    """Usage, bills, complaints, contacts, agreements and earlier alerts of a customer already visible."""
    return DataPack(
        months=[Month(*row) for row in _rows(_MONTHS, [customer_id, MONTHS])][::-1],
        bills=[Bill(*row) for row in _rows(_BILLS, [customer_id, SHOWN])],
        complaints=[Complaint(*row) for row in _rows(_COMPLAINTS, [customer_id, SHOWN])],
        contacts=[Contact(*row) for row in _rows(_CONTACTS, [is_english(), customer_id, SHOWN])],
        agreements=[Agreement(*row) for row in _rows(_AGREEMENTS, [customer_id, SHOWN])],
        past=[Past(*row) for row in _rows(_PAST, [customer_id, alert_id, SHOWN])],
    )


@dataclass(frozen=True, slots=True)
class Similar:
    """What came of closed alerts like this one: the same signal, or the same first reason."""

    saved: int
    lost: int
    not_reached: int
    false_alarm: int

    @property
    def total(self) -> int:
        """All of them."""
        return self.saved + self.lost + self.not_reached + self.false_alarm


_SIMILAR = """
SELECT count(*) FILTER (WHERE x.outcome = 'saved'), count(*) FILTER (WHERE x.outcome = 'lost'),
  count(*) FILTER (WHERE x.outcome = 'not_reached'), count(*) FILTER (WHERE x.outcome = 'false_alarm')
FROM (SELECT a.outcome FROM retention_alert a JOIN accounts_customer c ON c.id = a.customer_id
  LEFT JOIN accounts_signal g ON g.id = a.signal_id
  WHERE a.closed_at >= %(since)s AND a.id <> %(alert)s AND {like} AND {where} ORDER BY a.closed_at DESC LIMIT 500) x
"""


def similar(scope: Scope, alert_id: int, *, signal_kind: str | None, reason: str, since: datetime) -> Similar | None:
    """RET-12: so many alerts like it, and what came of them; None without anything to compare by."""
    if not signal_kind and not reason:
        return None
    like = "g.kind = %(kind)s" if signal_kind else "a.reasons -> 0 ->> 0 = %(reason)s"
    where, named = _named(scope)
    facts: dict[str, Any] = {"since": since, "alert": alert_id, "kind": signal_kind, "reason": reason, **named}
    with connection.cursor() as cursor:
        cursor.execute(_SIMILAR.format(like=like, where=where), facts)
        return Similar(*cursor.fetchone())


def _named(scope: Scope) -> tuple[str, dict[str, Any]]:
    if scope.everything:
        return "TRUE", {}
    given = {"units": list(scope.unit_ids), "managers": list(scope.manager_ids)}
    return "(c.unit_id = ANY(%(units)s) OR c.manager_id = ANY(%(managers)s))", given


def _rows(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return list(cursor.fetchall())
